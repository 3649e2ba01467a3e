"""The baseline file: findings that were there before modeler was, to be mended later."""

from __future__ import annotations

import json
from collections.abc import Iterable

from modeler.errors import FormatError
from modeler.reporting.finding import Finding
from modeler.reporting.waiver import Waiver

FORMAT = "modeler.baseline"
VERSION = 1


def write_baseline(findings: Iterable[Finding]) -> str:
    """Return the text of a baseline that covers these findings; stable bytes, sorted."""
    rows = {
        finding.fingerprint: {"code": finding.code, "subject": finding.subject}
        for finding in findings
    }
    document = {"format": FORMAT, "version": VERSION, "findings": rows}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_baseline(text: str) -> tuple[Waiver, ...]:
    """Read a baseline file as waivers.

    Raises:
        FormatError: it is not a baseline of a version that this modeler reads.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FormatError(f"The baseline is not JSON: {error}.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(f'The baseline lacks "format": "{FORMAT}"; write it anew.')
    if document.get("version") != VERSION:
        raise FormatError(
            f"The baseline has version {document.get('version')!r}, "
            f"this modeler reads {VERSION}; write it anew."
        )
    rows = document.get("findings")
    if not isinstance(rows, dict) or not all(
        isinstance(row, dict) and isinstance(row.get("code"), str) for row in rows.values()
    ):
        raise FormatError("The baseline's findings are not a table of codes; write it anew.")
    return tuple(
        Waiver(row["code"], "in the baseline", fingerprint=fingerprint)
        for fingerprint, row in sorted(rows.items())
    )
