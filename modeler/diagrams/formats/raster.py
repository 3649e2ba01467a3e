"""PNG and PDF of the picture that the SVG shows, painted by Graphviz."""

from __future__ import annotations

from functools import lru_cache

from modeler.diagrams.formats.svg import MARGIN, to_svg
from modeler.diagrams.formats.xdot import lift_of, probe, to_xdot
from modeler.diagrams.graph import Graph
from modeler.diagrams.graphviz import NO_LAYOUT, engine, render
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import Layout
from modeler.diagrams.palette import Palette
from modeler.diagrams.scene import NO_MARKS, Marks

PIXELS_PER_POINT = 2.0
MOST_PIXELS, LONGEST_SIDE = 64_000_000, 16_000
# What Acrobat and PDF 1.4 take as the longest side of a page (200 inches).
LONGEST_PAGE = 14_400.0


def to_png(
    graph: Graph,
    layout: Layout | None = None,
    *,
    palette: Palette | None = None,
    title: str = "Data model",
    marks: Marks = NO_MARKS,
) -> bytes:
    """Return the picture in pixels, ``png_scale(layout)`` of them a point.

    Args:
        graph, layout, palette, title, marks: see ``to_svg``.

    Raises:
        GraphvizMissing, GraphvizFailed: see ``render``.
    """
    layout = layout or arrange(graph)
    svg = to_svg(graph, layout, palette=palette, title=title, marks=marks)
    source = to_xdot(svg, lift=_lift(engine()), dpi=72 * png_scale(layout))
    return render([source], output="png", layout=NO_LAYOUT)[0]


def to_pdf(
    graph: Graph,
    layout: Layout | None = None,
    *,
    palette: Palette | None = None,
    title: str = "Data model",
    marks: Marks = NO_MARKS,
) -> bytes:
    """Return the picture on one page of its own size, ``pdf_scale(layout)`` times.

    Args:
        graph, layout, palette, title, marks: see ``to_svg``.

    Raises:
        GraphvizMissing, GraphvizFailed: see ``render``.
    """
    layout = layout or arrange(graph)
    svg = to_svg(graph, layout, palette=palette, title=title, marks=marks)
    source = to_xdot(svg, lift=_lift(engine()), largest=LONGEST_PAGE)
    return render([source], output="pdf", layout=NO_LAYOUT)[0]


def png_scale(layout: Layout) -> float:
    """Return pixels a point: two, less where the picture would be too large to open."""
    width, height = _size(layout)
    return min(
        PIXELS_PER_POINT,
        LONGEST_SIDE / max(width, height),
        (MOST_PIXELS / (width * height)) ** 0.5,
    )


def pdf_scale(layout: Layout) -> float:
    """Return the scale of the page: one, less where it would be longer than 200 inches."""
    return min(1.0, LONGEST_PAGE / max(_size(layout)))


@lru_cache(maxsize=2)
def _lift(program: str) -> float:
    """Return how high the Graphviz of a program sets texts; asked once."""
    return lift_of(render([probe()], layout=NO_LAYOUT)[0])


def _size(layout: Layout) -> tuple[float, float]:
    return max(layout.width + 2 * MARGIN, 1.0), max(layout.height + 2 * MARGIN, 1.0)
