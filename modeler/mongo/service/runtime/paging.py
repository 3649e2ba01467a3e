"""Pages that go on where the last one ended, however much was written since."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bson import json_util
from bson.binary import UuidRepresentation
from bson.json_util import CANONICAL_JSON_OPTIONS

from modeler.mongo.service.runtime.errors import WrongPlace

Row = TypeVar("Row")
# Canonical, so that every number comes back with the type that it had.
PLACE_OPTIONS = CANONICAL_JSON_OPTIONS.with_options(
    tz_aware=True,
    uuid_representation=UuidRepresentation.STANDARD,
)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some documents, and where to go on: None after the last."""

    documents: list[Row]
    next: str | None


def place_text(order: Sequence[str], values: Sequence[Any]) -> str:
    """Return the place after a document, as a text for addresses."""
    told = json_util.dumps(
        [list(order), list(values)],
        json_options=PLACE_OPTIONS,
    )
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def place_values(order: Sequence[str], text: str) -> list[Any]:
    """Return the values of a place.

    Raises:
        WrongPlace: it was not made by place_text for the same order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        told = base64.urlsafe_b64decode(padded.encode())
        found = json_util.loads(told.decode(), json_options=PLACE_OPTIONS)
        names, values = found
        if names == list(order) and len(values) == len(order):
            return list(values)
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise WrongPlace("That is no place of a page.") from error
    raise WrongPlace("That is a place in a list of another order.")


def after_place(
    order: Sequence[tuple[str, int]],
    values: Sequence[Any],
) -> dict[str, Any]:
    """Return a filter for what comes after a place in this order.

    Values are compared by operators only, so that none of them can be one.
    """
    ways: list[dict[str, Any]] = []
    for position, (name, direction) in enumerate(order):
        way: dict[str, Any] = {
            before: {"$eq": value}
            for (before, _), value in zip(
                order[:position],
                values,
                strict=False,
            )
        }
        beyond = "$gt" if direction > 0 else "$lt"
        way[name] = {beyond: values[position]}
        ways.append(way)
    # The first field once more, as a range that an index can start with.
    name, direction = order[0]
    bound = "$gte" if direction > 0 else "$lte"
    return {name: {bound: values[0]}, "$or": ways}


def within(document: Mapping[str, Any], path: str) -> Any:
    """Return the value of a dotted path."""
    value: Any = document
    for step in path.split("."):
        value = value[step]
    return value


def without_inner(paths: set[str]) -> list[str]:
    """Return paths of which none lies within another."""
    return sorted(
        path
        for path in paths
        if not any(path.startswith(f"{other}.") for other in paths)
    )
