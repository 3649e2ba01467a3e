"""The picture on a table's page: the table and what it is joined to."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace

from django.utils.translation import gettext as _

from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.formats.svg_links import with_links
from modeler.diagrams.graph import ColumnMode, graph_of
from modeler.diagrams.references import References
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

MOST_NEIGHBOURS = 40  # a picture with more boxes says nothing at the width of a page
ASIDE = frozenset({TableKind.JOIN, TableKind.HISTORY})


def picture_of(
    schema: Schema,
    table: Table,
    partners: Set[str],
    references: References,
    addresses: Mapping[str, str],
) -> tuple[str, str]:
    """Return the picture as SVG, or ``""`` and why there is none.

    Relations among the neighbours are left out. Automatic join tables and histories are shown
    on their own pages alone; a many-to-many relation is a line.

    Args:
        table: in the middle.
        partners: keys of the tables that it is joined to.
        references: of the schema.
        addresses: key → where its page is, as seen from this page.
    """
    if table.kind is TableKind.SWAPPED:
        return "", _("It is replaced by a setting and has no table.")
    beside = {*partners, *(key for key in table.bases if key in references.tables)}
    if table.kind not in ASIDE:
        beside = {key for key in beside if references.tables[key].kind not in ASIDE}
    shown = beside | {table.key}
    if len(shown) > MOST_NEIGHBOURS + 1:
        return "", _("It has %(number)d neighbours, too many for a picture here.") % {
            "number": len(shown) - 1
        }
    graph = graph_of(_around(shown, schema, references), columns=ColumnMode.KEYS, shown=shown)
    edges = tuple(edge for edge in graph.edges if table.key in {edge.source, edge.target})
    # What is joined by way of another table alone stands on that one's page.
    ends = {table.key, *(end for edge in edges for end in (edge.source, edge.target))}
    graph = replace(graph, boxes=tuple(b for b in graph.boxes if b.key in ends), edges=edges)
    title = _("%(table)s and its neighbours") % {"table": table.key}
    links = {key: addresses[key] for key in ends - {table.key} if key in addresses}
    return with_links(to_svg(graph, title=title), links, title=title), ""


def _around(shown: Set[str], schema: Schema, references: References) -> Schema:
    """Return the shown tables with the join tables and proxies by which they are joined."""
    tables = [references.tables[key] for key in shown]
    through = {relation.through for table in tables for relation in table.relations}
    proxies = {
        relation.target
        for table in tables
        for relation in table.relations
        if references.concrete(relation.target) != relation.target
    }
    keys = (shown | through | proxies) & references.tables.keys()
    return replace(schema, tables=tuple(references.tables[key] for key in sorted(keys)))
