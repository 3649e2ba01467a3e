"""Collections as the specification says, made where they are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel
from pymongo.database import Database

# What a synchronisation keeps in a document; a service does not see it.
HIDDEN = ("_sync",)


@dataclass(frozen=True)
class Index:
    """An index.

    Attributes:
        name: on the server.
        keys: field and direction, in order.
        options: as the server takes them.
        rule: the index or constraint that it stands for.
    """

    name: str
    keys: tuple[tuple[str, int | str], ...]
    options: dict[str, Any]
    rule: str


@dataclass(frozen=True)
class Definition:
    """A collection.

    Attributes:
        name: on the server.
        fields: of a document, beside _id.
        key: fields of a composite _id, in order.
        schema: what each document must be like.
        conditions: name and expression that must be true of each.
        indexes: beside the one on _id.
    """

    name: str
    fields: tuple[str, ...]
    key: tuple[str, ...]
    schema: dict[str, Any]
    conditions: tuple[tuple[str, Any], ...]
    indexes: tuple[Index, ...]

    @property
    def validator(self) -> dict[str, Any]:
        """What the server refuses documents by."""
        rules: dict[str, Any] = {"$jsonSchema": self.schema}
        expressions = [expression for _, expression in self.conditions]
        if expressions:
            rules["$expr"] = (
                expressions[0] if len(expressions) == 1 else {"$and": expressions}
            )
        return rules

    def ensure(self, database: Database[dict[str, Any]]) -> None:
        """Make the collection, its rules and indexes; again is harmless."""
        rules: dict[str, Any] = {
            "validator": self.validator,
            "validationLevel": "strict",
            "validationAction": "error",
        }
        if self.name in database.list_collection_names():
            database.command("collMod", self.name, **rules)
        else:
            database.create_collection(self.name, **rules)
        wanted = [
            IndexModel(list(index.keys), name=index.name, **index.options)
            for index in self.indexes
        ]
        if wanted:
            database[self.name].create_indexes(wanted)
