"""Rules of embedded tables on a real MongoDB: what PostgreSQL would refuse is refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from bson import Decimal128, json_util
from django.db import connection
from pymongo.errors import WriteError

from modeler.mongo.evaluator import compile_validator
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import conditions, validator
from modeler.schema.live import read_database
from tests.modeler.mongo.sync.domain import SHAPES, TABLES

FURTHER = """
CREATE UNIQUE INDEX line_light ON line (sale_id, lower(sku)) WHERE pieces < 5;
ALTER TABLE line ADD box integer, ADD UNIQUE NULLS NOT DISTINCT (sale_id, box);
ALTER TABLE line ADD CONSTRAINT line_box CHECK (box IS NULL OR box > pieces);
ALTER TABLE step ADD CONSTRAINT step_word CHECK (word <> 'never');
ALTER TABLE step ADD CONSTRAINT step_once UNIQUE (line_id, word);
ALTER TABLE card ADD CONSTRAINT card_points CHECK (points % 10 = 0);
"""


@pytest.fixture(scope="module")
def specs(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(TABLES)
        cursor.execute(FURTHER)
        connection.in_atomic_block = True
        try:
            schema = read_database(connection, alias="default")
        finally:
            connection.in_atomic_block = False
            cursor.execute("ROLLBACK")
    return {spec.name: spec for spec in aggregate_specs(schema, SHAPES)}


def line(number: int, **fields: Any) -> dict[str, Any]:
    sku = fields.get("sku", f"s{number}")
    return {
        "id": number, "sku": sku, "pieces": 1, "price": Decimal128("1.00"),
        "box": number + 9, "lower__sku": sku.lower(), "steps": [], **fields,
    }  # fmt: skip


def sale(*lines: Any, **fields: Any) -> dict[str, Any]:
    return {
        "_id": 1, "code": "A", "buyer_id": None, "total": Decimal128("1.00"),
        "made": datetime(2026, 1, 2), "facts": None, "lines": list(lines), "buyer": None,
        "labels": [], "line_count": len(lines), "pieces": None, **fields,
    }  # fmt: skip


def buyer(**fields: Any) -> dict[str, Any]:
    return {
        "_id": 1, "name": "Ada", "email": None, "area_id": None, "note": None, "card": None,
        "areas": [], **fields,
    }  # fmt: skip


STEP = {"id": 1, "word": "packed"}
# collection, document, the rule that it breaks ("" for none)
CASES = [
    ("sales", sale(), ""),
    ("sales", sale(line(1), line(2)), ""),
    ("sales", sale(line(1, pieces=0)), "line_pieces"),
    ("sales", sale(line(1), line(2, pieces=-1)), "line_pieces"),
    ("sales", sale(line(1), line(2, sku="s1", pieces=7)), "line_once"),
    ("sales", sale(line(1), line(2, sku="S1")), "line_light"),
    ("sales", sale(line(1), line(2, sku="S1", pieces=7)), ""),
    ("sales", sale(line(1, sku="é"), line(2, sku="É")), "line_light"),
    ("sales", sale(line(1, box=None), line(2)), ""),
    ("sales", sale(line(1, box=None), line(2, box=None)), "line_sale_id_box_key"),
    ("sales", sale(line(1, box=7), line(2, box=7)), "line_sale_id_box_key"),
    ("sales", sale(line(1, box=1)), "line_box"),
    ("sales", sale(line(1, steps=[STEP, {"id": 2, "word": "sent"}])), ""),
    ("sales", sale(line(1), line(2, steps=[STEP, {"id": 2, "word": "packed"}])), "step_once"),
    ("sales", sale(line(1, steps=[STEP]), line(2, steps=[{"id": 2, "word": "packed"}])), ""),
    ("sales", sale(line(1, steps=[STEP, {"id": 2, "word": "never"}])), "step_word"),
    ("sales", sale(labels=["a", "b"]), ""),
    ("sales", sale(labels=["a", "a"]), "labels uniqueItems"),
    ("sales", sale(labels=[None]), "labels.0 bsonType"),
    ("sales", sale(lines=None), "lines bsonType"),
    ("sales", sale(None), "lines.0 bsonType"),
    ("sales", sale(line(1, extra=1)), "lines.0.extra additionalProperties"),
    ("sales", sale(buyer={"name": "x" * 41}), "buyer.name maxLength"),
    ("sales", sale(line_count=-1), "line_count minimum"),
    ("buyers", buyer(), ""),
    ("buyers", buyer(card={"points": 20}), ""),
    ("buyers", buyer(card={"points": 25}), "card_points"),
    ("buyers", buyer(card={"points": -10}), "card_points_check"),
    ("buyers", buyer(areas=[{"id": 1, "name": "world"}]), ""),
    ("buyers", buyer(areas=[{"id": 1}]), "areas.0.name required"),
]


@pytest.mark.parametrize(("name", "document", "rule"), CASES)
def test_what_a_document_breaks(specs, mongo_database, name, document, rule):
    spec = specs[name]
    rules = validator(spec)
    evaluator = compile_validator(rules)
    named = [condition.name for condition in conditions(spec)]
    broken = [
        named[one.position] if one.position is not None else f"{one.place} {one.keyword}"
        for one in evaluator.broken(document)
    ]
    assert broken == ([rule] if rule else [])
    mongo_database.drop_collection("within")
    loaded = json_util.loads(json_util.dumps(rules))
    collection = mongo_database.create_collection("within", validator=loaded)
    if not rule:
        collection.insert_one(document)
    else:
        with pytest.raises(WriteError, match="failed validation"):
            collection.insert_one(document)
