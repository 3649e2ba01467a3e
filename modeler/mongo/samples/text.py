"""Samples as text, from what was stored of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.mongo.mongosh import literal


def to_text(document: Mapping[str, Any]) -> str:
    """Return samples as people read them: each document as mongosh writes it.

    Args:
        document: as ``samples.to_document`` returns it.
    """
    blocks = [_collection(one) for one in document["collections"]]
    return "\n\n".join(blocks) + "\n" if blocks else "No tables, so no collections.\n"


def _collection(one: Mapping[str, Any]) -> str:
    lines = [f"{one['name']}  ({origin(one)})"]
    if one["masked"]:
        lines.append(f"  masked: {', '.join(one['masked'])}")
    lines += [f"  not met: {rule}" for rule in one["broken"]]
    lines += [literal(document) for document in one["documents"]]
    return "\n".join(lines)


def origin(one: Mapping[str, Any]) -> str:
    """Return where the samples of one collection come from, in words."""
    count = len(one["documents"])
    if one["origin"] == "rows":
        return f"{count} of its rows" if count != 1 else "one of its rows"
    return f"generated: {one['reason']}" if one["reason"] else "generated"
