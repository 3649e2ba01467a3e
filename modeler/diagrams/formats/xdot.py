"""Our SVG as drawing operations of Graphviz, so that it paints the picture that we laid out.

Graphviz lays nothing out here: the document is one invisible node of the picture's size, and the
picture is the graph's background, in the language that its layout and drawing halves speak.

Source: graphviz.org, "xdot" (operations) and "_background".
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator

from modeler.diagrams.formats.dot import FONT
from modeler.diagrams.formats.xdot_paths import Chain, Point, chains
from modeler.diagrams.metrics import text_width

SVG = "{http://www.w3.org/2000/svg}"
# Flags of a font ("t"): bold is bit 0.
REGULAR, BOLD = 0, 1
PROBE = 40.0
PIECE = 8_000
BACKSLASH = "\\"


def to_xdot(svg: str, *, lift: float = 0.0, dpi: float = 72.0, largest: float = 0.0) -> str:
    """Return a DOT document that Graphviz's engine ``nop2`` draws as the SVG shows it.

    Args:
        svg: what ``to_svg`` wrote.
        lift: by what share of its size this Graphviz sets a text too high; see ``lift_of``.
        dpi: pixels an inch, for formats made of pixels.
        largest: the longest side of the page in points, to which a larger one is scaled down; 0
            for no limit.
    """
    root = ElementTree.fromstring(svg)
    x, y, width, height = (float(number) for number in root.attrib["viewBox"].split())
    page = _Page(x, y + height, float(root.get("font-size", "11")), lift)
    operations = " +\n      ".join(map(_quoted, _pieces(page.drawn(root))))
    size = f", size={_quoted(f'{largest / 72:.3f},{largest / 72:.3f}')}" if largest else ""
    return (
        "digraph {\n"
        f"  graph [bgcolor=white, pad=0, margin=0, dpi={dpi:.3f}, charset=utf8{size},\n"
        f"    bb={_quoted(f'0,0,{width:.2f},{height:.2f}')},\n"
        f"    _background={operations}];\n"
        f"  page [shape=box, style=invis, label={_quoted('')}, fixedsize=true, "
        f"width={width / 72:.6f}, height={height / 72:.6f}, "
        f"pos={_quoted(f'{width / 2:.2f},{height / 2:.2f}')}];\n"
        "}\n"
    )


def _pieces(operations: Iterable[str]) -> Iterator[str]:
    """Yield operations joined to texts of about PIECE bytes.

    Graphviz reads no quoted string above 16 kB, but many with a plus between; each plus copies
    what came before, so that they are few.
    """
    piece, size = [""], 0
    for operation in operations:
        piece.append(operation)
        size += len(operation.encode())
        if size > PIECE:
            yield " ".join(piece)
            piece, size = [""], 0
    yield " ".join(piece)


def probe() -> str:
    """Return a document with one letter whose place ``lift_of`` reads."""
    return to_xdot(
        f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 100 100"><text x="0" y="50" '
        f'font-size="{PROBE:.0f}">H</text></svg>'
    )


def lift_of(svg: bytes) -> float:
    """Return by what share of its size Graphviz lifts a text, 0.2 to 0.05 by its version.

    Args:
        svg: what it drew of ``probe()``; all its formats agree.
    """
    (text,) = ElementTree.fromstring(svg).iter(f"{SVG}text")
    return (-float(text.attrib["y"]) - 50) / PROBE


def _quoted(text: str) -> str:
    # Within quotes DOT reads \" as a quote, a backslash before anything else as itself. No
    # escape leaves one backslash before a quote, so that something without width parts them.
    return '"' + text.replace('\\"', '\\\u200b"').replace('"', '\\"') + '"'


class _Page:
    """The page whose y grows upwards from its lower left corner.

    Args:
        left, bottom: that corner in the SVG.
        size: of text without a size of its own.
        lift: see ``to_xdot``.
    """

    def __init__(self, left: float, bottom: float, size: float, lift: float) -> None:
        self.left, self.bottom, self.size, self.lift = left, bottom, size, lift

    def at(self, points: Iterable[Point]) -> str:
        return " ".join(f"{x - self.left:.2f} {self.bottom - y:.2f}" for x, y in points)

    def drawn(self, element: ElementTree.Element) -> Iterator[str]:
        """Yield the operations of an element and what is in it, in the order of painting."""
        tag = element.tag.removeprefix(SVG)
        if tag == "rect":
            yield from self.shape(element, [_rectangle(element)])
        elif tag == "path":
            yield from self.shape(element, chains(element.attrib["d"]))
        elif tag == "text":
            yield from self.text(element)
        elif tag in {"svg", "g"}:
            for child in element:
                yield from self.drawn(child)

    def shape(self, element: ElementTree.Element, parts: list[Chain]) -> Iterator[str]:
        fill, stroke = element.get("fill", "none"), element.get("stroke", "none")
        styles = [f"setlinewidth({element.get('stroke-width', '1')})"]
        dashes = element.get("stroke-dasharray", "")
        if dashes:
            styles.append("dotted" if float(dashes.split()[0]) < 2 else "dashed")
        yield from (_operation("S", style) for style in ("solid", *styles))
        yield _operation("c", fill if stroke == "none" else stroke)
        filled = fill != "none"
        if filled:
            yield _operation("C", fill)
        for part in parts:
            yield f"{'b' if filled else 'B'} {len(part.points)} {self.at(part.points)}"

    def text(self, element: ElementTree.Element) -> Iterator[str]:
        size = float(element.get("font-size", self.size))
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        bold = element.get("font-weight") == "bold"
        pieces = [(element.text or "", bold)]
        for child in element:
            if child.tag == f"{SVG}tspan":
                pieces.append((child.text or "", child.get("font-weight") == "bold" or bold))
            pieces.append((child.tail or "", bold))
        pieces = [(text, heavy) for text, heavy in pieces if text]
        widths = [text_width(text, size, bold=heavy) for text, heavy in pieces]
        at_end = element.get("text-anchor") == "end"
        whole = sum(widths)
        color = element.get("fill", "#000000")
        yield _operation("c", color)
        start = x - whole if at_end else x
        if at_end and len(pieces) == 1:
            yield self.words(pieces[0], x, y, size, 1, whole)
        else:
            here = x - whole if at_end else x
            for piece, width in zip(pieces, widths, strict=True):
                yield self.words(piece, here, y, size, -1, width)
                here += width
        if element.get("text-decoration") == "line-through":
            middle = y - size * 0.3
            yield _operation("S", "solid")
            yield f"L 2 {self.at([(start, middle), (start + whole, middle)])}"

    def words(
        self, piece: tuple[str, bool], x: float, y: float, size: float, side: int, width: float
    ) -> str:
        text, bold = piece
        # Where a quote follows a backslash there will be one letter more; see _quoted.
        text = text.replace('\\"', '\\\u200b"')
        place = self.at([(x, y + self.lift * size)])
        return " ".join(
            (
                _operation(f"F {size:.2f}", FONT),
                f"t {BOLD if bold else REGULAR}",
                _operation(f"T {place} {side} {width:.2f}", text),
            )
        )


def _operation(name: str, text: str) -> str:
    """Return an operation that ends with a text, which is counted in bytes."""
    # Newer readers count a backslash less and take what follows: these are blanks, then.
    return f"{name} {len(text.encode())} -{text}{' ' * text.count(BACKSLASH)}"


def _rectangle(element: ElementTree.Element) -> Chain:
    x, y, width, height = (float(element.attrib[n]) for n in ("x", "y", "width", "height"))
    r = min(float(element.get("rx", "0")), width / 2, height / 2)
    path = (
        f"M{x + r} {y}h{width - 2 * r}a{r} {r} 0 0 1 {r} {r}v{height - 2 * r}"
        f"a{r} {r} 0 0 1 {-r} {r}h{2 * r - width}a{r} {r} 0 0 1 {-r} {-r}v{2 * r - height}"
        f"a{r} {r} 0 0 1 {r} {-r}Z"
        if r
        else f"M{x} {y}h{width}v{height}h{-width}Z"
    )
    return chains(path)[0]
