"""A stored SVG on its way into a page.

It was drawn by a command of ours, and still: whoever can write one row of a table should not
be able to put a script into an administrator's browser.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from django.utils.safestring import SafeString, mark_safe

from modeler.errors import FormatError

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
ELEMENTS = frozenset(
    f"{SVG}{name}"
    for name in (
        "svg g title desc a path polygon polyline ellipse circle rect line text tspan".split()
    )
)
ATTRIBUTES = frozenset(
    "id class viewBox width height role transform d points x y x1 y1 x2 y2 cx cy r rx ry fill "
    "stroke stroke-width stroke-dasharray text-anchor font-family font-size font-weight".split()
)


def safe_svg(text: str) -> SafeString:
    """Return the picture with nothing in it but shapes, texts and links within the page.

    Raises:
        FormatError: it is not XML, or not an SVG.
    """
    # The parser of the standard library expands entities that the text itself declares.
    if "<!" in text:
        raise FormatError("The stored picture declares a document type; draw it again.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise FormatError(f"The stored picture is not XML ({error}); draw it again.") from error
    if root.tag != f"{SVG}svg":
        raise FormatError("The stored picture is no SVG; draw it again.")
    _clean(root)
    ElementTree.register_namespace("", SVG.strip("{}"))
    ElementTree.register_namespace("xlink", LINK.partition("}")[0].strip("{"))
    # Parsed, reduced to the lists above and written anew with escapes: safe to show.
    return mark_safe(ElementTree.tostring(root, encoding="unicode"))


def _clean(element: ElementTree.Element) -> None:
    for name in list(element.attrib):
        within = name == LINK and element.attrib[name].startswith("#")
        if name not in ATTRIBUTES and not within:
            del element.attrib[name]
    for child in list(element):
        if child.tag in ELEMENTS:
            _clean(child)
        else:
            element.remove(child)
