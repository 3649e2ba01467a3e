"""What a collection is to be: the part of a specification that a server can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from modeler.errors import FormatError
from modeler.mongo.drift.rules import condition_names
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import conditions, validator

FORMAT = "modeler.collection"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Target:
    """A collection as specified.

    Attributes:
        name: of the collection.
        validator: in Extended JSON.
        indexes: beside the one on ``_id``.
        conditions: what the parts of the validator's ``$expr`` are called, in their order.
    """

    name: str
    validator: dict[str, Any]
    indexes: tuple[IndexSpec, ...] = ()
    conditions: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, str]:
        """What the conditions are called, by their text; see ``condition_names``."""
        return condition_names(self.validator, self.conditions)


def targets_of(specs: Iterable[CollectionSpec]) -> tuple[Target, ...]:
    """Return what the collections of specifications are to be, in their order."""
    return tuple(
        Target(
            spec.name,
            validator(spec),
            spec.indexes,
            tuple(condition.name for condition in conditions(spec)),
        )
        for spec in specs
    )


def to_json(target: Target) -> str:
    """Return a target as JSON; equal targets give equal text."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "name": target.name,
        "validator": target.validator,
        "indexes": [
            {
                "name": index.name,
                "keys": [list(key) for key in index.keys],
                "options": dict(index.options),
                "source": index.source,
                "note": index.note,
            }
            for index in target.indexes
        ],
        "conditions": list(target.conditions),
    }
    return json.dumps(document, ensure_ascii=False)


def from_json(text: str) -> Target:
    """Return the target that ``to_json`` wrote.

    Raises:
        FormatError: the text is something else, or of a newer modeler.
    """
    try:
        read = json.loads(text)
        if read["format"] != FORMAT or read["version"] > VERSION:
            raise FormatError(
                f"The stored collection is {read['format']} {read['version']}, and this modeler "
                f"reads {FORMAT} up to {VERSION}. Update modeler."
            )
        return Target(
            read["name"],
            read["validator"],
            tuple(
                IndexSpec(
                    index["name"],
                    tuple((name, direction) for name, direction in index["keys"]),
                    tuple(sorted(index["options"].items())),
                    index["source"],
                    index["note"],
                )
                for index in read["indexes"]
            ),
            tuple(read["conditions"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError("The stored collection cannot be read. Apply it again.") from error
