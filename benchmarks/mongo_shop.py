"""The shop's collections on the benchmarks' servers, and orders as a developer builds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.decimal128 import Decimal128
from bson.raw_bson import RawBSONDocument
from django.db import connections
from pymongo import MongoClient
from pymongo.collection import Collection

from modeler.mongo.apply.look import look
from modeler.mongo.apply.progress import stopped
from modeler.mongo.apply.run import apply
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.drift.target import targets_of
from modeler.mongo.server import configured_url
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.processes import Job
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema


def shop_job(database: str, postgres: str, *names: str) -> Job:
    """Return what workers need to know to follow collections of the shop.

    Args:
        database: of MongoDB.
        postgres: name of the database of PostgreSQL.
        names: of collections.
    """
    schema, specs = shop_specs(*names)
    settings = {**connections["default"].settings_dict, "NAME": postgres}
    return Job(settings, "default", configured_url(), database, schema, specs)


def shop_specs(*names: str) -> tuple[Schema, tuple[CollectionSpec, ...]]:
    """Return the shop's schema, and the specifications of collections."""
    schema = read_registry()
    return schema, chosen_specs(schema, names)


def empty_collections(
    client: MongoClient[Any], database: str, specs: tuple[CollectionSpec, ...]
) -> None:
    """Make collections anew, with their validators and indexes."""
    client.drop_database(database)
    targets = targets_of(specs)
    found = look(targets, database=database)
    progress = list(apply(found.plan(targets), found.database))
    assert not stopped(progress), progress


def stored_documents(collection: Collection[Any]) -> list[dict[str, Any]]:
    """Return all documents as Python values that encode to the bytes that are stored."""
    options: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
    plain: CodecOptions[dict[str, Any]] = CodecOptions()
    raws = collection.with_options(options).find({}, sort=[("_id", 1)])
    return [bson.decode(raw.raw, plain) for raw in raws]


def orders_by_hand(using: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield documents of orders by the ORM, with what belongs to them fetched beforehand."""
    from orders.models import Order  # processes import this file before Django is set up

    chosen = (
        Order.objects.using(using)
        .select_related("customer", "billing_address", "shipping_address")
        .prefetch_related("items", "payments", "status_changes")
        .order_by("pk")[:limit]
    )
    for order in chosen.iterator(chunk_size=1_000):
        items = [_plain(item, "order_id") for item in order.items.all()]
        document = _plain(order)
        document["_id"] = document.pop("id")
        yield {
            **document,
            "items": items,
            "payments": [_plain(one, "order_id") for one in order.payments.all()],
            "history": [_plain(one, "order_id") for one in order.status_changes.all()],
            "customer": {
                "email": order.customer.email,
                "first_name": order.customer.first_name,
                "last_name": order.customer.last_name,
            },
            "billing": _address(order.billing_address),
            "shipping": _address(order.shipping_address),
            "item_count": len(items),
            "pieces": sum(item["quantity"] for item in items),
        }


def _address(address: Any) -> dict[str, Any]:
    return _plain(address, "customer_id", "created_at", "updated_at", "is_default")


def _plain(row: Any, *without: str) -> dict[str, Any]:
    """Return a row's values as pymongo takes them."""
    made = {}
    for field in row._meta.concrete_fields:
        if field.attname in without:
            continue
        value = getattr(row, field.attname)
        made[field.attname] = Decimal128(value) if hasattr(value, "as_tuple") else value
    return made
