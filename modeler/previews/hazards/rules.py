"""All rules of migrations: every module of the families below is loaded, so none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache

from modeler.previews import hazards
from modeler.previews.hazards.hazard import Hazard, HazardFinding
from modeler.previews.hazards.plan import Plan
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import Wait
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding
from modeler.reporting.report import Report, run_rules
from modeler.reporting.rule import RuleRegistry

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
    report = run_rules(title, rules, context)
    return replace(report, findings=tuple(said_once(report.findings)))


def said_once(findings: Iterable[Finding]) -> list[Finding]:
    """Leave out what another rule says better of the same waits, and return plain findings.

    A finding goes when each of its waits is accounted for: of a rule's that a more special one
    replaces (``instead_of``) by that one, of one of ``only_unexplained`` by any other.
    """
    rules = {rule.code: rule for rule in all_hazards() if isinstance(rule, Hazard)}
    spoken: dict[str, set[Wait]] = {}
    for found in findings:
        if isinstance(found, HazardFinding):
            spoken.setdefault(found.code, set()).update(found.waits)

    def accounted(found: HazardFinding) -> set[Wait]:
        rest = found.code in rules and rules[found.code].only_unexplained
        return {
            wait
            for code, waits in spoken.items()
            if code != found.code and (rest or found.code in rules[code].instead_of)
            for wait in waits
        }

    kept: list[Finding] = []
    for found in findings:
        if not isinstance(found, HazardFinding):
            kept.append(found)
        elif not found.waits or not set(found.waits) <= accounted(found):
            kept.append(found.plain())
    return kept
