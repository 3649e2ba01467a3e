"""The rules of migrations."""

from __future__ import annotations

from modeler.reporting.rule import RuleRegistry

HAZARDS = RuleRegistry("MP")
