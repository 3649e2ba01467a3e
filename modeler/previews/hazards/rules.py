"""All rules of migrations: every module of the families below is loaded, so none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from modeler.previews import hazards
from modeler.previews.hazards.hazard import Hazard, HazardFinding
from modeler.previews.hazards.plan import Plan, Wait
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, in_order
from modeler.reporting.report import Report, run_rules
from modeler.reporting.rule import Rule, RuleRegistry

FAMILIES = (
    "tables", "columns", "constraints", "indexes", "transactions", "data", "graph", "environment",
)  # fmt: skip


@cache
def all_hazards() -> RuleRegistry:
    """Return the registry with every rule in it."""
    for family in pkgutil.iter_modules(hazards.__path__):
        if family.ispkg and family.name in FAMILIES:
            package = importlib.import_module(f"{hazards.__name__}.{family.name}")
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{package.__name__}.{module.name}")
    return HAZARDS


def pack_names() -> tuple[str, ...]:
    """Return the names of the packs of opt-in rules."""
    return tuple(
        sorted({rule.opt_in for rule in all_hazards() if isinstance(rule, Hazard) and rule.opt_in})
    )


def hazards_of(
    plan: Plan, title: str = "Pending migrations", packs: Collection[str] = ()
) -> Report:
    """Return what the rules find in a plan, gravest first.

    Args:
        plan: what will run.
        title: of the report.
        packs: names of packs of opt-in rules that are checked too.
    """
    context = Context({Need.PLAN: plan}, server_version=plan.server_version)
    rules = [
        rule
        for rule in all_hazards()
        if not isinstance(rule, Hazard) or not rule.opt_in or rule.opt_in in packs
    ]
    first = run_rules(title, [rule for rule in rules if not _is_last(rule)], context)
    explained = {
        wait
        for found in first.findings
        if isinstance(found, HazardFinding)
        for wait in found.waits
    }
    context = Context(
        {Need.PLAN: replace(plan, explained=frozenset(explained))},
        server_version=plan.server_version,
    )
    last = run_rules(title, filter(_is_last, rules), context)
    findings = [*_without_repeats(first.findings), *last.findings]
    return Report(
        title,
        in_order([found.plain() if isinstance(found, HazardFinding) else found
                  for found in findings]),
        skipped=(*first.skipped, *last.skipped),
    )  # fmt: skip


def _is_last(rule: Rule) -> bool:
    return isinstance(rule, Hazard) and rule.says_what_is_left


def _without_repeats(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out findings whose every wait a more special rule has spoken of (``instead_of``)."""
    findings = list(findings)
    replacing = {rule.code: rule.instead_of for rule in all_hazards() if isinstance(rule, Hazard)}
    better: dict[str, set[Wait]] = {}
    for found in findings:
        if isinstance(found, HazardFinding):
            for code in replacing.get(found.code, ()):
                better.setdefault(code, set()).update(found.waits)
    return [
        found
        for found in findings
        if not isinstance(found, HazardFinding)
        or not found.waits
        or not set(found.waits) <= better.get(found.code, set())
    ]
