"""A report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re

from modeler.reporting.formats.text import summary
from modeler.reporting.report import Report

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def to_markdown(report: Report) -> str:
    lines = [f"### {escape(report.title)}", "", escape(summary(report)).capitalize()]
    if report.findings:
        lines += ["", "| level | code | subject | finding | next step |", "|---|---|---|---|---|"]
    lines += [
        "| "
        + " | ".join(escape(text) for text in (f.level, f.code, f.subject, f.message, f.hint))
        + " |"
        for f in report.findings
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return the text so that Markdown shows it letter for letter, on one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
