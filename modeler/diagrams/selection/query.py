"""A selection as the query of an address, in one canonical spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from modeler.diagrams.graph import ColumnMode
from modeler.diagrams.selection.selection import MOST_HOPS, Selection, Show
from modeler.errors import nearest_names

E = TypeVar("E", bound=StrEnum)

# Attribute of a selection → parameter. Lists repeat their parameter.
PARAMETERS = {
    "apps": "app",
    "tables": "table",
    "without": "without",
    "show": "show",
    "columns": "columns",
    "open": "open",
    "closed": "closed",
    "fold": "fold",
    "text": "text",
    "focus": "focus",
    "hops": "hops",
    "hub_degree": "hubs",
    "grow": "grow",
    "path_from": "from",
    "path_to": "to",
    "avoid": "avoid",
    "way": "way",
}
LONGEST = 8000  # characters of a query; servers refuse longer addresses
MOST_DEGREE = 100_000


def to_query(selection: Selection) -> str:
    """Return the query without ``?``; what is as it is by default is left out."""
    pairs: list[tuple[str, str]] = []
    for field in fields(Selection):
        value = getattr(selection, field.name)
        if value == field.default:
            continue
        values = value if isinstance(value, tuple) else (value,)
        pairs += [(PARAMETERS[field.name], str(each)) for each in values]
    return urlencode(pairs)


def from_query(query: str) -> tuple[Selection, tuple[str, ...]]:
    """Read a query; what cannot be read keeps its default and is said in a sentence.

    Parameters that do not belong to a selection mean nothing here.
    """
    said: list[str] = []
    if len(query) > LONGEST:
        query = query[:LONGEST].rpartition("&")[0]
        said.append("The address is too long; its end was left out. Save the view instead.")
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, []).append(value.strip())

    def many(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in given.get(name, ()) if value))

    def one(name: str) -> str:
        return next(iter(given.get(name, ())), "")

    def number(name: str, default: int, low: int, high: int) -> int:
        text = one(name)
        if not text:
            return default
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if low <= value <= high:
            return value
        said.append(f"{name}={text!r} is no number from {low} to {high}; it is {default} here.")
        return default

    default = Selection()
    return (
        Selection(
            apps=many("app"),
            tables=many("table"),
            without=many("without"),
            show=_chosen("show", many("show"), Show, said),
            columns=next(
                iter(_chosen("columns", many("columns")[:1], ColumnMode, said)), default.columns
            ),
            open=many("open"),
            closed=many("closed"),
            fold=many("fold"),
            text=one("text"),
            focus=many("focus"),
            hops=number("hops", default.hops, 0, MOST_HOPS),
            hub_degree=number("hubs", default.hub_degree, 0, MOST_DEGREE),
            grow=many("grow"),
            path_from=one("from"),
            path_to=one("to"),
            avoid=many("avoid"),
            way=number("way", default.way, -1, 99),
        ),
        tuple(said),
    )


def _chosen(name: str, values: Sequence[str], kind: type[E], said: list[str]) -> tuple[E, ...]:
    """Return the members of an enumeration, in its order."""
    members = {str(member): member for member in kind}
    for value in values:
        if value not in members:
            nearest = " or ".join(nearest_names(value, members)) or ", ".join(members)
            said.append(f"{name}={value!r} is not known. Use {nearest}.")
    return tuple(member for text, member in members.items() if text in values)
