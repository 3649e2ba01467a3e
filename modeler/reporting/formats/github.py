"""A report as workflow commands of GitHub Actions, which become annotations.

Source: GitHub Docs, "Workflow commands for GitHub Actions": percent signs and line ends are
escaped in the message, colons and commas in properties as well.
"""

from __future__ import annotations

from modeler.reporting.finding import Finding, Level
from modeler.reporting.report import Report

COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}


def to_github(report: Report) -> str:
    return "".join(f"{_command(finding)}\n" for finding in report.findings)


def _command(finding: Finding) -> str:
    properties = {"title": f"{finding.code} {finding.subject}"}
    if finding.place:
        properties["file"] = finding.place.file
        if finding.place.line:
            properties["line"] = str(finding.place.line)
    text = finding.message if not finding.hint else f"{finding.message}\n{finding.hint}"
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{COMMANDS[finding.level]} {joined}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
