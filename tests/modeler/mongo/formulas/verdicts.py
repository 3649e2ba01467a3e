"""Which of two rows each server refuses: the second beside the first, under one unique index."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any

from bson import json_util
from django.db import IntegrityError, transaction
from pymongo.errors import DuplicateKeyError

from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import validator

Verdicts = dict[tuple[int, int], bool]


def pairs(count: int) -> list[tuple[int, int]]:
    return list(combinations_with_replacement(range(count), 2))


def put(cursor: Any, table: str, number: int, row: dict[str, Any]) -> None:
    values = {"id": number, **row}
    names, marks = ", ".join(values), ", ".join("%s" for _ in values)
    cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*values.values()])


def postgres_verdicts(cursor: Any, rows: Sequence[dict[str, Any]]) -> Verdicts:
    """Return whether PostgreSQL refuses the second row, by the numbers of both."""
    refused = {}
    for pair in pairs(len(rows)):
        try:
            with transaction.atomic():
                for number, row in enumerate(pair):
                    put(cursor, "thing", number, rows[row])
                transaction.set_rollback(True)
            refused[pair] = False
        except IntegrityError:
            refused[pair] = True
    return refused


def mongo_verdicts(
    database: Any, spec: CollectionSpec, documents: Sequence[dict[str, Any]]
) -> Verdicts:
    """Return whether MongoDB refuses the second document; every one must keep the rules."""
    database.drop_collection("thing")
    collection = database.create_collection("thing", validator=loaded(validator(spec)))
    for index in spec.indexes:
        collection.create_index(list(index.keys), name=index.name, **loaded(dict(index.options)))
    refused = {}
    for first, second in pairs(len(documents)):
        collection.delete_many({})
        collection.insert_one({**documents[first], "_id": 0})
        try:
            collection.insert_one({**documents[second], "_id": 1})
            refused[first, second] = False
        except DuplicateKeyError:
            refused[first, second] = True
    return refused


def loaded(value: Any) -> Any:
    return json_util.loads(json_util.dumps(value))
