"""All rules of migrations: every module of the families below is loaded, so none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from modeler.previews import hazards
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


def hazards_of(plan: Plan, title: str = "Pending migrations") -> Report:
    """Return what the rules find in a plan, gravest first."""
    context = Context({Need.PLAN: plan}, server_version=plan.server_version)
    return run_rules(title, all_hazards(), context)
