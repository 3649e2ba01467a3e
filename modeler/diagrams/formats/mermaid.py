"""A graph as a Mermaid entity relationship diagram.

Source: mermaid.js.org, "Entity Relationship Diagrams". Names of entities stand in quotes and may
hold dots; types and attribute names are bare words, so that what does not fit there is bent to
fit and written in full in the attribute's comment.
"""

from __future__ import annotations

import re

from modeler.diagrams.graph import PROXY, Box, Edge, Graph, Row
from modeler.schema.relation import Cardinality, RelationKind

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
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\([0-9]+\))?(\[\])*\Z")


def to_mermaid(graph: Graph) -> str:
    """Return an ``erDiagram`` with every box and edge; stable order."""
    lines = ["erDiagram"]
    for box in graph.boxes:
        lines += _entity(box)
    lines += [f"  {_relationship(edge)}" for edge in graph.edges]
    return "\n".join(lines) + "\n"


def _entity(box: Box) -> list[str]:
    if not box.rows:
        return [f"  {_quoted(box.key)}"]
    return [f"  {_quoted(box.key)} {{", *(f"    {_attribute(row)}" for row in box.rows), "  }"]


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
    type_word, name_word = _word(row.type), _word(row.name)
    notes = [
        *([] if type_word == row.type else [row.type]),
        *([] if name_word == row.name else [f"column {row.name}"]),
        *(["null"] if row.null else []),
    ]
    parts = [type_word, name_word, keys, _quoted("; ".join(notes)) if notes else ""]
    return " ".join(part for part in parts if part)


def _relationship(edge: Edge) -> str:
    loose = not edge.enforced or edge.kind in {PROXY, RelationKind.GENERIC_REVERSE}
    line = f"{LEFT[edge.at_source]}{'..' if loose else '--'}{RIGHT[edge.at_target]}"
    label = edge.key.removeprefix(f"{edge.source}.")
    if edge.columns:
        label += f": {', '.join(edge.columns)} to {', '.join(edge.target_columns)}"
    return f"{_quoted(edge.source)} {line} {_quoted(edge.target)} : {_quoted(label)}"


def _word(text: str) -> str:
    """Bend a type or a name to a bare word."""
    if WORD.match(text):
        return text
    word = re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")
    return word if word[:1].isalpha() else f"_{word}"


def _quoted(text: str) -> str:
    """Return the text in quotes; Mermaid has no escapes, so its own signs become look-alikes."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return '"' + plain.translate({ord('"'): "″", ord("%"): "％", ord("\\"): "＼"}) + '"'
