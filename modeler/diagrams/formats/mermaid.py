"""A graph as Mermaid entity relationship diagrams.

Source: mermaid.js.org, "Entity Relationship Diagrams". Names of entities stand in quotes and may
hold dots; types and attribute names are bare words, so that what does not fit there is bent to
fit and written in full in the attribute's comment.
"""

from __future__ import annotations

from collections import defaultdict

from modeler.diagrams.formats.edge_label import is_loose, label_of
from modeler.diagrams.formats.mermaid_parts import (
    CHARACTERS,
    EDGES,
    Piece,
    apps_in_order,
    length,
    parts_of,
)
from modeler.diagrams.formats.mermaid_words import quoted, word
from modeler.diagrams.formats.plain_text import one_line
from modeler.diagrams.graph import Box, Edge, Graph, Row
from modeler.schema.relation import Cardinality

LEFT = {
    Cardinality.ZERO_OR_MORE: "}o",
    Cardinality.ONE_OR_MORE: "}|",
    Cardinality.ONE: "||",
    Cardinality.ZERO_OR_ONE: "|o",
    None: "||",
}
RIGHT = {
    Cardinality.ZERO_OR_MORE: "o{",
    Cardinality.ONE_OR_MORE: "|{",
    Cardinality.ONE: "||",
    Cardinality.ZERO_OR_ONE: "o|",
    None: "||",
}
HEAD = "erDiagram\n"


def to_mermaid(graph: Graph) -> str:
    """Return one ``erDiagram``, or a Markdown document where one would be refused.

    The document has a heading and a fenced block for each of ``mermaid_parts``; GitHub and
    its like draw it as it is.
    """
    parts = mermaid_parts(graph)
    if len(parts) == 1:
        return parts[0][1]
    return "\n".join(f"## {_heading(title)}\n\n```mermaid\n{text}```\n" for title, text in parts)


def mermaid_parts(graph: Graph) -> tuple[tuple[str, str], ...]:
    """Return ``(title, text)`` of diagrams none of which is above Mermaid's limits.

    One diagram where that is within the limits; else one an app, and an app that is too large in
    chunks of tables that hang together. A relation stands once: with the table that declares it,
    where the table it leads to is an entity without attributes when it belongs to another
    diagram.
    """
    whole = "".join((HEAD, *(line for box in graph.boxes for line in _entity(box)),
                     *map(_relationship, graph.edges)))  # fmt: skip
    if length(whole) <= CHARACTERS and len(graph.edges) <= EDGES:
        return (("Data model", whole),)
    found = []
    for title, boxes, edges in apps_in_order(graph):
        by_source: dict[str, list[str]] = defaultdict(list)
        for edge in edges:
            by_source[edge.source].append(_relationship(edge))
        pieces = [Piece(tuple(_entity(box)), tuple(by_source[box.key])) for box in boxes]
        texts = tuple(parts_of(pieces, HEAD))
        for number, text in enumerate(texts, 1):
            found.append((f"{title} ({number} of {len(texts)})" if texts[1:] else title, text))
    return tuple(found)


def _heading(title: str) -> str:
    # Markdown knows a backslash before any sign of ASCII.
    return "".join(
        f"\\{letter}" if letter.isascii() and not letter.isalnum() and letter not in " ()" else
        letter for letter in one_line(title)
    )  # fmt: skip


def _entity(box: Box) -> list[str]:
    if not box.rows:
        return [f"  {quoted(box.key)}\n"]
    return [
        f"  {quoted(box.key)} {{\n",
        *(f"    {_attribute(row)}\n" for row in box.rows),
        "  }\n",
    ]


def _attribute(row: Row) -> str:
    keys = ", ".join(
        mark
        for mark, shown in (
            ("PK", row.primary),
            ("FK", row.foreign),
            ("UK", row.unique and not row.primary),
        )
        if shown
    )
    type_word, name_word = word(row.type), word(row.name)
    notes = [
        *([] if type_word == row.type else [row.type]),
        *([] if name_word == row.name else [f"column {row.name}"]),
        *(["null"] if row.null else []),
    ]
    parts = [type_word, name_word, keys, quoted(", ".join(notes)) if notes else ""]
    return " ".join(part for part in parts if part)


def _relationship(edge: Edge) -> str:
    line = f"{LEFT[edge.at_source]}{'..' if is_loose(edge) else '--'}{RIGHT[edge.at_target]}"
    label = quoted(label_of(edge, "to"))
    return f"  {quoted(edge.source)} {line} {quoted(edge.target)} : {label}\n"
