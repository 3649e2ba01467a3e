"""A report as JSON, with a format version (documented in docs/reports.md)."""

from __future__ import annotations

import json
from typing import Any

from modeler.reporting.finding import Finding, Level
from modeler.reporting.report import Report
from modeler.schema.encoding import encode

FORMAT = "modeler.report"
VERSION = 1


def to_json(report: Report) -> str:
    document = {
        "format": FORMAT,
        "version": VERSION,
        "title": report.title,
        "counts": {str(level): report.count(level) for level in Level},
        "findings": [_finding(finding) for finding in report.findings],
        "waived": [
            {**_finding(finding), "waiver": encode(waiver)} for finding, waiver in report.waived
        ],
        "skipped": [{"code": code, "reason": reason} for code, reason in report.skipped],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {**encode(finding), "fingerprint": finding.fingerprint}
