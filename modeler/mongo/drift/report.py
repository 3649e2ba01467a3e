"""Drift as reports, its kinds kept apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from modeler.mongo.drift.collection import collection_drift
from modeler.mongo.drift.live import LiveCollection
from modeler.mongo.drift.rules import rule_differences
from modeler.mongo.drift.spec import left_over, spec_drift
from modeler.mongo.drift.target import Target
from modeler.mongo.state import Standing
from modeler.reporting.finding import Finding, Level, in_order
from modeler.reporting.formats.json import to_json as report_json
from modeler.reporting.formats.text import to_text as report_text
from modeler.reporting.report import Report

FORMAT = "modeler.drift"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Drift:
    """Two reports; documents against rows are the verification's of the sync.

    Attributes:
        live: the server's schema against what was applied.
        models: what was applied against what the models give today.
    """

    live: Report
    models: Report

    @property
    def fails(self) -> bool:
        """Whether something is to be done; what is only told does not count."""
        return self.live.fails(Level.WARNING) or self.models.fails(Level.WARNING)


def drift(
    targets: Iterable[Target],
    live: Mapping[str, LiveCollection],
    state: Mapping[str, Standing],
    *,
    whole: bool,
) -> Drift:
    """Compare what was applied with the server and with the models.

    A collection that was never applied is compared with the models' specification.

    Args:
        targets: what the models give today.
        live: what the server has, by name.
        state: what was noted by applies, by name.
        whole: the targets are all that the models give, so that others are left over.
    """
    today = tuple(targets)
    on_server: list[Finding] = []
    in_models: list[Finding] = []
    for target in today:
        standing = state.get(target.name, Standing())
        held = live.get(target.name)
        on_server += collection_drift(_baseline(standing.applied, target, held), held)
        if held is not None:
            in_models += spec_drift(standing.applied, target)
    if whole:
        applied = {name: known.applied for name, known in state.items() if known.applied}
        in_models += left_over(applied, [target.name for target in today])
    return Drift(
        Report("The server against what was applied", in_order(on_server)),
        Report("The models against what was applied", in_order(in_models)),
    )


def _baseline(applied: Target | None, today: Target, held: LiveCollection | None) -> Target:
    """What the server is compared with: what was applied.

    An apply that stopped at offenders has set today's validator, and only noted less.
    """
    if applied is None:
        return today
    if held is not None and not rule_differences(today.validator, held.validator):
        return replace(applied, validator=today.validator)
    return applied


def to_text(found: Drift) -> str:
    """Return both reports, one after the other."""
    return report_text(found.live) + "\n" + report_text(found.models)


def to_json(found: Drift, database: str) -> str:
    """Return both as JSON, each in the form of reports (docs/reports.md)."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "database": database,
        "live": json.loads(report_json(found.live)),
        "models": json.loads(report_json(found.models)),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def to_collections(found: Drift, names: Iterable[str]) -> dict[str, Any]:
    """Return the findings by collection, as pages show them.

    Args:
        found: both reports.
        names: of the collections that were compared.
    """
    by_name: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for part, report in (("live", found.live), ("models", found.models)):
        for finding in report.findings:
            # A subject is the collection, or a part of it after a dot; names may have dots too.
            fitting = [name for name in by_name if f"{finding.subject}.".startswith(f"{name}.")]
            if fitting:
                by_name[max(fitting, key=len)].append(
                    {
                        "part": part,
                        "code": finding.code,
                        "level": str(finding.level),
                        "message": finding.message,
                        "hint": finding.hint,
                    }
                )
    return {
        "collections": [{"name": name, "findings": findings} for name, findings in by_name.items()]
    }
