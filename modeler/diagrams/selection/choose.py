"""From a selection to the tables that a picture shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from modeler.diagrams.paths.search import Path, shortest_paths
from modeler.diagrams.selection.kinds import hidden_kinds
from modeler.diagrams.selection.neighbours import around, drawn_edges, neighbours_of
from modeler.diagrams.selection.selection import Selection
from modeler.errors import UnknownName
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a selection comes to.

    Attributes:
        tables: keys of the tables to draw.
        hubs: table → its number of neighbours, for those at which the focus stopped.
        more: table → how many of its neighbours are not drawn.
        paths: the shortest ways between the two ends, the shortest first.
        through_hubs: the ways lead through hubs, because there are no others.
        unknown: names that are not there, each with the nearest that are.
        total: how many tables there are, hidden kinds included.
    """

    tables: frozenset[str]
    hubs: Mapping[str, int] = field(default_factory=dict)
    more: Mapping[str, int] = field(default_factory=dict)
    paths: tuple[Path, ...] = ()
    through_hubs: bool = False
    unknown: tuple[UnknownName, ...] = ()
    total: int = 0


def choose(schema: Schema, selection: Selection, *, hubs: Collection[str] = ()) -> Chosen:
    """Return the tables that a selection shows.

    Args:
        schema: all there is.
        selection: what was asked for. Tables that it names are shown also where their kind is
            hidden; names that are not there are passed over and returned.
        hubs: keys at which a focus always stops and that a path leads through only where there
            is no other way, such as the user model; none where the selection's limit is 0.
    """
    names = _Names(schema)
    named = names.tables(selection.tables)
    focus = names.tables(selection.focus)
    ends = names.tables(filter(None, (selection.path_from, selection.path_to)))
    grown = names.relations(selection.grow)
    asked = {*named, *focus, *ends, *grown}
    hidden = hidden_kinds(schema)
    visible = {
        key
        for key in names.by_key
        if key in asked or key not in hidden or hidden[key] in selection.show
    }
    apps = names.apps(selection.apps)
    without = names.either(selection.without)
    edges = drawn_edges(schema, visible)
    neighbours = neighbours_of(edges)
    degrees = {key: len(others) for key, others in neighbours.items()}
    limit = selection.hub_degree
    stops = {key for key, degree in degrees.items() if limit and degree > limit}
    if limit:
        stops |= set(hubs)
    scope = {key for key in visible if not apps or names.by_key[key].app in apps} - without
    shown = scope if apps or not (named or focus or ends) else set()
    reached: frozenset[str] = frozenset()
    if focus:
        found, reached = around(
            focus, _within(neighbours, scope | asked), hops=selection.hops, hubs=stops
        )
        shown = set(found)
    if words := selection.text.casefold().split():
        shown = {key for key in shown if _says(names.by_key[key], words)}
    paths: tuple[Path, ...] = ()
    through_hubs = False
    if selection.is_path and len(ends) == 2:
        open_ways = visible - ((names.either(selection.avoid) | without) - set(ends))
        paths = shortest_paths(schema, *ends, open_ways - (stops - set(ends)))
        if not paths:
            paths = shortest_paths(schema, *ends, open_ways)
            through_hubs = bool(paths)
        wanted = paths if selection.way < 0 else paths[selection.way : selection.way + 1]
        shown |= {key for path in wanted for key in path.tables}
    shown = (shown | asked) - without
    return Chosen(
        frozenset(shown),
        {key: degrees[key] for key in sorted(reached & shown)},
        {
            key: more
            for key in sorted(shown)
            if (more := len(neighbours.get(key, frozenset()) - shown))
        },
        paths,
        through_hubs,
        tuple(names.unknown),
        len(names.by_key),
    )


def _within(neighbours: Mapping[str, frozenset[str]], keys: set[str]) -> dict[str, frozenset[str]]:
    return {key: others & keys for key, others in neighbours.items() if key in keys}


def _says(table: Table, words: Iterable[str]) -> bool:
    """Tell whether all words occur in what is written of a table."""
    location = table.location.table if table.location else ""
    texts = [table.key, location, table.label, table.comment, table.documentation]
    for column in table.columns:
        texts += [column.name, column.field, column.label, column.comment, column.help_text]
    text = "\n".join(texts).casefold()
    return all(word in text for word in words)


class _Names:
    """Finds what people name: keys in any case, labels as they are; notes what is not there."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.by_key = {
            table.key: table for table in schema.tables if table.kind is not TableKind.SWAPPED
        }
        self.folded = {key.casefold(): key for key in self.by_key}
        self.labels = {app.label for app in schema.apps} | {
            table.app for table in self.by_key.values() if table.app
        }
        self.unknown: list[UnknownName] = []

    def tables(self, names: Iterable[str]) -> tuple[str, ...]:
        found = []
        for name in names:
            key = self.folded.get(name.casefold())
            if key is None:
                self.unknown.append(UnknownName("table", name, self.by_key))
            else:
                found.append(key)
        return tuple(found)

    def apps(self, names: Iterable[str]) -> set[str]:
        found = set()
        for name in names:
            if name in self.labels:
                found.add(name)
            else:
                self.unknown.append(UnknownName("app", name, self.labels))
        return found

    def either(self, names: Iterable[str]) -> set[str]:
        """Return the keys of tables and of the tables of apps."""
        found: set[str] = set()
        for name in names:
            if name in self.labels:
                found.update(key for key, table in self.by_key.items() if table.app == name)
            elif name.casefold() in self.folded:
                found.add(self.folded[name.casefold()])
            else:
                known = [*self.labels, *self.by_key]
                self.unknown.append(UnknownName("app or table", name, known))
        return found

    def relations(self, names: Iterable[str]) -> set[str]:
        """Return the tables that relations join; a table's name means the table."""
        names = tuple(names)
        if not names:
            return set()
        relations = {relation.key: relation for relation in self.schema.relations}
        found: set[str] = set()
        for name in names:
            if relation := relations.get(name):
                ends = (relation.owner, relation.target)
                found.update(key for key in ends if key in self.by_key)
            elif name.casefold() in self.folded:
                found.add(self.folded[name.casefold()])
            else:
                self.unknown.append(UnknownName("relation", name, relations))
        return found
