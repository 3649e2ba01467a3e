"""A picture whose tables are links, for a page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.formats.svg_links import with_links
from modeler.diagrams.graph import Graph


def linked_picture(graph: Graph, *, title: str, here: str) -> SafeString:
    """Return the graph as SVG; each table but ``here`` leads to its page."""
    addresses = {
        box.key: reverse("modeler:table", args=[box.key]) for box in graph.boxes if box.key != here
    }
    # Written by ourselves from escaped names, and escaped again by the serializer.
    return mark_safe(with_links(to_svg(graph, title=title), addresses, title=title))
