"""A picture whose tables are links, for a page."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from html import unescape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.formats.text import text_of
from modeler.diagrams.graph import Graph

SVG = "http://www.w3.org/2000/svg"
GROUP, LINK = f"{{{SVG}}}g", f"{{{SVG}}}a"


def linked_picture(graph: Graph, *, title: str, here: str) -> SafeString:
    """Return the graph as SVG; each table but ``here`` leads to its page."""
    root = ElementTree.fromstring(to_svg(graph, title=title))
    addresses = {
        # The picture leaves out what would turn or break a line.
        f"table-{unescape(text_of(box.key))}": reverse("modeler:table", args=[box.key])
        for box in graph.boxes
        if box.key != here
    }
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            address = addresses.get(child.get("id", "")) if child.tag == GROUP else None
            if address is not None:
                link = ElementTree.Element(LINK, {"href": address})
                link.append(child)
                parent[place] = link
    # A picture of an image's role would hide its links.
    root.set("role", "group")
    root.set("aria-label", title)
    ElementTree.register_namespace("", SVG)
    # Written by ourselves from escaped names, and escaped again by the serializer.
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))
