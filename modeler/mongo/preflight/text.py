"""What a preflight says."""

from __future__ import annotations

import json
from collections.abc import Sequence

from modeler.reporting.finding import Finding
from modeler.schema.encoding import encode


def to_text(found: Sequence[Finding]) -> str:
    """Return a paragraph a finding, the gravest first."""
    if not found:
        return "Nothing found: documents can hold every row as it is.\n"
    lines = []
    for one in found:
        lines.append(f"{one.level.upper()} {one.code}  {one.message}")
        such_as = dict(one.evidence).get("such as")
        if such_as:
            lines.append(f"        such as {such_as}")
        lines += [f"        → {one.hint}", ""]
    return "\n".join(lines)


def to_json(found: Sequence[Finding]) -> str:
    """Return the same as JSON."""
    findings = [{**encode(one), "fingerprint": one.fingerprint} for one in found]
    document = {"format": "modeler.preflight", "version": 1, "findings": findings}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
