"""A live schema for the comparison with another live one: nothing is forgiven, nothing said twice.

Two catalogs of one major version print what is the same in the same way, so names, casts,
defaults and bodies are compared as they stand. What one part says is taken from the others: the
index behind a constraint, the relation of a foreign key, NOT NULL as a constraint (PostgreSQL 18).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.column import Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Expression
from modeler.schema.index import Index
from modeler.schema.location import Location
from modeler.schema.schema import OriginKind, Schema
from modeler.schema.sequence import Sequence
from modeler.schema.table import Table

# Django's own record of what is applied: no migration makes it, and its key has the type that was
# the default when the database was first migrated.
RECORD = "django_migrations"
# Expressions name the columns of these constraints; a changed rule is one change.
OF_EXPRESSION = {ConstraintKind.CHECK, ConstraintKind.EXCLUSION}
EXPRESSIONS = get_args(Expression)


def catalog_views(old: Schema, new: Schema) -> tuple[Schema, Schema]:
    """Return both live schemas as they are compared.

    Expressions of tables that one side could not read (another transaction had locked them) are
    left out on both sides, so that nobody takes them for drift; ``Schema.missing`` names them.
    """
    expected = OriginKind.EXPECTED in {
        schema.origin.kind for schema in (old, new) if schema.origin is not None
    }
    unread = {table.location for side in (old, new) for table in side.tables if table.unread}

    def view(schema: Schema) -> Schema:
        tables = (_table(table) for table in schema.tables)
        return replace(
            schema,
            tables=tuple(
                _without_expressions(table) if table.location in unread else table
                for table in tables
                if not (expected and table.name == RECORD)
            ),
            sequences=tuple(
                sequence
                for sequence in schema.sequences
                if not (expected and sequence.owner and sequence.owner.table == RECORD)
            ),
        )

    return view(old), view(new)


def _table(table: Table) -> Table:
    return replace(
        table,
        primary_key=(),
        columns=tuple(map(_column, table.columns)),
        relations=(),
        indexes=tuple(map(_index, table.indexes)),
        constraints=tuple(_constraint(each) for each in table.constraints if not _plain(each)),
        unread=(),
    )


def _column(column: Column) -> Column:
    return replace(column, element=None, sensitive=False)


def _plain(constraint: Constraint) -> bool:
    """Tell whether the column says all that a NOT NULL constraint does.

    Its name does not count: servers before 18 have none, and an upgrade makes new ones.
    """
    return constraint.kind is ConstraintKind.NOT_NULL and (
        constraint.valid and constraint.enforced and not constraint.comment
    )


def _constraint(constraint: Constraint) -> Constraint:
    if constraint.kind is ConstraintKind.NOT_NULL:
        return replace(constraint, name="")
    if constraint.kind in OF_EXPRESSION:
        return replace(constraint, columns=())
    return constraint


def _index(index: Index) -> Index:
    if index.source != "constraint":
        return index
    own = tuple(replace(part, column="", expression=None, operator="") for part in index.parts)
    plain = all(part == replace(part, operator_class="", collation="") for part in own)
    return Index(
        name=index.name,
        parts=() if plain else own,
        source=index.source,
        valid=index.valid,
        options=index.options,
        comment=index.comment,
    )


def _without_expressions(value: Any) -> Any:
    if isinstance(value, (*EXPRESSIONS, Generated)):
        return None
    if isinstance(value, tuple):
        return tuple(_without_expressions(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {f.name: _without_expressions(getattr(value, f.name)) for f in fields(value)}
    # What is printed by the server together with them.
    changed |= {name: "" for name in ("definition", "identity") if name in changed}
    return replace(value, **changed)


def without_echoes(changes: Iterable[Change]) -> list[Change]:
    """Return the changes without those that another one brings with it.

    A constraint goes with its index, a sequence with its column, a serial column that loses its
    default is none any more, and what refers to a renamed table or column has its new name.
    """
    found = tuple(changes)
    echoes = _Echoes(found)
    return [change for change in found if not echoes.has(change)]


class _Echoes:
    def __init__(self, changes: tuple[Change, ...]) -> None:
        # Paths of what came, went or was renamed, under both names.
        self.whole = {
            (change.part, path)
            for change in changes
            if change.kind is not ChangeKind.ALTERED
            for path in (change.path, _old_path(change))
        }
        self.altered = {(change.part, change.path, change.attribute) for change in changes}
        self.renamed = {
            (change.part, change.before, change.after)
            for change in changes
            if change.kind is ChangeKind.RENAMED
        }

    def has(self, change: Change) -> bool:
        before, after = change.before, change.after
        match change.part, change.attribute:
            case Part.INDEX, "":
                return (Part.CONSTRAINT, change.path) in self.whole
            case Part.COLUMN, "identity":
                return "serial" in {before, after} and (
                    (Part.COLUMN, change.path, "database_default") in self.altered
                )
            case Part.SEQUENCE, "":
                return any(self.moved(side.owner, side.column) for side in _owned(change))
            case (Part.TABLE, "location") | (Part.CONSTRAINT, "target") | (Part.SEQUENCE, "owner"):
                return self.same_table(before, after)
            case Part.TABLE, "partition":
                return (
                    before is not None
                    and after is not None
                    and before.bound == after.bound
                    and self.same_table(before.parent, after.parent)
                )
            case Part.CONSTRAINT, "target_columns":
                return len(before) == len(after) and all(map(self.same_column, before, after))
            case Part.SEQUENCE, "column":
                return self.same_column(before, after)
        return False

    def moved(self, owner: Location | None, column: str) -> bool:
        """Tell whether the column of a sequence came, went, or became one with a sequence."""
        path = f"{owner}.{column}"
        return (
            (Part.TABLE, str(owner)) in self.whole
            or (Part.COLUMN, path) in self.whole
            or (Part.COLUMN, path, "identity") in self.altered
        )

    def same_table(self, before: Location | None, after: Location | None) -> bool:
        return (Part.TABLE, str(before), str(after)) in self.renamed

    def same_column(self, before: str, after: str) -> bool:
        return before == after or (Part.COLUMN, before, after) in self.renamed


def _old_path(change: Change) -> str:
    if change.kind is not ChangeKind.RENAMED:
        return change.path
    if change.part is Part.TABLE:
        return change.before
    return f"{change.path.removesuffix(change.after)}{change.before}"


def _owned(change: Change) -> list[Sequence]:
    sides = (change.before, change.after)
    return [side for side in sides if isinstance(side, Sequence) and side.owner is not None]
