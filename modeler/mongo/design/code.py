"""A design as Python: collections that a project can keep, review and change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from modeler.mongo.aggregate import Aggregate, Computed, DeclaredIndex, Measure, Part, PartKind

WIDTH = 88
CLASSES = (Aggregate, Computed, DeclaredIndex, Measure, Part, PartKind)
HEAD = '''"""Collections of MongoDB, as designed; see docs/collections.md of modeler."""

from __future__ import annotations

'''


def to_code(aggregates: Iterable[Aggregate]) -> str:
    """Return a module that declares these collections, for ``MODELER["COLLECTIONS"]``."""
    aggregates = tuple(aggregates)
    used = sorted(_used(aggregates), key=lambda one: one.__name__)
    imported = ", ".join(one.__name__ for one in used)
    line = f"from modeler.mongo.aggregate import {imported}"
    if len(line) > WIDTH:
        names = "".join(f"    {one.__name__},\n" for one in used)
        line = f"from modeler.mongo.aggregate import (\n{names})"
    body = "".join(f"    {_written(one, 4)},\n" for one in aggregates)
    return (
        f"{HEAD}{line}\n\nCOLLECTIONS = (\n{body})\n"
        if aggregates
        else f"{HEAD}COLLECTIONS = ()\n"
    )


def _used(value: Any) -> set[type]:
    if isinstance(value, tuple):
        return {kind for part in value for kind in _used(part)}
    if isinstance(value, Enum):
        return {type(value)}
    if is_dataclass(value) and not isinstance(value, type):
        inner = {kind for _, part in _given(value) for kind in _used(part)}
        return {type(value), *inner}
    return set()


def _written(value: Any, indent: int) -> str:
    """Return a value as code; over several lines where one is too long."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value) and not isinstance(value, type):
        start, end = f"{type(value).__name__}(", ")"
        parts = [
            _written(part, indent + 4) if plain else f"{name}={_written(part, indent + 4)}"
            for name, part, plain in _arguments(value)
        ]
    elif isinstance(value, tuple):
        start, end = "(", ")"
        parts = [_written(part, indent + 4) for part in value]
        if len(parts) == 1:
            one = f"({parts[0]},)"
            if len(one) + indent <= WIDTH and "\n" not in one:
                return one
    else:
        return repr(value) if not isinstance(value, str) else _text(value)
    line = f"{start}{', '.join(parts)}{end}"
    if len(line) + indent <= WIDTH and "\n" not in line:
        return line
    pad = " " * (indent + 4)
    body = "".join(f"{pad}{part},\n" for part in parts)
    return f"{start}\n{body}{' ' * indent}{end}"


def _arguments(value: Any) -> Iterable[tuple[str, Any, bool]]:
    """The arguments that differ from their defaults; those without one stand first, unnamed."""
    required = {one.name for one in fields(value) if _default(one) is MISSING}
    for name, part in _given(value):
        yield name, part, name in required


def _given(value: Any) -> list[tuple[str, Any]]:
    return [
        (one.name, part)
        for one in fields(value)
        if (part := getattr(value, one.name)) != _default(one)
    ]


def _default(one: Field[Any]) -> Any:
    return one.default


def _text(value: str) -> str:
    written = repr(value)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in value else written
