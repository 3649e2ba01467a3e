"""Previews as JSON, with a format version (docs/previews.md)."""

from __future__ import annotations

import json
from typing import Any

from modeler.errors import FormatError
from modeler.previews.preview import Preview
from modeler.schema.encoding import decode, encode

FORMAT = "modeler.preview"
VERSION = 2


def to_document(preview: Preview) -> dict[str, Any]:
    """Return a preview as what ``json`` can write."""
    return {"format": FORMAT, "version": VERSION, "preview": encode(preview)}


def to_json(preview: Preview) -> str:
    return json.dumps(to_document(preview), ensure_ascii=False, indent=1) + "\n"


def from_document(document: Any) -> Preview:
    """Read what ``to_document`` made.

    Raises:
        FormatError: it is no preview of a version that this modeler reads.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError("The stored result is no preview; store it again.")
    if document.get("version") != VERSION:
        raise FormatError("The stored preview was made by another modeler; store it again.")
    return decode(Preview, document.get("preview"))
