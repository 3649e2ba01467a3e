"""PNG and PDF by both programs: the same picture as the SVG, whole and at its places."""

from __future__ import annotations

import math
import re
import shutil
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import replace
from itertools import pairwise

import pytest

from modeler.diagrams import graphviz
from modeler.diagrams.formats import raster
from modeler.diagrams.formats.raster import pdf_scale, png_scale, to_pdf, to_png
from modeler.diagrams.formats.svg import MARGIN, to_svg
from modeler.diagrams.formats.xdot import SVG, to_xdot
from modeler.diagrams.formats.xdot_paths import chains
from modeler.diagrams.graph import Graph, graph_of
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.palette import Palette
from modeler.errors import FormatError
from tests.modeler.diagrams.formats.test_mermaid_parts import graph
from tests.modeler.diagrams.samples import EVIL, SHOP
from tests.parts import require_part

pytest.importorskip("pygraphviz")
GRAPH = graph_of(SHOP)
LAYOUT = arrange(GRAPH)


@pytest.fixture(params=["dot", "pygraphviz"])
def program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "dot":
        require_part("the dot command of Graphviz", shutil.which("dot"))
    for module in (graphviz, raster):
        monkeypatch.setattr(module, "engine", lambda: request.param)
    return str(request.param)


class Pixels:
    """A PNG of eight bits a channel (W3C, "PNG", 7 and 9)."""

    def __init__(self, data: bytes) -> None:
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        position, packed = 8, b""
        while position < len(data):
            length, kind = struct.unpack(">I4s", data[position : position + 8])
            body = data[position + 8 : position + 8 + length]
            position += 12 + length
            if kind == b"IHDR":
                self.width, self.height, depth, colour = struct.unpack(">IIBB", body[:10])
                assert depth == 8
                self.channels = {2: 3, 6: 4}[colour]
            elif kind == b"IDAT":
                packed += body
        self.rows = self._unfiltered(zlib.decompress(packed))

    def _unfiltered(self, raw: bytes) -> list[bytes]:
        size, step = self.width * self.channels, self.channels
        rows, before = [], bytes(size)
        for top in range(0, len(raw), size + 1):
            kind, line = raw[top], bytearray(raw[top + 1 : top + 1 + size])
            for at in range(size):
                left = line[at - step] if at >= step else 0
                corner = before[at - step] if at >= step else 0
                line[at] = (line[at] + self._guess(kind, left, before[at], corner)) & 255
            before = bytes(line)
            rows.append(before)
        return rows

    @staticmethod
    def _guess(kind: int, left: int, above: int, corner: int) -> int:
        if kind == 4:
            return min((left, above, corner), key=lambda v: abs(left + above - corner - v))
        return (0, left, above, (left + above) // 2)[kind]

    def at(self, x: float, y: float) -> str:
        """Return the colour at a place of the layout, ``#rrggbb``."""
        scale = png_scale(LAYOUT)
        column = int((x - LAYOUT.x + MARGIN) * scale) * self.channels
        row = self.rows[int((y - LAYOUT.y + MARGIN) * scale)]
        return "#" + row[column : column + 3].hex()


def test_png_shows_every_table_frame_and_edge_at_its_place(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "PIXELS_PER_POINT", 1.0)  # a quarter of the work to read it
    pixels, palette = Pixels(to_png(GRAPH, LAYOUT)), Palette()
    assert (pixels.width, pixels.height) == (
        round(LAYOUT.width + 2 * MARGIN), round(LAYOUT.height + 2 * MARGIN),
    )  # fmt: skip
    for box in LAYOUT.boxes:
        assert pixels.at(box.x + box.width - 4, box.head) == palette.head
        if box.rows:
            assert pixels.at(box.x + 3, box.y + box.height - 4) == palette.box
    for frame in LAYOUT.frames:
        assert pixels.at(frame.x + 6, frame.y + frame.height / 2) == palette.frame
    for way in LAYOUT.edges:
        dashed = way.key in {"orders.Order.payer", "shop.Vip.proxy"}
        for (x, y), (u, v) in pairwise(way.points):
            if dashed or abs(x - u) + abs(y - v) < 12:
                continue
            middle = pixels.at((x + u) / 2, (y + v) / 2)
            assert middle not in {palette.frame, palette.box, "#ffffff"}, way.key


def test_every_text_arrives_letter_for_letter_and_at_its_place(program: str) -> None:
    ours = ElementTree.fromstring(to_svg(GRAPH, LAYOUT))
    wanted = [text for e in ours.iter(f"{SVG}text") for text in e.itertext() if text.strip()]
    (svg,) = graphviz.render(
        [to_xdot(to_svg(GRAPH, LAYOUT), lift=raster._lift(program))], layout=graphviz.NO_LAYOUT
    )
    found = list(ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert [(e.text or "").replace("\u00a0", " ").strip() for e in found] == [
        text.strip() for text in wanted
    ]
    assert EVIL.replace("\n", " ").replace("\u202e", " ").strip() in [
        (e.text or "").replace("\u00a0", " ").strip() for e in found
    ]
    titles = {frame.title: frame for frame in LAYOUT.frames}
    bottom = LAYOUT.y + LAYOUT.height + MARGIN
    for element in found:
        if frame := titles.get(element.text or ""):
            assert bottom + float(element.attrib["y"]) == pytest.approx(frame.y + 24, abs=0.2)


def test_quotes_behind_backslashes_do_not_end_the_document(program: str) -> None:
    graph = Graph((replace(GRAPH.boxes[0], title='a\\"b\\\\"c\\'),), ())
    (svg,) = graphviz.render([to_xdot(to_svg(graph))], layout=graphviz.NO_LAYOUT)
    texts = [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert 'a\\"b\\\\"c\\' in [text.replace("\u200b", "").rstrip() for text in texts]


def test_pdf_is_one_page_as_large_as_the_picture(program: str) -> None:
    data = to_pdf(GRAPH, LAYOUT)
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    plain = data + b"".join(_inflated(part) for part in packed)
    boxes = re.findall(rb"/MediaBox \[ ?([\d. ]+) ?\]", plain)
    assert len(boxes) == 1
    _, _, width, height = map(float, boxes[0].split())
    assert (width, height) == pytest.approx(
        (LAYOUT.width + 2 * MARGIN, LAYOUT.height + 2 * MARGIN), abs=1.5
    )


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""


def test_an_empty_graph_is_an_empty_page(program: str) -> None:
    assert to_png(Graph((), ())).startswith(b"\x89PNG")
    assert to_pdf(Graph((), ())).startswith(b"%PDF")


def test_bytes_are_stable(program: str) -> None:
    assert to_png(GRAPH, LAYOUT) == to_png(GRAPH, LAYOUT)


@pytest.mark.parametrize(
    ("width", "height", "png", "pdf"),
    [
        (100, 100, 2.0, 1.0),
        (20_000 - 16, 100, 0.8, 0.72),
        (16_000 - 16, 16_000 - 16, 0.5, 0.9),
        (0, 0, 2.0, 1.0),
    ],
)
def test_large_pictures_are_scaled_down(width: int, height: int, png: float, pdf: float) -> None:
    layout = replace(LAYOUT, width=float(width), height=float(height))
    assert (png_scale(layout), pdf_scale(layout)) == pytest.approx((png, pdf))


def test_arcs_of_paths_stay_on_their_circle() -> None:
    (quarter,) = chains("M0 3a3 3 0 0 1 3 -3")
    assert quarter.points[-1] == pytest.approx((3, 0))
    (circle,) = chains("M7 5a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z")
    assert circle.closed and len(circle.points) == 13
    for x, y in circle.points[::3]:
        assert math.dist((x, y), (10, 5)) == pytest.approx(3)
    assert min(y for _, y in circle.points) == pytest.approx(2)
    assert max(y for _, y in circle.points) == pytest.approx(8)


def test_a_path_that_is_not_ours_is_refused() -> None:
    with pytest.raises(FormatError, match="'C' cannot be drawn"):
        chains("M0 0C1 1 2 2 3 3")


def test_without_graphviz_the_error_names_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise graphviz.GraphvizMissing

    monkeypatch.setattr(raster, "engine", missing)
    with pytest.raises(graphviz.GraphvizMissing, match="Install it with"):
        to_png(GRAPH, LAYOUT)


def test_a_picture_of_many_tables_is_drawn_whole(program: str) -> None:
    """Graphviz reads no quoted string above 16 kB: the operations come in pieces."""
    many = graph(4, 25, 6, 1)
    (svg,) = graphviz.render([to_xdot(to_svg(many))], layout=graphviz.NO_LAYOUT)
    texts = [e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert {box.title for box in many.boxes} <= set(texts)
