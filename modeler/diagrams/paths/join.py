"""A way between two tables as SQL."""

from __future__ import annotations

from collections.abc import Sequence

from modeler.diagrams.paths.search import Path, Step
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.sql_text import quoted_name, quoted_table
from modeler.schema.table import Table


def sql_join(schema: Schema, path: Path) -> str:
    """Return ``SELECT … FROM … JOIN …``: the keys of both ends, in PostgreSQL's words.

    A step that may find nothing is a LEFT JOIN, as Django's ``values()`` would write it, so that
    no row of the first table is lost.

    Returns:
        ``""`` where a step cannot be written: a generic relation (its rows are told apart by a
        content type's number), or columns that are not known.
    """
    tables = {table.key: table for table in schema.tables}
    names = _Names()
    start = _rows(tables[path.start], tables)
    first = here = names.of(start)
    lines: list[str] = []
    left = False
    at = start
    for step in path.steps:
        joins = _joins(step, tables)
        if joins is None:
            return ""
        left = left or _may_miss(step)
        for target, own, far in joins:
            there = names.of(target)
            on = " AND ".join(
                f"{there}.{quoted_name(b)} = {here}.{quoted_name(a)}"
                for a, b in zip(own, far, strict=True)
            )
            assert target.location is not None  # swapped models are on no way
            name = quoted_table(target.location)
            alias = "" if there == name else f" AS {there}"
            lines.append(f"{'LEFT ' * left}JOIN {name}{alias} ON {on}")
            here, at = there, target
    columns = ", ".join(
        f"{alias}.{quoted_name(column)}"
        for alias, table in ((first, start), (here, at))
        for column in table.primary_key
    )
    assert start.location is not None
    name = quoted_table(start.location)
    alias = "" if first == name else f" AS {first}"
    return "\n".join([f"SELECT {columns or '*'}", f"FROM {name}{alias}", *lines]) + ";"


_Join = tuple[Table, tuple[str, ...], tuple[str, ...]]


def _joins(step: Step, tables: dict[str, Table]) -> Sequence[_Join] | None:
    """Return table, columns on the side before it, and its own columns, for each join."""
    relation = step.relation
    owner, target = tables[relation.owner], tables[relation.target]
    if relation.kind is RelationKind.MANY_TO_MANY:
        return _through(step, tables)
    if relation.kind is RelationKind.GENERIC_REVERSE or not relation.columns:
        return None
    if step.forward:
        return [(_rows(target, tables), relation.columns, relation.target_columns)]
    return [(owner, relation.target_columns, relation.columns)]


def _through(step: Step, tables: dict[str, Table]) -> Sequence[_Join] | None:
    relation = step.relation
    through = tables.get(relation.through)
    if through is None or len(relation.through_fields) != 2:
        return None
    keys = {each.field: each for each in through.relations}
    near, far = (keys.get(name) for name in relation.through_fields)
    if near is None or far is None:
        return None
    ends: tuple[tuple[Relation, str], tuple[Relation, str]] = (
        (near, relation.owner),
        (far, relation.target),
    )
    (enter, _), (leave, to) = ends if step.forward else ends[::-1]
    return [
        (through, enter.target_columns, enter.columns),
        (_rows(tables[to], tables), leave.columns, leave.target_columns),
    ]


def _rows(table: Table, tables: dict[str, Table]) -> Table:
    """Return the table that has the rows of a proxy."""
    while not table.columns and table.bases and table.bases[0] in tables:
        table = tables[table.bases[0]]
    return table


def _may_miss(step: Step) -> bool:
    relation = step.relation
    end = relation.at_target if step.forward else relation.at_owner
    return end in {Cardinality.ZERO_OR_ONE, Cardinality.ZERO_OR_MORE}


class _Names:
    """A name for every table in a query: its own the first time, then with a number."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}

    def of(self, table: Table) -> str:
        assert table.location is not None
        name = quoted_table(table.location)
        number = self.used[name] = self.used.get(name, 0) + 1
        if number == 1:
            return name
        return quoted_name(f"{table.location.table}_{number}")
