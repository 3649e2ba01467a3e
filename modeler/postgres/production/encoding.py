"""Figures as JSON, with a format version (docs/statistics.md)."""

from __future__ import annotations

import json
from typing import Any

from modeler.errors import FormatError
from modeler.schema.encoding import decode, encode

from .figures import Figures

FORMAT = "modeler.statistics"
VERSION = 1


def to_document(figures: Figures) -> dict[str, Any]:
    """Return figures as what ``json`` can write."""
    return {"format": FORMAT, "version": VERSION, "statistics": encode(figures)}


def to_json(figures: Figures) -> str:
    return json.dumps(to_document(figures), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str | bytes) -> Figures:
    """Read what ``to_json`` wrote.

    Raises:
        FormatError: it is not JSON, not an export of statistics, or of another version.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FormatError(f"This is not JSON: {error}.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(
            f'This JSON is no export of statistics: it lacks "format": "{FORMAT}". '
            "Write one with manage.py export_statistics."
        )
    version = document.get("version")
    if version != VERSION:
        raise FormatError(
            f"These statistics have format version {version!r}; this modeler reads {VERSION}. "
            "Export them again with this version."
        )
    return decode(Figures, document.get("statistics"))
