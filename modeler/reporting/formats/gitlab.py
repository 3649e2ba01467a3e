"""A report as GitLab's Code Quality JSON, which merge requests show beside the lines.

Source: GitLab documentation, Code Quality, "Code Quality report format".
"""

from __future__ import annotations

import json

from modeler.reporting.finding import Finding, Level
from modeler.reporting.report import Report

SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "major", Level.INFO: "info"}


def to_gitlab(report: Report) -> str:
    return json.dumps([_issue(finding) for finding in report.findings], indent=1) + "\n"


def _issue(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "description": " ".join(f"{finding.message} {finding.hint}".split()),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.level],
        # GitLab needs a path; a finding without a place belongs to what it speaks of.
        "location": {
            "path": place.file if place else finding.subject,
            "lines": {"begin": max(place.line, 1) if place else 1},
        },
    }
