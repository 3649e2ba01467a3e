"""A graph in Graphviz's DOT language.

Source: graphviz.org, "DOT Language" and "Node Shapes: HTML-Like Labels".
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.diagrams.graph import PROXY, Box, Edge, Graph, Row
from modeler.diagrams.palette import Palette
from modeler.schema.relation import Cardinality, RelationKind

# Crow's feet, the mark nearest to the box first.
ARROWS = {
    Cardinality.ZERO_OR_MORE: "crowodot",
    Cardinality.ONE_OR_MORE: "crowtee",
    Cardinality.ONE: "teetee",
    Cardinality.ZERO_OR_ONE: "teeodot",
    None: "none",
}
# A row has a port at either side; the prefixes also keep a column "head" apart from the heading.
OUT, IN = "out ", "in "
FONT = "Helvetica,Arial,sans-serif"


def to_dot(graph: Graph, *, palette: Palette | None = None) -> str:
    """Return one digraph with a cluster an app; tables outside the graph become stubs."""
    palette = palette or Palette()
    titles = dict(graph.app_titles)
    lines = [*_head("schema")]
    for app in sorted({box.app for box in graph.boxes}):
        lines.append(f"  subgraph {quote(f'cluster_{app}')} {{")
        lines.append(f"    label={quote(titles.get(app, app))};")
        lines += [f"    {_node(box, palette)}" for box in graph.boxes if box.app == app]
        lines.append("  }")
    lines += [f"  {line}" for line in _stubs(graph, palette)]
    lines += [f"  {_arc(edge, graph)}" for edge in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def quote(text: str) -> str:
    """Return a quoted DOT string that shows the text letter for letter."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escape(text: str) -> str:
    """Return the text for an HTML-like label; Graphviz reads it as XML."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        plain = plain.replace(character, entity)
    return plain


def _head(name: str) -> list[str]:
    return [
        f"digraph {quote(name)} {{",
        "  graph [rankdir=LR, nodesep=0.35, ranksep=0.9, charset=utf8, bgcolor=transparent];",
        f"  node [shape=plain, fontname={quote(FONT)}, fontsize=11];",
        f"  edge [dir=both, fontname={quote(FONT)}, fontsize=9, arrowsize=0.8];",
    ]


def _node(box: Box, palette: Palette) -> str:
    attributes = {
        "id": quote(f"table-{box.key}"),
        "class": quote(f"table {box.kind}"),
        "tooltip": quote(box.key),
        "table": quote(box.table),
        "label": _label(box, palette),
    }
    return f"{quote(box.key)} [{_attributes(attributes)}];"


def _label(box: Box, palette: Palette) -> str:
    kind = "" if box.kind in {"model", "table"} else f" «{box.kind}»"
    title = _font(f"<B>{escape(box.title)}</B>{escape(kind)}", palette.head_text)
    head = f'COLSPAN="3" ALIGN="LEFT" BGCOLOR="{palette.head}" PORT="head"'
    rows = [f"<TR><TD {head}>{title}</TD></TR>", *(_row(row, palette) for row in box.rows)]
    if box.hidden:
        noun = "column" if box.hidden == 1 else "columns"
        more = _font(f"+ {box.hidden} {noun}", palette.quiet)
        rows.append(f'<TR><TD COLSPAN="3" ALIGN="LEFT">{more}</TD></TR>')
    return (
        f'<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" '
        f'COLOR="{palette.line}" BGCOLOR="{palette.box}">{"".join(rows)}</TABLE>>'
    )


def _row(row: Row, palette: Palette) -> str:
    marks = " ".join(
        mark
        for mark, shown in (("PK", row.primary), ("FK", row.foreign), ("U", row.unique))
        if shown
    )
    name = escape(row.name)
    kind = escape(row.type) + (" null" if row.null else "") + "\u00a0"
    cells = (
        f'<TD ALIGN="LEFT" WIDTH="24" PORT="{IN}{name}">'
        f"{_font(marks or ' ', palette.mark, size=8)}</TD>",
        f'<TD ALIGN="LEFT">{_font(name, palette.text)}</TD>',
        f'<TD ALIGN="LEFT" PORT="{OUT}{name}">{_font(kind, palette.quiet)}</TD>',
    )
    return f"<TR>{''.join(cells)}</TR>"


def _font(text: str, color: str, *, size: int = 0) -> str:
    points = f' POINT-SIZE="{size}"' if size else ""
    return f'<FONT COLOR="{color}"{points}>{text}</FONT>'


def _stubs(graph: Graph, palette: Palette) -> Iterable[str]:
    """A small sign for every table outside that an edge leads to."""
    inside = {box.key for box in graph.boxes}
    outside = {end for edge in graph.edges for end in (edge.source, edge.target)} - inside
    for key in sorted(outside):
        attributes = {
            "id": quote(f"stub-{key}"),
            "class": quote("stub"),
            "shape": "box",
            "style": quote("rounded,dashed"),
            "color": quote(palette.line),
            "fontcolor": quote(palette.quiet),
            "height": "0.3",
            "URL": quote(f"#table-{key}"),
            "label": quote(key),
        }
        yield f"{quote(key)} [{_attributes(attributes)}];"


def _arc(edge: Edge, graph: Graph) -> str:
    shown = {box.key: {row.name for row in box.rows} for box in graph.boxes}
    solid = edge.enforced and edge.kind not in {PROXY, RelationKind.GENERIC_REVERSE}
    attributes = {
        "id": quote(f"relation-{edge.key}"),
        "class": quote(f"relation {edge.kind.replace(' ', '-')}"),
        "tooltip": quote(describe(edge)),
        "columns": quote(",".join(edge.columns)),
        "target_columns": quote(",".join(edge.target_columns)),
        "arrowtail": ARROWS[edge.at_source],
        "arrowhead": _arrowhead(edge),
        "style": "solid" if solid else "dashed",
    }
    loop = edge.source == edge.target
    tail = _end(edge.source, edge.columns, shown, OUT, "e")
    head = _end(edge.target, edge.target_columns, shown, OUT if loop else IN, "e" if loop else "w")
    return f"{tail} -> {head} [{_attributes(attributes)}];"


def _arrowhead(edge: Edge) -> str:
    if edge.kind == PROXY:
        return "onormal"
    return ARROWS[edge.at_target]


def _end(
    key: str, columns: tuple[str, ...], shown: dict[str, set[str]], side: str, compass: str
) -> str:
    """Return where an edge docks: at its first column's row if shown, else at the heading."""
    if key not in shown:
        return quote(key)
    if columns and columns[0] in shown[key]:
        return f"{quote(key)}:{quote(side + columns[0])}:{compass}"
    return f"{quote(key)}:head:{compass}"


def describe(edge: Edge) -> str:
    """Return an edge in words: ``orders.Order.customer: customer_id → id, CASCADE``."""
    text = edge.key
    if edge.count > 1:
        text += f": {edge.count} relations"
    if edge.columns:
        text += f": {', '.join(edge.columns)} → {', '.join(edge.target_columns)}"
    if edge.on_delete:
        text += f", on delete {edge.on_delete}"
    return text if edge.enforced else text + ", not enforced by the database"


def _attributes(attributes: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in attributes.items())
