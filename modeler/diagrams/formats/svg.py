"""A graph as SVG: Graphviz draws each connected part, we pack parts into apps, apps into one.

One picture of a whole schema comes out six to ten times as high as wide, whatever the engine
(measured); two levels give a shape that fits a screen, and cost less.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from modeler.diagrams.components import AppParts, apps_of
from modeler.diagrams.formats.dot import FONT, component_to_dot
from modeler.diagrams.graph import Graph
from modeler.diagrams.graphviz import render
from modeler.diagrams.packing import Packing, pack
from modeler.diagrams.palette import Palette

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
PART_GAP, FRAME_GAP = 26.0, 36.0
PADDING, TITLE = 20.0, 30.0
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What Graphviz drew of one part: its group, and its size in points."""

    group: ElementTree.Element
    width: float
    height: float


def to_svg(graph: Graph, *, palette: Palette | None = None, title: str = "Data model") -> str:
    """Return a stand-alone SVG.

    Every element that has a colour carries a class ``c-<purpose>`` beside the attribute, so that
    a page's style sheet can put the theme's colours there; files show the light ones.

    Raises:
        GraphvizMissing, GraphvizFailed: see ``render``.
    """
    palette = palette or Palette()
    apps = apps_of(graph)
    sources = [component_to_dot(part, palette=palette) for app in apps for part in app.parts]
    drawings = iter([_read(data, palette) for data in render(sources)])
    frames = [_frame(app, [next(drawings) for _ in app.parts], palette) for app in apps]
    packing = pack([(f.group, f.width, f.height) for f in frames], gap=FRAME_GAP)
    root = _root(packing, title)
    for placed in packing.placed:
        placed.item.set("transform", f"translate({placed.x:.1f} {placed.y:.1f})")
        root.append(placed.item)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _root(packing: Packing[ElementTree.Element], title: str) -> ElementTree.Element:
    width, height = max(packing.width, 1), max(packing.height, 1)
    root = ElementTree.Element(
        f"{{{SVG}}}svg",
        {
            "viewBox": f"0 0 {width:.0f} {height:.0f}",
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "role": "img",
            "class": "er-diagram",
        },
    )
    ElementTree.SubElement(root, f"{{{SVG}}}title").text = title
    return root


def _frame(app: AppParts, drawings: list[Drawing], palette: Palette) -> Drawing:
    """Pack an app's parts and put a titled frame around them."""
    packing = pack([(d.group, d.width, d.height) for d in drawings], gap=PART_GAP)
    name = app.title or "Tables without a model"
    width = max(packing.width, len(name) * 9.0) + 2 * PADDING
    height = packing.height + TITLE + 2 * PADDING
    group = ElementTree.Element(f"{{{SVG}}}g", {"class": "app", "id": f"app-{app.app}"})
    ElementTree.SubElement(
        group,
        f"{{{SVG}}}rect",
        {
            "width": f"{width:.1f}",
            "height": f"{height:.1f}",
            "rx": "8",
            "fill": palette.frame,
            "stroke": palette.frame_line,
            "class": "c-frame c-frame-line",
        },
    )
    text = ElementTree.SubElement(
        group,
        f"{{{SVG}}}text",
        {
            "x": f"{PADDING:.0f}",
            "y": f"{PADDING + 8:.0f}",
            "font-family": FONT,
            "font-size": "15",
            "font-weight": "bold",
            "fill": palette.text,
            "class": "c-text app-title",
        },
    )
    text.text = name
    for placed in packing.placed:
        holder = ElementTree.SubElement(
            group,
            f"{{{SVG}}}g",
            {"transform": f"translate({PADDING + placed.x:.1f} {PADDING + TITLE + placed.y:.1f})"},
        )
        holder.append(placed.item)
    return Drawing(group, width, height)


def _read(data: bytes, palette: Palette) -> Drawing:
    """Take the drawing's group out of Graphviz's document, with classes for its colours."""
    root = ElementTree.fromstring(data)
    view = [float(number) for number in root.attrib["viewBox"].split()]
    group = root.find(f"{{{SVG}}}g")
    assert group is not None, "Graphviz always writes one outermost group"
    group.attrib.pop("id", None)  # "graph0" in every part
    purposes = palette.names()
    for element in group.iter():
        _dress(element, purposes, palette)
    return Drawing(group, view[2], view[3])


def _dress(element: ElementTree.Element, purposes: dict[str, str], palette: Palette) -> None:
    # Ids of the inner anchors come from Graphviz's own counter and repeat from part to part.
    if re.fullmatch(r"a_.*", element.get("id", "")):
        del element.attrib["id"]
    classes = element.get("class", "").split()
    for attribute in ("fill", "stroke"):
        color = element.get(attribute, "").lower()
        if color in {"black", "#000000"}:
            color = palette.edge
            element.set(attribute, color)
        if color in purposes:
            classes.append(f"c-{purposes[color]}")
            if attribute == "stroke" and element.get("fill") == "none":
                classes.append("c-hollow")
    if classes:
        element.set("class", " ".join(dict.fromkeys(classes)))
