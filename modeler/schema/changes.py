"""One difference between two schemas."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    ALTERED = "altered"


class Part(StrEnum):
    """What changed."""

    TABLE = "table"
    COLUMN = "column"
    RELATION = "relation"
    INDEX = "index"
    CONSTRAINT = "constraint"
    TRIGGER = "trigger"
    ENUM = "enum"
    DOMAIN = "domain"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Change:
    """A named change; equal by value.

    Attributes:
        kind: see ChangeKind.
        part: see Part.
        path: where, in the new schema's names unless it was removed: ``catalog.Product`` or
            ``catalog.Product.sku``.
        attribute: of an altered part, which of its attributes (``database_type``, of a domain also
            ``check`` and the name of one); else ``""``.
        before: the part itself when removed, its old name when renamed, the old value of the
            attribute when altered; None when added.
        after: the same on the new side.
    """

    kind: ChangeKind
    part: Part
    path: str
    attribute: str = ""
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        """Return one line: ``altered column catalog.Product.sku: null False -> True``."""
        line = f"{self.kind} {self.part} {self.path}"
        if self.kind is ChangeKind.RENAMED:
            return f"{line} (was {self.before})"
        if self.kind is ChangeKind.ALTERED:
            return f"{line}: {self.attribute} {_short(self.before)} -> {_short(self.after)}"
        return line


def _short(value: Any) -> str:
    from modeler.schema.constraint import Constraint
    from modeler.schema.expression import Expression
    from modeler.schema.sql_text import sql_text

    if isinstance(value, Expression):
        return sql_text(value)
    if isinstance(value, Constraint) and value.expression is not None:
        return sql_text(value.expression) + ("" if value.valid else " (not valid)")
    if value == ():
        return "none"
    if isinstance(value, tuple):
        parts = ("=".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value)
        return ", ".join(parts)
    return str(value) if isinstance(value, str) and value else repr(value)
