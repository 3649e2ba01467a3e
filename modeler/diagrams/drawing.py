"""From a schema and a selection to all that a picture needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from modeler.diagrams.comparison.marks import Mark, Overlay, changed_and_near
from modeler.diagrams.folding import folded
from modeler.diagrams.formats.svg_notes import around_notes
from modeler.diagrams.graph import ColumnMode, Graph, graph_of
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import Layout, Point
from modeler.diagrams.scene import Marks
from modeler.diagrams.selection.choose import Chosen, choose
from modeler.diagrams.selection.selection import Selection
from modeler.schema.changes import ChangeKind, Part
from modeler.schema.schema import Schema

# Beyond that many tables boxes show their names alone: the columns could not be read anyway, and
# the answer would take seconds.
MOST_WITH_COLUMNS = 3200
# Beyond that many, apps are drawn instead of tables.
MOST_TABLES = 4000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture before it is written in a format.

    Attributes:
        chosen: what the selection came to.
        graph, layout: what is drawn, and where; of more than MOST_TABLES tables nothing is
            placed, see ``app_map``.
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
    overlay: Overlay | None = None,
    only_changed: bool = False,
    most: int = MOST_TABLES,
    notes: Sequence[Mapping[str, Any]] = (),
) -> Drawing:
    """Choose, build the graph and lay it out.

    Args:
        schema: all there is; of a comparison, the overlay's.
        selection: what was asked for.
        hubs: see ``choose``.
        fixed: saved positions, see ``arrange``.
        overlay: what changed. Changed tables and columns are shown whatever their kind.
        only_changed: only tables that changed, and those one relation away.
        most: of more tables than that nothing is placed.
        notes: what people wrote on the picture.
    """
    chosen = chosen_of(schema, selection, hubs=hubs, overlay=overlay, only_changed=only_changed)
    columns, notices = _columns(selection, chosen)
    marks = _marks(chosen, overlay)
    graph = graph_of(
        schema, columns=columns, shown=chosen.tables, shortcuts=True, always=marks.columns,
        modes={
            **dict.fromkeys(selection.open, ColumnMode.ALL),
            **dict.fromkeys(selection.closed, ColumnMode.NAMES),
        },
    )  # fmt: skip
    graph = folded(graph, selection.fold)
    notices += about_ways(selection, chosen)
    placed = graph
    if len(graph.boxes) > most:
        notices += (f"{len(graph.boxes)} tables are too many for one picture; choose an app.",)
        placed = Graph((), ())
    marks = replace(marks, notes=tuple(notes))
    layout = around_notes(arrange(placed, fixed=fixed), marks.notes)
    return Drawing(chosen, graph, layout, marks, notices)


def chosen_of(
    schema: Schema,
    selection: Selection,
    *,
    hubs: Collection[str] = (),
    overlay: Overlay | None = None,
    only_changed: bool = False,
) -> Chosen:
    """Return what a picture shows, without drawing it; see ``drawing_of``."""
    chosen = choose(schema, selection, hubs=hubs)
    if overlay is None:
        return chosen
    return _with_changes(schema, selection, chosen, overlay, only_changed=only_changed)


def _with_changes(
    schema: Schema,
    selection: Selection,
    chosen: Chosen,
    overlay: Overlay,
    *,
    only_changed: bool,
) -> Chosen:
    changed = set(overlay.tables) & {table.key for table in schema.tables}
    if selection.apps:
        changed = {t.key for t in schema.tables if t.key in changed and t.app in selection.apps}
    if selection.without:
        changed -= set(selection.without)
    if selection.focus or selection.is_path or selection.text or selection.tables:
        changed &= chosen.tables  # a narrower question than the whole project
    shown = chosen.tables | changed
    if only_changed:
        shown &= changed_and_near(overlay)
    return replace(chosen, tables=frozenset(shown))


def _columns(selection: Selection, chosen: Chosen) -> tuple[ColumnMode, tuple[str, ...]]:
    many = len(chosen.tables)
    if many <= MOST_WITH_COLUMNS or selection.columns is ColumnMode.NAMES:
        return selection.columns, ()
    said = f"{many} tables are shown without their columns. Choose fewer to see columns."
    return ColumnMode.NAMES, (said,)


def about_ways(selection: Selection, chosen: Chosen) -> tuple[str, ...]:
    """Say what is to be known of the ways that were asked for."""
    if chosen.through_hubs:
        return ("Every way between the two tables leads through a hub.",)
    if selection.is_path and not chosen.paths and not chosen.unknown:
        return (
            f"No relations lead from {selection.path_from} to {selection.path_to}; allow more "
            "tables, or avoid fewer.",
        )
    return ()


def _marks(chosen: Chosen, overlay: Overlay | None) -> Marks:
    marks = Marks(more=chosen.more, hubs=frozenset(chosen.hubs))
    if overlay is None:
        return marks
    columns: dict[str, dict[str, tuple[str, str]]] = {}
    edges, was = {}, {}
    for mark in overlay.marks:
        if mark.part is Part.COLUMN:
            columns.setdefault(mark.table, {})[mark.name] = (str(mark.kind), _in_words(mark))
        elif mark.part is Part.RELATION:
            edges[f"{mark.table}.{mark.name}"] = str(mark.kind)
        elif mark.part is Part.TABLE and mark.kind is ChangeKind.RENAMED:
            was[mark.table] = mark.before
    tables = {key: str(kind) for key, kind in overlay.tables.items()}
    for relation in overlay.schema.relations:
        # What belongs to a table that came or went, came or went with it.
        if tables.get(relation.owner) in {"added", "removed"}:
            edges.setdefault(relation.key, tables[relation.owner])
    return replace(marks, tables=tables, columns=columns, edges=edges, was=was)


def _in_words(mark: Mark) -> str:
    """Return before and after of what happened to a column."""
    said = [f"{mark.before} → {mark.after}"] if mark.before and mark.after else []
    if not said and (mark.before or mark.after):
        said = [mark.before or mark.after]
    said += [
        f"{each.name.replace('_', ' ')}: {each.before or '–'} → {each.after or '–'}"
        for each in mark.attributes
    ]
    return "; ".join(said)
