"""From a schema and a selection to all that a picture needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from modeler.diagrams.graph import ColumnMode, Graph, graph_of
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import Layout, Point
from modeler.diagrams.scene import Marks
from modeler.diagrams.selection.choose import Chosen, choose
from modeler.diagrams.selection.selection import Selection
from modeler.schema.schema import Schema

# Beyond that many tables boxes show their names alone: the columns could not be read anyway, and
# the answer would take seconds.
MOST_WITH_COLUMNS = 3500


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture before it is written in a format.

    Attributes:
        chosen: what the selection came to.
        graph, layout: what is drawn, and where.
        marks: what the selection or a comparison adds.
        notices: what the picture does not show, in sentences.
    """

    chosen: Chosen
    graph: Graph
    layout: Layout
    marks: Marks = field(default_factory=Marks)
    notices: tuple[str, ...] = ()


def drawing_of(
    schema: Schema,
    selection: Selection,
    *,
    hubs: Collection[str] = (),
    fixed: Mapping[str, Point] | None = None,
) -> Drawing:
    """Choose, build the graph and lay it out.

    Args:
        schema: all there is.
        selection: what was asked for.
        hubs: see ``choose``.
        fixed: saved positions, see ``arrange``.
    """
    chosen = choose(schema, selection, hubs=hubs)
    columns = selection.columns
    notices = []
    if len(chosen.tables) > MOST_WITH_COLUMNS and columns is not ColumnMode.NAMES:
        columns = ColumnMode.NAMES
        notices.append(
            f"{len(chosen.tables)} tables are shown without their columns. Choose fewer to see "
            "columns."
        )
    if chosen.through_hubs:
        notices.append("Every way between the two tables leads through a hub.")
    if selection.is_path and not chosen.paths and not chosen.unknown:
        notices.append(
            f"No relations lead from {selection.path_from} to {selection.path_to}; allow more "
            "tables, or avoid fewer."
        )
    graph = graph_of(schema, columns=columns, shown=chosen.tables, shortcuts=True)
    marks = Marks(more=chosen.more, hubs=frozenset(chosen.hubs))
    return Drawing(chosen, graph, arrange(graph, fixed=fixed), marks, tuple(notices))
