"""A graph with its layout as a stand-alone SVG; no other program takes part.

Every element that has a colour carries a class ``c-<purpose>`` beside the attribute, so that a
page's style sheet can put the theme's colours there; files show the light ones.
"""

from __future__ import annotations

from modeler.diagrams.formats.dot import FONT, describe
from modeler.diagrams.formats.svg_boxes import box_group
from modeler.diagrams.formats.svg_edges import dashes, ends, line
from modeler.diagrams.formats.svg_notes import note_group
from modeler.diagrams.formats.svg_paint import Paint, changed
from modeler.diagrams.formats.text import text_of
from modeler.diagrams.graph import Edge, Graph
from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import AppFrame, Layout, RoutedEdge
from modeler.diagrams.palette import Palette
from modeler.diagrams.scene import NO_MARKS, Marks

MARGIN = 8.0


def to_svg(
    graph: Graph,
    layout: Layout | None = None,
    *,
    palette: Palette | None = None,
    title: str = "Data model",
    marks: Marks = NO_MARKS,
) -> str:
    """Return the picture; equal graphs and layouts give equal bytes.

    Args:
        graph: what is shown.
        layout: made of that graph; ``arrange(graph)`` if not given.
        palette: the light one if not given.
        title: what a screen reader says of the whole.
        marks: changes to show (added, removed, altered, renamed), and notes.
    """
    layout = layout or arrange(graph)
    paint = Paint(palette or Palette())
    boxes = {box.key: box for box in graph.boxes}
    edges = {edge.key: edge for edge in graph.edges}
    x, y = layout.x - MARGIN, layout.y - MARGIN
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x:.0f} {y:.0f} {width:.0f} '
        f'{height:.0f}" width="{width:.0f}" height="{height:.0f}" role="img" class="er-picture" '
        f'font-family="{FONT}" font-size="{spacing.ROW_SIZE:.0f}">',
        f"<title>{text_of(title)}</title>",
        *(_frame(frame, paint) for frame in layout.frames),
        # Lines between apps lie below all others: they are the longest.
        *(
            _edge(edges[way.key], way, paint, marks.edges.get(way.key, ""))
            for way in sorted(layout.edges, key=lambda way: not way.between_apps)
        ),
        *(box_group(boxes[placed.key], placed, paint, marks) for placed in layout.boxes),
        *(note_group(note) for note in marks.notes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _frame(frame: AppFrame, paint: Paint) -> str:
    return (
        f'<g class="app" id="app-{text_of(frame.app)}">'
        f'<rect x="{frame.x:.1f}" y="{frame.y:.1f}" width="{frame.width:.1f}" '
        f'height="{frame.height:.1f}" rx="8" {paint.of("fill", "frame")} '
        f'{paint.of("stroke", "frame-line")} class="c-frame c-frame-line"/>'
        f'<text x="{frame.x + spacing.FRAME_PADDING:.1f}" y="{frame.y + 24:.1f}" '
        f'font-size="{spacing.FRAME_TITLE_SIZE:.0f}" font-weight="bold" '
        f'{paint.of("fill", "text")} class="c-text app-title">{text_of(frame.title)}</text></g>'
    )


def _edge(edge: Edge, way: RoutedEdge, paint: Paint, change: str) -> str:
    added, purpose = changed(change)
    colour = purpose or ("edge-far" if way.between_apps else "edge")
    stroke = f'{paint.of("stroke", colour)} class="c-{colour} c-hollow" fill="none"'
    dashed = dashes(edge)
    dash = f' stroke-dasharray="{dashed}"' if dashed else ""
    strokes, shapes = ends(edge, way)
    parts = [f'<path d="{line(way.points)}" {stroke}{dash}/>']
    if strokes:
        parts.append(f'<path d="{strokes}" {stroke}/>')
    if shapes:
        parts.append(
            f'<path d="{shapes}" {paint.of("stroke", colour)} {paint.of("fill", "box")} '
            f'class="c-{colour} c-end"/>'
        )
    return (
        f'<g class="edge relation {edge.kind.replace(" ", "-")}{added}" '
        f'id="relation-{text_of(edge.key)}"><title>{text_of(describe(edge))}</title>'
        f"{''.join(parts)}</g>"
    )
