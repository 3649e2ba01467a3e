"""A graph in D2, with a container an app, SQL tables and crow's feet.

Source: d2lang.com, "SQL Tables", "Arrowheads", "Strings". Every name stands in single quotes,
where D2 knows no escape but a doubled quote. D2 takes names that differ in case alone for one, so
a second one gets a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modeler.diagrams.formats.dot import describe
from modeler.diagrams.formats.edge_label import field_of, is_loose, outside_keys
from modeler.diagrams.formats.plain_text import one_line
from modeler.diagrams.formats.unique_names import UniqueNames
from modeler.diagrams.graph import PROXY, Box, Edge, Graph, Row
from modeler.schema.relation import Cardinality

FEET = {
    Cardinality.ZERO_OR_ONE: "cf-one",
    Cardinality.ONE: "cf-one-required",
    Cardinality.ZERO_OR_MORE: "cf-many",
    Cardinality.ONE_OR_MORE: "cf-many-required",
}

MARKDOWN = re.compile(r"([!-/:-@[-`{-~])")  # what Markdown takes a backslash before
# D2's layout writes the keys of shapes into a program in backticks; the labels stay whole.
UNSAFE_IN_KEY = re.compile(r"[`$\\]")


def to_d2(graph: Graph) -> str:
    """Return a D2 document; tables outside the graph become dashed stubs.

    The tooltip of a table has its key and database table, that of an edge its columns and
    what happens on delete.
    """
    document = _Document(graph)
    return "\n".join(document.lines()) + "\n"


def _key(text: str) -> str:
    return UNSAFE_IN_KEY.sub("_", one_line(text))


def quoted(text: str) -> str:
    """Return a single-quoted string."""
    doubled = one_line(text).replace("'", "''")
    return f"'{doubled}'"


def tooltip(text: str) -> str:
    """Return a string that D2 shows letter for letter in a tooltip: it reads Markdown there."""
    return quoted(MARKDOWN.sub(r"\\\1", one_line(text).strip()))


class _Document:
    """Names of containers, tables and columns, and the lines that use them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        top = UniqueNames(str.casefold)
        self.apps = {
            app: top.of(("app", app), _key(app))
            for app in sorted({b.app for b in graph.boxes})
            if app
        }
        inside = {app: UniqueNames(str.casefold) for app in self.apps} | {"": top}
        self.tables: dict[str, str] = {}
        self.columns: dict[tuple[str, str], str] = {}
        for box in graph.boxes:
            name = quoted(inside[box.app].of(box.key, _key(box.key)))
            self.tables[box.key] = f"{quoted(self.apps[box.app])}.{name}" if box.app else name
            rows = UniqueNames(str.casefold)
            for row in box.rows:
                self.columns[box.key, row.name] = quoted(rows.of(row.name, one_line(row.name)))
        self.outside = outside_keys(set(self.tables), graph.edges)
        for key in self.outside:
            self.tables[key] = quoted(top.of(key, _key(key)))

    def lines(self) -> Iterator[str]:
        titles = dict(self.graph.app_titles)
        yield "direction: right"
        for app, name in self.apps.items():
            yield f"{quoted(name)}: {quoted(titles.get(app, app))} {{"
            for box in self.graph.boxes:
                if box.app == app:
                    yield from (f"  {line}" for line in self.table(box))
            yield "}"
        for box in self.graph.boxes:
            if not box.app:
                yield from self.table(box)
        for key in self.outside:
            yield f"{self.tables[key]}: {quoted(key)} {{style.stroke-dash: 3}}"
        for edge in self.graph.edges:
            yield self.edge(edge)

    def table(self, box: Box) -> Iterator[str]:
        kind = "" if box.kind in {"model", "table"} else f" «{box.kind}»"
        name = self.tables[box.key].removeprefix(f"{quoted(self.apps.get(box.app, ''))}.")
        yield f"{name}: {quoted(box.title + kind)} {{"
        yield "  shape: sql_table"
        yield f"  tooltip: {tooltip(box.key + (f': {box.table}' if box.table else ''))}"
        if box.kind == "proxy":
            yield "  style.stroke-dash: 3"
        for row in box.rows:
            yield f"  {self.columns[box.key, row.name]}: {_type(row)}"
        if box.hidden:
            yield f"  # not shown: {box.hidden} {'column' if box.hidden == 1 else 'columns'}"
        yield "}"

    def edge(self, edge: Edge) -> str:
        source = self.end(edge.source, edge.columns)
        target = self.end(edge.target, edge.target_columns)
        styles = [f"tooltip: {tooltip(describe(edge))}"]
        if is_loose(edge):
            styles.append("style.stroke-dash: 3")
        line = f"{'<' if edge.at_source else '-'}{'>' if edge.at_target else '-'}"
        line = {"<>": "<->", "->": "->", "<-": "<-", "--": "--"}[line]
        if edge.kind == PROXY:
            line = "->"
            styles.append("target-arrowhead: {shape: triangle; style.filled: false}")
        if edge.at_source:
            styles.append(f"source-arrowhead.shape: {FEET[edge.at_source]}")
        if edge.at_target:
            styles.append(f"target-arrowhead.shape: {FEET[edge.at_target]}")
        return f"{source} {line} {target}: {quoted(field_of(edge))} {{{'; '.join(styles)}}}"

    def end(self, key: str, columns: tuple[str, ...]) -> str:
        """Return where an edge ends: at its first column where that is shown."""
        row = self.columns.get((key, columns[0])) if columns else None
        return f"{self.tables[key]}.{row}" if row else self.tables[key]


def _type(row: Row) -> str:
    marks = [
        mark
        for mark, shown in (
            ("primary_key", row.primary),
            ("foreign_key", row.foreign),
            ("unique", row.unique),
        )
        if shown
    ]
    constraint = f" {{constraint: [{'; '.join(marks)}]}}" if marks else ""
    text = row.type + (" null" if row.null else "")
    # D2 shows no type that is spelled as its column.
    return quoted(f"{text} " if text == one_line(row.name) else text) + constraint
