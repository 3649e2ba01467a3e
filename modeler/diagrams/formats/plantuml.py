"""A schema as a PlantUML entity relationship diagram in information engineering notation.

Source: plantuml.com, "Entity Relationship Diagram", "Class Diagram", "Creole". Entities get
aliases made of their keys; every text that a reader sees is written with Creole's
``<U+0026>`` wherever a letter could mean something to PlantUML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modeler.diagrams.formats.edge_label import field_of, is_loose, label_of, outside_keys
from modeler.diagrams.formats.plain_text import one_line, paragraph
from modeler.diagrams.formats.rule_text import constraint_text, index_text
from modeler.diagrams.formats.unique_names import UniqueNames
from modeler.diagrams.graph import PROXY, Box, ColumnMode, Edge, JoinMode, Row, graph_of
from modeler.schema.constraint import ConstraintKind
from modeler.schema.relation import Cardinality
from modeler.schema.schema import Schema
from modeler.schema.table import Table

LEFT = {
    Cardinality.ZERO_OR_MORE: "}o",
    Cardinality.ONE_OR_MORE: "}|",
    Cardinality.ONE: "||",
    Cardinality.ZERO_OR_ONE: "|o",
    None: "",
}
RIGHT = {
    Cardinality.ZERO_OR_MORE: "o{",
    Cardinality.ONE_OR_MORE: "|{",
    Cardinality.ONE: "||",
    Cardinality.ZERO_OR_ONE: "o|",
    None: "",
}
# Letters that mean nothing to PlantUML, wherever they stand.
HARMLESS = re.compile(r"[^\W_]|[ .,()=>]|:(?= )|\[(?=\])|(?<=\[)\]|(?<=[^\W_])_(?=[^\W_])")
TOLD = {ConstraintKind.UNIQUE, ConstraintKind.CHECK, ConstraintKind.EXCLUSION}


def to_plantuml(
    schema: Schema,
    *,
    columns: ColumnMode = ColumnMode.ALL,
    joins: JoinMode = JoinMode.BOX,
    notes: bool = True,
) -> str:
    """Return a document from ``@startuml`` to ``@enduml``.

    Args:
        schema: what is drawn; tables outside that relations lead to become dashed stubs.
        columns, joins: see ``graph_of``.
        notes: with all columns shown, tables also say their indexes and constraints, and a note
            beside a table has its comment and those of its columns.
    """
    document = _Document(schema, columns, joins, notes and columns is ColumnMode.ALL)
    return "\n".join(document.lines()) + "\n"


def shown(text: str) -> str:
    """Return a text that PlantUML shows letter for letter."""
    plain, found, position = one_line(text), [], 0
    while position < len(plain):
        letter = plain[position]
        harmless = HARMLESS.match(plain, position) or ord(letter) > 0x7F
        found.append(letter if harmless else f"<U+{ord(letter):04X}>")
        position += 1
    return "".join(found)


class _Document:
    def __init__(self, schema: Schema, columns: ColumnMode, joins: JoinMode, notes: bool) -> None:
        self.graph = graph_of(schema, columns=columns, joins=joins)
        self.tables = {table.key: table for table in schema.tables}
        self.notes = notes
        self.names = UniqueNames()
        self.aliases = {box.key: self.alias(box.key) for box in self.graph.boxes}
        self.outside = outside_keys(set(self.aliases), self.graph.edges)
        self.aliases |= {key: self.alias(key) for key in self.outside}

    def alias(self, key: str, prefix: str = "") -> str:
        word = re.sub(r"\W", "_", f"{prefix}{key}", flags=re.ASCII).strip("_")
        return self.names.of((prefix, key), f"t_{word}" if not word[:1].isalpha() else word)

    def lines(self) -> Iterator[str]:
        titles = dict(self.graph.app_titles)
        yield "@startuml"
        yield "hide circle"
        yield "hide empty members"
        yield "skinparam wrapWidth 400"
        yield "skinparam packageStyle rectangle"
        for app in sorted({box.app for box in self.graph.boxes}):
            boxes = [box for box in self.graph.boxes if box.app == app]
            if app:
                alias = self.alias(app, "app_")
                yield f'package "{_title(titles.get(app, app))}" as {alias} {{'
            for box in boxes:
                yield from self.entity(box)
            if app:
                yield "}"
        for key in self.outside:
            yield f'entity "{_title(key)}" as {self.aliases[key]} <<outside>> {{'
            yield "}"
        for box in self.graph.boxes:
            yield from self.note(self.tables[box.key])
        for edge in self.graph.edges:
            yield self.edge(edge)
        yield "@enduml"

    def entity(self, box: Box) -> Iterator[str]:
        kind = "" if box.kind in {"model", "table"} else f" <<{box.kind}>>"
        yield f'entity "{_title(box.title)}" as {self.aliases[box.key]}{kind} {{'
        keys = [row for row in box.rows if row.primary]
        others = [row for row in box.rows if not row.primary]
        yield from (f"  {_field(row)}" for row in keys)
        if keys and others:
            yield "  --"
        yield from (f"  {_field(row)}" for row in others)
        if box.hidden:
            noun = "column" if box.hidden == 1 else "columns"
            yield f"  {{field}} <i>and {box.hidden} more {noun}</i>"
        if self.notes:
            table = self.tables[box.key]
            for name, texts in (("indexes", _indexes(table)), ("constraints", _rules(table))):
                if texts:
                    yield f"  .. {name} .."
                    yield from (f"  {{field}} {shown(text)}" for text in texts)
        yield "}"

    def note(self, table: Table) -> Iterator[str]:
        lines = list(paragraph(table.comment or table.documentation)) if self.notes else []
        shown_lines = [shown(line) for line in lines]
        for column in table.columns if self.notes else ():
            words = " ".join(paragraph(column.comment or column.help_text))
            if words:
                shown_lines.append(f"<b>{shown(column.name)}</b>: {shown(words)}")
        if shown_lines:
            yield f"note bottom of {self.aliases[table.key]}"
            # A zero-width space keeps "end note" and separators from being read as such.
            yield from (f"  \u200b{line}" for line in shown_lines)
            yield "end note"

    def edge(self, edge: Edge) -> str:
        source, target = self.aliases[edge.source], self.aliases[edge.target]
        if edge.kind == PROXY:
            return f"{source} ..|> {target} : proxy"
        line = f"{LEFT[edge.at_source]}{'..' if is_loose(edge) else '--'}{RIGHT[edge.at_target]}"
        several = len(edge.columns) > 1
        return f"{source} {line} {target} : {shown(label_of(edge) if several else field_of(edge))}"


def _title(text: str) -> str:
    # PlantUML takes "<…>" at the end of a name for the parameter of a generic class.
    escaped = shown(text)
    return f"{escaped} " if escaped.endswith(">") else escaped


def _field(row: Row) -> str:
    marks = "".join(
        f" <<{mark}>>"
        for mark, there in (("PK", row.primary), ("FK", row.foreign), ("U", row.unique))
        if there
    )
    needed = "" if row.null else "* "
    return f"{{field}} {needed}{shown(row.name)} : {shown(row.type)}{marks}"


def _indexes(table: Table) -> list[str]:
    return [index_text(index) for index in table.indexes if index.source != "constraint"]


def _rules(table: Table) -> list[str]:
    return [constraint_text(rule) for rule in table.constraints if rule.kind in TOLD]
