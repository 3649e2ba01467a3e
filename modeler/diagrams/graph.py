"""What a picture shows: boxes with rows, and edges with crow's feet at both ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from modeler.diagrams.types import short_type
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


class ColumnMode(StrEnum):
    """Which columns a box shows."""

    ALL = "all"
    INDEXED = "indexed"  # keys, and what leads an index
    KEYS = "keys"
    NAMES = "names"  # none: the table's name alone


class JoinMode(StrEnum):
    """How the automatic join table of a many-to-many field is drawn."""

    BOX = "box"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Row:
    """A column in a box.

    Attributes:
        name: the column.
        type: the server's type in its short spelling (``varchar(64)``).
        primary, foreign, unique, null: what is marked beside it; ``unique`` means alone.
        indexed: it leads an index.
        generated: the database computes it.
    """

    name: str
    type: str
    primary: bool = False
    foreign: bool = False
    unique: bool = False
    null: bool = False
    indexed: bool = False
    generated: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A table.

    Attributes:
        key: the table's key.
        title: the name shown.
        app: label of its app, ``""`` for tables of the database alone.
        table: the database table, ``""`` for a swapped model.
        kind: see TableKind.
        rows: the columns shown.
        hidden: how many columns are not shown.
        label: the model's verbose name.
        generic: a generic foreign key may refer to any table.
        folded: how many tables the box stands for, 0 for a table itself.
    """

    key: str
    title: str
    app: str
    table: str
    kind: TableKind
    rows: tuple[Row, ...] = ()
    hidden: int = 0
    label: str = ""
    generic: bool = False
    folded: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation, a proxy's bond to its concrete model, or a generic relation's far side.

    Attributes:
        key: the relation's key, or ``key of the proxy`` + ``.proxy``.
        source, target: keys of boxes.
        kind: the relation's kind, ``proxy``, or ``through`` (a many-to-many field whose join table
            is in the picture as well), or ``bundle`` (all relations between two boxes of which
            one is a folded app).
        columns, target_columns: what it joins.
        at_source, at_target: how many rows stand at each end; None where that means nothing.
        enforced: the database holds it.
        on_delete: as declared.
        count: how many relations it stands for.
    """

    key: str
    source: str
    target: str
    kind: str
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    at_source: Cardinality | None = None
    at_target: Cardinality | None = None
    enforced: bool = True
    on_delete: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes by key, edges by source and key; an edge may lead to a box that is not here."""

    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    app_titles: tuple[tuple[str, str], ...] = ()


PROXY, THROUGH, BUNDLE = "proxy", "through", "bundle"
# A generic foreign key names no table: its rows do.
DRAWN_KINDS = frozenset(RelationKind) - {RelationKind.GENERIC}


def graph_of(
    schema: Schema,
    *,
    columns: ColumnMode = ColumnMode.ALL,
    joins: JoinMode = JoinMode.BOX,
    shown: Collection[str] | None = None,
    shortcuts: bool = False,
    always: Mapping[str, Collection[str]] | None = None,
    modes: Mapping[str, ColumnMode] | None = None,
) -> Graph:
    """Turn a schema into boxes and edges.

    Swapped models are left out: they have no table and nothing refers to them.

    Args:
        schema: all tables, so that what leads to a proxy that is not shown leads to its rows.
        columns: which columns a box shows.
        joins: how join tables are drawn that are among the shown ones.
        shown: keys of the tables to draw; all if not given.
        shortcuts: draw a many-to-many field also where its join table is a box.
        always: table → columns that its box shows in every mode.
        modes: table → the mode of its own.
    """
    tables = {
        table.key: table
        for table in schema.tables
        if table.kind is not TableKind.SWAPPED
        and (shown is None or table.key in shown)
        and not (joins is JoinMode.EDGE and table.kind is TableKind.JOIN)
    }
    concrete = {
        table.key: table.bases[0]
        for table in schema.tables
        if table.kind is TableKind.PROXY and table.bases and table.key not in tables
    }
    edges = [
        _to_rows(edge, concrete)
        for table in tables.values()
        for edge in _edges(table, tables, shortcuts)
    ]
    return Graph(
        tuple(
            _box(tables[key], (modes or {}).get(key, columns), (always or {}).get(key, ()))
            for key in sorted(tables)
        ),
        tuple(sorted(edges, key=lambda edge: (edge.source, edge.key))),
        tuple((app.label, app.title) for app in schema.apps),
    )


def _to_rows(edge: Edge, concrete: Mapping[str, str]) -> Edge:
    """Lead an edge to the model that has the rows, where its own target is a hidden proxy."""
    target = edge.target
    while target in concrete:
        target = concrete[target]
    return edge if target == edge.target else replace(edge, target=target)


def _box(table: Table, mode: ColumnMode, always: Collection[str] = ()) -> Box:
    foreign = {name for relation in table.relations for name in relation.columns}
    alone, leading = table.unique_alone, table.leading_indexes
    rows = tuple(
        Row(
            column.name,
            short_type(column.database_type),
            primary=column.name in table.primary_key,
            foreign=column.name in foreign,
            unique=column.name in alone,
            null=column.null,
            indexed=column.name in leading,
            generated=column.generated is not None,
        )
        for column in table.columns
        # Names alone are asked for of thousands of tables, to see how they hang together.
        if mode is not ColumnMode.NAMES or column.name in always
    )
    shown = tuple(row for row in rows if row.name in always or _is_shown(row, mode))
    return Box(
        key=table.key,
        title=table.name,
        app=table.app,
        table=table.location.table if table.location else "",
        kind=table.kind,
        rows=shown,
        hidden=len(table.columns) - len(shown),
        label=table.label,
        generic=any(relation.kind is RelationKind.GENERIC for relation in table.relations),
    )


def _is_shown(row: Row, mode: ColumnMode) -> bool:
    if mode is ColumnMode.ALL:
        return True
    if mode is ColumnMode.NAMES:
        return False
    if mode is ColumnMode.INDEXED and row.indexed:
        return True
    return row.primary or row.foreign or row.unique


def _edges(table: Table, tables: Collection[str], shortcuts: bool) -> list[Edge]:
    edges = []
    for relation in table.relations:
        if relation.kind not in DRAWN_KINDS or not relation.target:
            continue
        edge = _edge(relation)
        if relation.kind is RelationKind.MANY_TO_MANY and relation.through in tables:
            if not shortcuts:
                continue
            edge = replace(edge, kind=THROUGH)
        edges.append(edge)
    if table.kind is TableKind.PROXY and table.bases:
        edges.append(Edge(f"{table.key}.{PROXY}", table.key, table.bases[0], PROXY))
    return edges


def _edge(relation: Relation) -> Edge:
    return Edge(
        key=relation.key,
        source=relation.owner,
        target=relation.target,
        kind=str(relation.kind),
        columns=relation.columns,
        target_columns=relation.target_columns,
        at_source=relation.at_owner,
        at_target=relation.at_target,
        enforced=relation.enforced,
        on_delete=relation.on_delete,
    )
