"""A report as calm text for a terminal."""

from __future__ import annotations

from modeler.reporting.finding import Level
from modeler.reporting.report import Report


def summary(report: Report) -> str:
    """Return one sentence with the counts."""
    counts = [
        f"{count} {level}{'s' if count != 1 and level is not Level.INFO else ''}"
        for level in Level
        if (count := report.count(level))
    ]
    text = ", ".join(counts) if counts else "nothing found"
    if report.waived:
        text += f"; {len(report.waived)} waived"
    if report.skipped:
        rules = "rule" if len(report.skipped) == 1 else "rules"
        text += f"; {len(report.skipped)} {rules} not checked"
    return text + "."


def to_text(report: Report) -> str:
    lines = [f"{report.title}: {summary(report)}"]
    for finding in report.findings:
        lines += ["", f"{finding.level.upper():<8}{finding.code}  {finding.subject}"]
        lines.append(f"        {one_line(finding.message)}")
        if finding.place:
            lines.append(f"        at {finding.place.file}:{finding.place.line}")
        lines += [f"        {name}: {one_line(text)}" for name, text in finding.evidence]
        if finding.hint:
            lines.append(f"        → {one_line(finding.hint)}")
    if report.skipped:
        lines += ["", "Not checked:"]
        lines += [f"  {code}: {reason}" for code, reason in report.skipped]
    return "\n".join(lines) + "\n"


def one_line(text: str) -> str:
    """Return the text on one line; names may hold control characters that move a cursor."""
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
