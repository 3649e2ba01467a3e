"""Collection specifications as calm text for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modeler.mongo.field import FieldSpec, HeldBy
from modeler.mongo.spec import CollectionSpec


def to_text(specs: Iterable[CollectionSpec]) -> str:
    """Return a paragraph a collection: its fields, indexes and what is not carried."""
    blocks = [_collection(spec) for spec in specs]
    return "\n\n".join(blocks) + "\n" if blocks else "No tables, so no collections.\n"


def _collection(spec: CollectionSpec) -> str:
    fields = [*spec.key, *(field for field in spec.fields if field.stored)]
    width = max((len(field.name) for field in fields), default=0)
    lines = [f"{spec.name}  (from {spec.table})"]
    lines += [f"  {field.name:<{width}}  {describe(field)}" for field in fields]
    lines += [f"  check {check.name}" for check in spec.checks]
    for index in spec.indexes:
        keys = ", ".join(f"{name} {kind}" for name, kind in index.keys)
        options = ", ".join(_option(name, value) for name, value in index.options)
        lines.append(f"  index ({keys}){' ' + options if options else ''}  from {index.source}")
    lines += [f"  {f.level}: {f.message} [{f.code}]" for f in spec.findings]
    return "\n".join(lines)


def describe(field: FieldSpec) -> str:
    """Return a field's rules in words, the application's own marked as such."""
    # Without types there is no rule, for null neither.
    types = [*field.types, *(["null"] if field.null else [])] if field.types else ["any"]
    parts = [" or ".join(types)]
    parts += [
        f"{rule.keyword} {_short(rule.value)}"
        + (" (held by Django alone)" if rule.held_by is HeldBy.APPLICATION else "")
        for rule in field.rules
        if not rule.keyword.startswith("exclusive")
    ]
    return ", ".join(parts)


def _option(name: str, value: Any) -> str:
    return name if value is True else f"{name} {_short(value)}"


def _short(value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        if name.startswith("$number"):
            return str(inner)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
