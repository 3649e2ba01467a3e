"""A collection that has something of everything, and readings of catalogs made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from modeler.mongo.drift.live import LiveCollection, LiveIndex
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.server_facts import ServerFacts, Topology

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCHEMA: dict[str, Any] = {
    "bsonType": "object",
    "required": ["_id", "number", "status", "total", "lines"],
    "properties": {
        "_id": {"bsonType": ["int", "long"]},
        "number": {"bsonType": "string", "maxLength": 20, "pattern": "^[A-Z]+"},
        "status": {"bsonType": "string", "enum": ["open", "paid", "gone"]},
        "total": {
            "bsonType": "decimal",
            "minimum": {"$numberDecimal": "0"},
            "multipleOf": {"$numberDecimal": "0.01"},
        },
        "note": {"bsonType": ["string", "null"]},
        "title": {"bsonType": "string"},
        "email": {"bsonType": "string"},
        "count": {"bsonType": "int", "maximum": {"$numberLong": "4294967296"}},
        "created": {"bsonType": "date"},
        "seen": {"bsonType": "date"},
        "lines": {
            "bsonType": "array",
            "items": {
                "bsonType": "object",
                "required": ["sku", "qty"],
                "properties": {
                    "sku": {"bsonType": "string", "maxLength": 8},
                    "qty": {"bsonType": "int", "minimum": 1},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
VALIDATOR: dict[str, Any] = {
    "$jsonSchema": SCHEMA,
    "$expr": {
        "$and": [
            {"$gte": ["$total", {"$numberDecimal": "0"}]},
            {"$lte": [{"$size": {"$ifNull": ["$lines", []]}}, 100]},
        ]
    },
}
NUMBER = IndexSpec("mdl_number", (("number", 1),), (("unique", True),), "orders_number_key")
RECENT = IndexSpec("mdl_recent", (("status", 1), ("created", -1)), (), "orders_recent")
WORDS = IndexSpec(
    "mdl_words", (("title", "text"), ("note", "text")), (("default_language", "none"),), "words"
)
OPEN = IndexSpec(
    "mdl_open", (("email", 1),),
    (
        ("collation", {"locale": "en", "strength": 2}),
        ("partialFilterExpression", {"created": {"$gte": {"$date": {"$numberLong": "0"}}}}),
        ("unique", True),
    ),
    "orders_open_email",
)  # fmt: skip
STALE = IndexSpec("mdl_stale", (("seen", 1),), (("expireAfterSeconds", 3600),), "orders_stale")
SKUS = IndexSpec("mdl_skus", (("lines.sku", 1),), (), "lines_sku")
ORDERS = Target(
    "orders",
    VALIDATOR,
    (NUMBER, RECENT, WORDS, OPEN, STALE, SKUS),
    ("total_positive", "few_lines"),
)


def facts(version: tuple[int, ...] = (6, 0, 27), **changes: Any) -> ServerFacts:
    given: dict[str, Any] = {
        "version": version,
        "compatibility": version[:2],
        "topology": Topology.REPLICA_SET,
        "writable": True,
        "max_document": 16 * 1024**2,
        "now": NOW,
    }
    return ServerFacts(**{**given, **changes})


def live_index(index: IndexSpec, **changes: Any) -> LiveIndex:
    """A live index just as specified; in changes, None takes an option away."""
    name = changes.pop("name", index.name)
    building = changes.pop("building", False)
    definition = {"v": 2, "key": dict(index.keys), "name": name, **dict(index.options), **changes}
    kept = {key: value for key, value in definition.items() if value is not None}
    return LiveIndex(name, kept, building)


def live(target: Target = ORDERS, **changes: Any) -> LiveCollection:
    """A live collection just as specified."""
    options = {"validator": target.validator, **changes.pop("options", {})}
    indexes = changes.pop("indexes", tuple(live_index(index) for index in target.indexes))
    key = LiveIndex("_id_", {"v": 2, "key": {"_id": 1}, "name": "_id_"})
    return LiveCollection(target.name, options=options, indexes=(key, *indexes), **changes)


def order(key: int, **changes: Any) -> dict[str, Any]:
    """A document that the collection takes."""
    from bson import Decimal128

    return {
        "_id": key,
        "number": f"A{key}",
        "status": "open",
        "total": Decimal128("1.50"),
        "lines": [{"sku": "x", "qty": 1}],
        "email": f"e{key}@example.org",
        **changes,
    }
