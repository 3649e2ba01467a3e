"""Boxes of an SVG: a heading, and a line a column."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.diagrams.formats.svg_paint import Paint, changed, struck
from modeler.diagrams.formats.text import text_of
from modeler.diagrams.graph import Box, Row
from modeler.diagrams.layout import spacing
from modeler.diagrams.layout.measure import PLAIN
from modeler.diagrams.layout.placement import PlacedBox
from modeler.diagrams.scene import Marks

BASELINE = 0.35  # of a font's size: from the middle of a line down to its letters' foot
ROUND = 3


def box_group(box: Box, placed: PlacedBox, paint: Paint, marks: Marks) -> str:
    """Return a table's group."""
    change = marks.tables.get(box.key, "")
    added, purpose = changed(change)
    kind = "" if box.kind in PLAIN else f" «{box.kind}»"
    said = f"{box.key}: {box.label}" if box.label else box.key
    border, head = purpose or "line", purpose or "head"
    thick = ' stroke-width="2.5"' if purpose else ""
    baseline = placed.head + spacing.TITLE_SIZE * BASELINE
    return "".join(
        [
            f'<g class="table {box.kind}{added}" id="table-{text_of(box.key)}">'
            f"<title>{text_of(said)}</title>"
            f'<rect x="{placed.x:.1f}" y="{placed.y:.1f}" width="{placed.width:.1f}" '
            f'height="{placed.height:.1f}" rx="{ROUND}" {paint.of("fill", "box")} '
            f'{paint.of("stroke", border)} class="c-box c-{border}"{thick}/>'
            f'<path d="{_head(placed)}" {paint.of("fill", head)} class="c-{head}"/>'
            f'<text x="{placed.x + spacing.SIDE:.1f}" y="{baseline:.1f}" '
            f'font-size="{spacing.TITLE_SIZE:.0f}" {paint.of("fill", "head-text")} '
            f'class="c-head-text"{struck(change)}>'
            f'<tspan font-weight="bold">{text_of(box.title)}</tspan>{text_of(kind)}</text>',
            *_rows(box, placed, paint, marks),
            "</g>",
        ]
    )


def _rows(box: Box, placed: PlacedBox, paint: Paint, marks: Marks) -> Iterator[str]:
    changes = marks.columns.get(box.key, {})
    left, right = placed.x + spacing.SIDE, placed.x + placed.width - spacing.SIDE
    shift = spacing.ROW_SIZE * BASELINE
    y = placed.head + spacing.HEAD_HEIGHT / 2 - spacing.ROW_HEIGHT / 2
    for row, middle in zip(box.rows, placed.rows, strict=True):
        y = middle
        yield _row(row, left, right, y + shift, paint, changes.get(row.name, ("", "")))
    if box.hidden:
        noun = "column" if box.hidden == 1 else "columns"
        yield (
            f'<text x="{left:.1f}" y="{y + spacing.ROW_HEIGHT + shift:.1f}" '
            f'{paint.of("fill", "quiet")} class="c-quiet">+ {box.hidden} {noun}</text>'
        )


def _row(
    row: Row, left: float, right: float, y: float, paint: Paint, change: tuple[str, str]
) -> str:
    marks = " ".join(
        mark
        for mark, shown in (("PK", row.primary), ("FK", row.foreign), ("U", row.unique))
        if shown
    )
    kind = f"{row.type} null" if row.null else row.type
    added, purpose = changed(change[0])
    colour = purpose or "text"
    weight = ' font-weight="bold"' if purpose else ""
    mark = (
        f'<text x="{left:.1f}" y="{y - 0.5:.1f}" font-size="8" {paint.of("fill", "mark")} '
        f'class="c-mark">{marks}</text>'
    )
    told = f"<title>{text_of(change[1])}</title>" if change[1] else ""
    return (
        f"{mark if marks else ''}"
        f'<text x="{left + spacing.MARKS:.1f}" y="{y:.1f}" {paint.of("fill", colour)} '
        f'class="c-{colour}{added}"{struck(change[0])}{weight}>{told}{text_of(row.name)}</text>'
        f'<text x="{right:.1f}" y="{y:.1f}" text-anchor="end" {paint.of("fill", "quiet")} '
        f'class="c-quiet"{struck(change[0])}>{text_of(kind)}</text>'
    )


def _head(placed: PlacedBox) -> str:
    """Return the heading's shape: round above, straight below."""
    height = min(spacing.HEAD_HEIGHT, placed.height)
    return (
        f"M{placed.x:.1f} {placed.y + height:.1f}v{ROUND - height:.1f}"
        f"a{ROUND} {ROUND} 0 0 1 {ROUND} -{ROUND}h{placed.width - 2 * ROUND:.1f}"
        f"a{ROUND} {ROUND} 0 0 1 {ROUND} {ROUND}v{height - ROUND:.1f}Z"
    )
