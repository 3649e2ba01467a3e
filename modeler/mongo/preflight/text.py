"""What a preflight says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from textwrap import fill

from modeler.reporting.finding import Finding, Level
from modeler.reporting.words import plural
from modeler.schema.encoding import encode

WIDTH = 99
INDENT = " " * 8


def to_text(found: Sequence[Finding]) -> str:
    """Return a paragraph a finding, the gravest first; of mere facts one a code."""
    if not found:
        return "Nothing found: documents can hold every row as it is.\n"
    lines: list[str] = []
    for (level, _), each in groupby(found, lambda one: (one.level, one.code)):
        group = list(each)
        lines += _facts(group) if level is Level.INFO and len(group) > 1 else _findings(group)
    return "\n".join(lines)


def _findings(group: Iterable[Finding]) -> list[str]:
    lines = []
    for one in group:
        lines.append(f"{one.level.upper()} {one.code}  {one.message}")
        such_as = dict(one.evidence).get("such as")
        if such_as:
            lines.append(f"{INDENT}such as {such_as}")
        lines += [f"{INDENT}→ {one.hint}", ""]
    return lines


def _facts(group: Sequence[Finding]) -> list[str]:
    first = group[0]
    said = first.message.removeprefix(f"{first.subject}: ").rpartition(": ")[0]
    names = ", ".join(one.subject for one in group)
    return [
        f"INFO {first.code}  {plural(len(group), 'column')} with {said}:",
        fill(names, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT),
        f"{INDENT}→ {first.hint}",
        "",
    ]


def to_json(found: Sequence[Finding]) -> str:
    """Return the same as JSON."""
    findings = [{**encode(one), "fingerprint": one.fingerprint} for one in found]
    document = {"format": "modeler.preflight", "version": 1, "findings": findings}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
