"""How many documents a second the evaluator judges, on one core, beside what encoding them takes.

An order as a shop has it: 20 fields, three items of 8 fields, ten checks, three of them inside the
items. Run: ``python -m benchmarks.mongo_evaluator [--documents N]``. No server is needed.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import bson
from bson import Decimal128, Int64
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions

from modeler.mongo.evaluator import compile_validator

GOAL, ROUNDS = 20_000, 7
STATES = ["draft", "placed", "paid", "shipped", "cancelled"]
ENCODED: CodecOptions[Any] = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)


def number(text: str) -> dict[str, str]:
    return {"$numberDecimal": text}


def money(*, null: bool = False) -> dict[str, Any]:
    return {
        "bsonType": ["decimal", "null"] if null else "decimal",
        "minimum": number("-1E8"),
        "exclusiveMinimum": True,
        "maximum": number("1E8"),
        "exclusiveMaximum": True,
        "multipleOf": number("0.01"),
    }


def text(length: int, pattern: str = "", **more: Any) -> dict[str, Any]:
    told = {"bsonType": "string", "maxLength": length, **more}
    return {**told, "pattern": pattern} if pattern else told


def document(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "bsonType": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


INT = {"bsonType": "int", "minimum": 0, "maximum": 2**31 - 1}
LONG = {"bsonType": ["long", "int"]}
ITEM = {
    "id": LONG, "product": LONG, "sku": text(40, r"(*UCP)^(?:[-\w]+)\z"), "name": text(200),
    "quantity": INT, "price": money(), "discount": money(null=True), "total": money(),
}  # fmt: skip
ORDER = {
    "_id": LONG, "number": text(20, r"^ORD-[0-9]{6,}\z"), "uid": {"bsonType": "binData"},
    "customer": LONG, "email": text(254, r"^(?:[\s\S]+@[^@\s]+)\z"),
    "status": text(12, enum=STATES), "currency": text(3, r"^[A-Z]{3}\z"), "subtotal": money(),
    "tax": money(), "shipping": money(), "discount": money(null=True), "total": money(),
    "note": text(1000), "placed_at": {"bsonType": ["date", "null"]},
    "paid_at": {"bsonType": ["date", "null"]}, "shipped_at": {"bsonType": ["date", "null"]},
    "created_at": {"bsonType": "date"}, "gift": {"bsonType": "bool"}, "priority": INT,
    "items": {"bsonType": "array", "items": document(ITEM), "maxItems": 1000, "minItems": 1},
}  # fmt: skip


def unless(kinds: dict[str, str], accepted: Any, *, start: str = "$") -> Any:
    """Guard a condition with the types that its fields need, as checks are compiled."""
    guards: list[Any] = []
    for name, kind in kinds.items():
        types = {"$type": f"{start}{name}"}
        if kind.endswith("?"):
            guards.append({"$not": [{"$in": [types, [kind[:-1], "null", "missing"]]}]})
        else:
            guards.append({"$ne": [types, kind]})
    return {"$or": [*guards, accepted]}


def present(path: str) -> Any:
    return {"$ifNull": [path, None]}


def not_before(later: str, earlier: str) -> Any:
    late, early = present(f"${later}"), present(f"${earlier}")
    told = {"$or": [{"$eq": [late, None]}, {"$eq": [early, None]}, {"$gte": [late, early]}]}
    return unless({later: "date?", earlier: "date?"}, told)


def in_items(condition: Any) -> Any:
    mapped = {"input": present("$items"), "as": "item", "in": condition}
    return {"$or": [{"$ne": [{"$type": "$items"}, "array"]},
                    {"$allElementsTrue": [{"$map": mapped}]}]}  # fmt: skip


CHECKS = [
    unless({"uid": "binData"}, {"$eq": [{"$binarySize": "$uid"}, 16]}),
    unless(
        {"subtotal": "decimal", "tax": "decimal", "shipping": "decimal", "discount": "decimal?",
         "total": "decimal"},
        {"$eq": ["$total", {"$subtract": [{"$add": ["$subtotal", "$tax", "$shipping"]},
                                          {"$ifNull": ["$discount", number("0")]}]}]},
    ),
    unless({"tax": "decimal"}, {"$gte": ["$tax", number("0")]}),
    unless({"shipping": "decimal"}, {"$gte": ["$shipping", number("0")]}),
    not_before("paid_at", "placed_at"),
    not_before("shipped_at", "paid_at"),
    unless({"status": "string", "placed_at": "date?"},
           {"$or": [{"$eq": ["$status", "draft"]}, {"$ne": [present("$placed_at"), None]}]}),
    in_items(unless({"quantity": "int"}, {"$gte": ["$$item.quantity", 1]}, start="$$item.")),
    in_items(unless({"price": "decimal"}, {"$gte": ["$$item.price", number("0")]},
                    start="$$item.")),
    in_items(unless(
        {"quantity": "int", "price": "decimal", "total": "decimal"},
        {"$eq": ["$$item.total", {"$multiply": ["$$item.price", "$$item.quantity"]}]},
        start="$$item.",
    )),
]  # fmt: skip
VALIDATOR = {"$jsonSchema": document(ORDER), "$expr": {"$and": CHECKS}}


def orders(count: int) -> list[dict[str, Any]]:
    """Return orders that the validator accepts."""
    chance = random.Random(3)
    return [order(number, chance) for number in range(count)]


def order(number: int, chance: random.Random) -> dict[str, Any]:
    prices = [Decimal(chance.randrange(1, 99_999)) / 100 for _ in range(3)]
    items = []
    for place, price in enumerate(prices):
        quantity = chance.randrange(1, 9)
        items.append({
            "id": Int64(number * 3 + place), "product": Int64(chance.randrange(9999)),
            "sku": f"SKU-{chance.randrange(99999)}", "name": "A lamp of brass" * 3,
            "quantity": quantity, "price": Decimal128(price),
            "discount": chance.choice([None, Decimal128("0.50")]),
            "total": Decimal128(price * quantity),
        })  # fmt: skip
    subtotal = sum(item["total"].to_decimal() for item in items)
    tax, shipping = (subtotal / 10).quantize(Decimal("0.01")), Decimal("4.90")
    placed = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number, milliseconds=7)
    return {
        "_id": Int64(number), "number": f"ORD-{number:08}", "uid": uuid.UUID(int=number + 1),
        "customer": Int64(chance.randrange(9999)), "email": f"customer{number}@example.org",
        "status": chance.choice(STATES), "currency": "EUR", "subtotal": Decimal128(subtotal),
        "tax": Decimal128(tax), "shipping": Decimal128(shipping), "discount": None,
        "total": Decimal128(subtotal + tax + shipping), "note": "Please ring twice. " * 3,
        "placed_at": placed, "paid_at": placed + timedelta(hours=1), "shipped_at": None,
        "created_at": placed, "gift": False, "priority": 3, "items": items,
    }  # fmt: skip


def main() -> None:
    """Print documents a second, and the ratio to encoding."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=4000)
    made = orders(parser.parse_args().documents)
    evaluator = compile_validator(VALIDATOR)
    refused = [one for one in made if not evaluator.accepts(one)]
    assert not refused, evaluator.broken(refused[0])
    broken = [{**one, "items": [*one["items"][:2], {**one["items"][2], "quantity": 0}]}
              for one in made]  # fmt: skip
    assert not any(evaluator.accepts(one) for one in broken)
    runs: dict[str, Callable[[dict[str, Any]], object]] = {
        "bson.encode": lambda one: bson.encode(one, codec_options=ENCODED),
        "accepts": evaluator.accepts,
    }
    seconds: dict[str, list[float]] = {name: [] for name in ("refuses", *runs)}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            seconds[name].append(timed(run, made))
        seconds["refuses"].append(timed(evaluator.accepts, broken))
    encoding = statistics.median(seconds["bson.encode"])
    for name in ("bson.encode", "accepts", "refuses"):
        typical, best = statistics.median(seconds[name]), min(seconds[name])
        print(
            f"{name:12} {len(made) / typical:9,.0f} documents/s (best round"
            f" {len(made) / best:9,.0f}), {encoding / typical:5.2f} × encoding's speed"
        )
    named = timed(evaluator.broken, broken)
    print(f"{'broken':12} {len(made) / named:9,.0f} documents/s")
    reached = len(made) / statistics.median(seconds["accepts"])
    print(f"bar: {GOAL:,} documents/s: {'held' if reached >= GOAL else 'MISSED'}")


def timed(run: Callable[[dict[str, Any]], object], documents: list[dict[str, Any]]) -> float:
    """Return the processor's seconds that a round takes."""
    started = time.process_time()
    for one in documents:
        run(one)
    return time.process_time() - started


if __name__ == "__main__":
    main()
