"""A report as SARIF 2.1.0, which code hosts show beside the lines.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import json
from typing import Any

from modeler.reporting.finding import Finding, Level
from modeler.reporting.report import Report

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}


def to_sarif(report: Report) -> str:
    rules = sorted({(finding.code, finding.docs) for finding in report.findings})
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "modeler",
                        "rules": [{"id": code, "name": slug or code} for code, slug in rules],
                    }
                },
                "results": [_result(finding) for finding in report.findings],
            }
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    text = finding.message if not finding.hint else f"{finding.message} {finding.hint}"
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.subject}]}
    if finding.place:
        physical: dict[str, Any] = {"artifactLocation": {"uri": finding.place.file}}
        if finding.place.line:
            physical["region"] = {"startLine": finding.place.line}
        location["physicalLocation"] = physical
    return {
        "ruleId": finding.code,
        "level": LEVELS[finding.level],
        "message": {"text": text},
        "locations": [location],
        "partialFingerprints": {"modeler/v1": finding.fingerprint},
    }
