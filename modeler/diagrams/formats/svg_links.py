"""A picture whose tables lead to their pages."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from html import unescape

from modeler.diagrams.formats.text import text_of

SVG = "http://www.w3.org/2000/svg"


def with_links(svg: str, addresses: Mapping[str, str], *, title: str) -> str:
    """Return the SVG with an anchor around each table that has an address.

    Args:
        svg: what ``to_svg`` wrote.
        addresses: key of a table → where it leads.
        title: what a screen reader says of the whole.
    """
    root = ElementTree.fromstring(svg)
    # The picture leaves out what would turn or break a line.
    wanted = {f"table-{unescape(text_of(key))}": where for key, where in addresses.items()}
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            address = wanted.get(child.get("id", "")) if child.tag == f"{{{SVG}}}g" else None
            if address is not None:
                anchor = ElementTree.Element(f"{{{SVG}}}a", {"href": address})
                anchor.append(child)
                parent[place] = anchor
    # A picture of an image's role would hide its links.
    root.set("role", "group")
    root.set("aria-label", title)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode")
