"""A picture in words: everything that it shows, as apps, tables, relations and ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from modeler.diagrams.descriptions.columns import ColumnDescription, describe_columns
from modeler.diagrams.descriptions.relations import (
    cardinality_sentences,
    columns_text,
    delete_sentence,
    kind_text,
)
from modeler.diagrams.graph import PROXY, THROUGH, Box, Edge, graph_of
from modeler.diagrams.paths.join import sql_join
from modeler.diagrams.paths.lookup import lookup, no_lookup
from modeler.diagrams.paths.search import Path
from modeler.diagrams.selection.choose import Chosen
from modeler.diagrams.selection.kinds import hidden_kinds
from modeler.diagrams.selection.neighbours import drawn_edges
from modeler.diagrams.selection.query import to_query
from modeler.diagrams.selection.selection import Selection
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

MOST_DESCRIBED = 150  # tables; beyond, names alone


@dataclass(frozen=True, slots=True)
class TwinRelation:
    """An edge as one of its tables sees it.

    Attributes:
        key: the edge's key.
        field: the field that declares it, ``""`` for a proxy's bond.
        partner: key of the table at the other end.
        outgoing: declared here.
        kind, sentences, columns, on_delete: in words.
        enforced: the database holds it.
    """

    key: str
    field: str
    partner: str
    outgoing: bool
    kind: str
    sentences: tuple[str, ...] = ()
    columns: str = ""
    on_delete: str = ""
    enforced: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """A neighbour that is not shown, and the query of the selection that shows it as well."""

    table: str
    along: str
    query: str


@dataclass(frozen=True, slots=True)
class TwinTable:
    """A box in words.

    Attributes:
        box: what the picture shows.
        table: the table itself.
        columns: those that the box shows.
        relations: the edges at the box, outgoing ones first.
        missing: neighbours that are not shown.
        hub: number of its neighbours, where the focus stopped here, else 0.
    """

    box: Box
    table: Table
    columns: tuple[ColumnDescription, ...] = ()
    relations: tuple[TwinRelation, ...] = ()
    missing: tuple[Missing, ...] = ()
    hub: int = 0


@dataclass(frozen=True, slots=True)
class TwinApp:
    """A frame in words; ``query`` is that of the selection of this app alone."""

    label: str
    title: str
    tables: tuple[TwinTable, ...]
    query: str


@dataclass(frozen=True, slots=True)
class TwinPath:
    """A way between two tables with its lookup, or why it has none, and the SQL.

    ``id`` names it among the ways of the page.
    """

    id: str
    tables: tuple[str, ...]
    steps: tuple[str, ...]
    lookup: str
    no_lookup: str
    sql: str


@dataclass(frozen=True, slots=True)
class Twin:
    """The whole picture; ``brief`` where there are too many tables for more than names."""

    apps: tuple[TwinApp, ...]
    paths: tuple[TwinPath, ...] = ()
    brief: bool = False


def twin_of(schema: Schema, selection: Selection, chosen: Chosen) -> Twin:
    """Return a picture in words.

    Args:
        schema: all there is.
        selection: what was asked for.
        chosen: what that came to.
    """
    graph = graph_of(schema, columns=selection.columns, shown=chosen.tables, shortcuts=True)
    brief = len(graph.boxes) > MOST_DESCRIBED
    tables = {table.key: table for table in schema.tables}
    words = _Words(schema, tables)
    inside = {box.key for box in graph.boxes}
    edges: defaultdict[str, list[TwinRelation]] = defaultdict(list)
    missing: Mapping[str, tuple[Missing, ...]] = {}
    if not brief:
        for edge in graph.edges:
            if edge.source in inside and edge.target in inside:
                edges[edge.source].append(words.edge(edge, outgoing=True))
                if edge.source != edge.target:
                    edges[edge.target].append(words.edge(edge, outgoing=False))
        missing = _missing(schema, selection, inside)
    by_app: defaultdict[str, list[TwinTable]] = defaultdict(list)
    for box in graph.boxes:
        by_app[box.app].append(
            TwinTable(
                box,
                tables[box.key],
                () if brief else _columns(tables[box.key], box),
                tuple(sorted(edges[box.key], key=lambda each: (not each.outgoing, each.key))),
                missing.get(box.key, ()),
                chosen.hubs.get(box.key, 0),
            )
        )
    titles = dict(graph.app_titles)
    return Twin(
        tuple(
            TwinApp(
                label,
                titles.get(label, label),
                tuple(by_app[label]),
                to_query(
                    replace(selection, apps=(label,), tables=(), focus=()) if label else selection
                ),
            )
            for label in sorted(by_app)
        ),
        tuple(_path(schema, path, f"way-{n}") for n, path in enumerate(chosen.paths, 1)),
        brief,
    )


def _columns(table: Table, box: Box) -> tuple[ColumnDescription, ...]:
    shown = {row.name for row in box.rows}
    return tuple(each for each in describe_columns(table) if each.column.name in shown)


class _Words:
    def __init__(self, schema: Schema, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.relations: dict[str, Relation] = {each.key: each for each in schema.relations}

    def edge(self, edge: Edge, *, outgoing: bool) -> TwinRelation:
        partner = edge.target if outgoing else edge.source
        relation = self.relations.get(edge.key)
        if relation is None or edge.kind == PROXY:
            return TwinRelation(edge.key, "", partner, outgoing, edge.kind)
        owner, target = self.tables.get(relation.owner), self.tables.get(relation.target)
        return TwinRelation(
            edge.key,
            relation.field,
            partner,
            outgoing,
            _kind(edge, relation),
            cardinality_sentences(relation, owner, target),
            columns_text(relation, owner),
            delete_sentence(relation, owner, target),
            relation.enforced,
        )


def _kind(edge: Edge, relation: Relation) -> str:
    if edge.kind == THROUGH:
        return _("%(kind)s through %(table)s") % {
            "kind": kind_text(relation),
            "table": relation.through,
        }
    return kind_text(relation)


def _missing(
    schema: Schema, selection: Selection, inside: Collection[str]
) -> dict[str, tuple[Missing, ...]]:
    """Return table → its neighbours outside, the hidden kinds left aside."""
    hidden = hidden_kinds(schema)
    visible = {
        table.key
        for table in schema.tables
        if table.kind is not TableKind.SWAPPED
        and (table.key in inside or table.key not in hidden or hidden[table.key] in selection.show)
    }
    found: defaultdict[str, list[Missing]] = defaultdict(list)
    for edge in drawn_edges(schema, visible):
        for here, there in ((edge.source, edge.target), (edge.target, edge.source)):
            if here in inside and there not in inside:
                # A proxy's bond is no relation: the table itself is what can be asked for.
                grown = there if edge.kind == PROXY else edge.key
                more = replace(
                    selection,
                    grow=(*selection.grow, grown),
                    without=tuple(name for name in selection.without if name != there),
                )
                found[here].append(Missing(there, edge.key, to_query(more)))
    return {key: tuple(each) for key, each in found.items()}


def _path(schema: Schema, path: Path, name: str) -> TwinPath:
    steps = []
    for step in path.steps:
        relation = step.relation
        steps.append(
            f"{relation.key} → {relation.target}"
            if step.forward
            else f"{relation.target} ← {relation.key}"
        )
    return TwinPath(
        name, path.tables, tuple(steps), lookup(path), no_lookup(path), sql_join(schema, path)
    )
