"""What changed between a committed picture and the one that would be drawn now."""

from __future__ import annotations

import difflib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from modeler.errors import FormatError

SVG = "{http://www.w3.org/2000/svg}"
Facts = dict[str, str]


def picture_changes(committed: str, current: str) -> tuple[str, ...]:
    """Return the changes that lead from one SVG of ours to another, a sentence each.

    Raises:
        FormatError: the first is no SVG that modeler wrote.
    """
    old, new = _facts(committed), _facts(current)
    if old == new and committed != current:
        return ("the same tables, columns and relations, drawn differently",)
    return (
        *(f"added {name}{_said(new[name])}" for name in new if name not in old),
        *(f"removed {name}{_said(old[name])}" for name in old if name not in new),
        *(
            f"altered {name}: {old[name]} → {new[name]}"
            for name in new
            if name in old and old[name] != new[name]
        ),
    )


def text_changes(committed: str, current: str) -> tuple[str, ...]:
    """Return the lines that differ, with - and + in front of them."""
    lines = difflib.unified_diff(committed.splitlines(), current.splitlines(), lineterm="", n=0)
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _said(value: str) -> str:
    return f": {value}" if value else ""


def _facts(svg: str) -> Facts:
    """Return what an SVG says: tables, their columns with types, and relations."""
    if "<!" in svg:
        # The parser of the standard library expands entities that the text itself declares.
        raise FormatError("The committed picture declares a document type; draw it again.")
    try:
        root = ElementTree.fromstring(svg)
    except ElementTree.ParseError as error:
        raise FormatError(f"The committed picture is no SVG ({error}); draw it again.") from error
    facts: Facts = {}
    for group in root.iter(f"{SVG}g"):
        identity = group.get("id", "")
        kind, dash, name = identity.partition("-")
        if dash and kind == "table":
            facts[f"table {name}"] = ""
            facts.update(_columns(name, group))
        elif dash and kind == "relation":
            title = group.find(f"{SVG}title")
            said = (title.text or "") if title is not None else ""
            facts[f"relation {name}"] = said.removeprefix(name).removeprefix(": ")
    if not facts and root.get("class") != "er-picture":
        raise FormatError("The committed picture was not drawn by modeler; draw it again.")
    return facts


def _columns(table: str, group: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield ``column …`` with its type: the texts after the heading come in pairs."""
    name = ""
    for text in group.findall(f"{SVG}text"):
        classes = text.get("class", "").split()
        if "c-mark" in classes or "c-head-text" in classes:
            continue
        words = "".join(text.itertext())
        if text.get("text-anchor") == "end":
            yield f"column {table}.{name}", words
        else:
            name = words
