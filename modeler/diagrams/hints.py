"""What looks odd in a table as it is declared: hints, not findings with a proof."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.schema.constraint import ConstraintKind
from modeler.schema.relation import RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

OWN_ROWS = frozenset({TableKind.MODEL, TableKind.CHILD, TableKind.TABLE, TableKind.UNMANAGED})
ENDING = "_id"


@dataclass(frozen=True, slots=True)
class Hint:
    """One oddity.

    Attributes:
        table: its key.
        column: the column it is about, ``""`` for the table.
        sentence: what is odd, and what that may mean.
    """

    table: str
    column: str
    sentence: str


def hints_of(schema: Schema, key: str) -> tuple[Hint, ...]:
    """Return what looks odd in a table, ordered by column.

    A column that is named like a reference and is none; a foreign key that no index leads, so that
    deleting what it refers to reads the whole table; a relation that the database does not
    enforce; a table without a primary key, or without any relation.

    Raises:
        UnknownName: there is no such table.
    """
    table = schema.table(key)
    if table.kind not in OWN_ROWS:
        return ()
    found = [*_of_columns(table, schema), *_of_table(table, schema)]
    return tuple(sorted(found, key=lambda hint: (hint.column == "", hint.column)))


def _of_columns(table: Table, schema: Schema) -> list[Hint]:
    related = {name for relation in table.relations for name in relation.columns}
    named = _by_singular_name(schema)
    found = []
    for column in table.columns:
        if column.name in related or not column.name.endswith(ENDING):
            continue
        likely = [
            other
            for other in named.get(column.name.removesuffix(ENDING).casefold(), ())
            if other.key != table.key and _key_type(other) == column.database_type
        ]
        if len(likely) == 1:
            found.append(
                Hint(
                    table.key, column.name,
                    _("%(column)s looks like a reference to %(target)s, but no relation says so.")
                    % {"column": column.name, "target": likely[0].key},
                )
            )  # fmt: skip
    leading = {index.parts[0].column for index in table.indexes if index.parts}
    leading |= {
        constraint.columns[0]
        for constraint in table.constraints
        if constraint.kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE}
        and constraint.columns
    }
    for relation in table.relations:
        if not relation.columns or relation.kind in {
            RelationKind.GENERIC, RelationKind.GENERIC_REVERSE,
        }:  # fmt: skip
            continue
        first = relation.columns[0]
        if relation.enforced and first not in leading:
            found.append(
                Hint(
                    table.key, first,
                    _("No index starts with %(column)s: deleting a row of %(target)s reads this "
                      "whole table.")
                    % {"column": first, "target": relation.target},
                )
            )  # fmt: skip
        elif not relation.enforced and relation.kind is not RelationKind.JOIN:
            found.append(
                Hint(
                    table.key, first,
                    _("The database does not enforce %(field)s: its rows may refer to nothing.")
                    % {"field": relation.field},
                )
            )  # fmt: skip
    return found


def _of_table(table: Table, schema: Schema) -> list[Hint]:
    if table.kind is TableKind.UNMANAGED:
        return []
    found = []
    if not table.primary_key:
        found.append(Hint(table.key, "", _("There is no primary key: rows cannot be told apart.")))
    joined = any(
        relation.owner == table.key or relation.target == table.key
        for relation in schema.relations
    )
    if not joined and not any(table.key in other.bases for other in schema.tables):
        found.append(Hint(table.key, "", _("Nothing refers to it, and it refers to nothing.")))
    return found


def _by_singular_name(schema: Schema) -> dict[str, list[Table]]:
    found: dict[str, list[Table]] = defaultdict(list)
    for table in schema.tables:
        if table.kind in OWN_ROWS:
            found[table.name.casefold()].append(table)
    return found


def _key_type(table: Table) -> str:
    if len(table.primary_key) != 1:
        return ""
    return table.column(table.primary_key[0]).database_type
