"""All rules of migrations: every module of the families below is loaded, so none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from functools import cache

from modeler.previews import hazards
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan
from modeler.previews.hazards.registry import HAZARDS
from modeler.reporting.context import Context, Need
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
    return run_rules(title, rules, context)
