"""Placing an order in MongoDB: the order and the stock it takes, or nothing.

For a service that owns these collections. Where they follow PostgreSQL, ``orders.services``
places orders, and documents come after the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bson.decimal128 import Decimal128
from bson.int64 import Int64
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from catalog.keys import uuid7
from orders.services.placing import OrderLine
from orders.status import OrderStatus

ADDRESS = (
    "id", "address_type", "street_line1", "street_line2", "city", "state_or_province",
    "postal_code", "country_code",
)  # fmt: skip
NUMBERS = "order_numbers"


class NotPlaced(ValueError):
    """An order that cannot be placed; nothing of it is stored."""


@dataclass(frozen=True, slots=True)
class Short:
    """A product of which there are not enough."""

    product_id: UUID
    name: str
    wanted: int
    left: int


class StockShort(NotPlaced):
    """There are not that many pieces.

    Attributes:
        short: every product that is short, in the order of the lines.
    """

    def __init__(self, short: tuple[Short, ...]) -> None:
        self.short = short
        named = ", ".join(f"{one.name} ({one.left} of {one.wanted})" for one in short)
        super().__init__(f"There is not enough in stock of {named}.")


def order_place(
    database: Database[dict[str, Any]],
    *,
    customer_id: UUID,
    billing_address_id: UUID,
    shipping_address_id: UUID,
    lines: Sequence[OrderLine],
    tax_amount: Decimal = Decimal(0),
    shipping_amount: Decimal = Decimal(0),
    actor: str = "service",
) -> dict[str, Any]:
    """Take the pieces from the stock, store a pending order at today's prices, and return it.

    One transaction (read concern ``snapshot``, write concern ``majority``), begun anew by the
    driver where another one was in its way.

    Args:
        database: of the shop's collections, on a replica set.
        customer_id: who buys.
        billing_address_id, shipping_address_id: of the customer's own addresses.
        lines: each product once.
        tax_amount, shipping_amount: beside the items.
        actor: who is named in the order's history.

    Raises:
        StockShort: of some product there are not enough pieces.
        NotPlaced: a product is not on sale, or the customer or an address is not there.
        OperationFailure: the validator refuses the order (code 121).
    """
    if not lines or len({line.product_id for line in lines}) < len(lines):
        raise NotPlaced("An order has lines, and each product in one of them.")
    # Outside, as a sequence is: whoever waited for a number would wait for all orders before.
    number = _next_number(database)

    def place(session: ClientSession) -> dict[str, Any]:
        now = _now()
        customer = _customer(database, customer_id, session)
        addresses = {one["id"]: one for one in customer["addresses"]}
        for address_id in (billing_address_id, shipping_address_id):
            if address_id not in addresses:
                raise NotPlaced(f"{address_id} is no address of the customer.")
        items = [
            _item(product, line, now)
            for product, line in zip(
                _stock_taken(database, lines, now, session), lines, strict=True
            )
        ]
        subtotal = sum((item["total_price"].to_decimal() for item in items), Decimal(0))
        order = {
            "_id": uuid7(),
            "created_at": now,
            "updated_at": now,
            "version": Int64(1),
            "order_number": number,
            "customer_id": customer_id,
            "billing_address_id": billing_address_id,
            "shipping_address_id": shipping_address_id,
            "status": OrderStatus.PENDING.value,
            "subtotal": _money(subtotal),
            "tax_amount": _money(tax_amount),
            "shipping_amount": _money(shipping_amount),
            "total_amount": _money(subtotal + tax_amount + shipping_amount),
            "items": items,
            "payments": [],
            "history": [_birth(actor, now)],
            "customer": {name: customer[name] for name in ("first_name", "last_name", "email")},
            "billing": {name: addresses[billing_address_id][name] for name in ADDRESS},
            "shipping": {name: addresses[shipping_address_id][name] for name in ADDRESS},
            "item_count": Int64(len(items)),
            "pieces": Int64(sum(line.quantity for line in lines)),
        }
        database["orders"].insert_one(order, session=session)
        counted = {"$inc": {"order_count": Int64(1)}}
        database["customers"].update_one({"_id": customer_id}, counted, session=session)
        return order

    with database.client.start_session() as session:
        return session.with_transaction(
            place,
            read_concern=ReadConcern("snapshot"),
            write_concern=WriteConcern("majority"),
        )


def _customer(
    database: Database[dict[str, Any]], customer_id: UUID, session: ClientSession
) -> dict[str, Any]:
    wanted = {"_id": {"$eq": customer_id}, "deleted_at": None}
    found = database["customers"].find_one(wanted, session=session)
    if found is None:
        raise NotPlaced(f"There is no customer {customer_id}.")
    return found


def _stock_taken(
    database: Database[dict[str, Any]],
    lines: Sequence[OrderLine],
    now: datetime,
    session: ClientSession,
) -> list[dict[str, Any]]:
    """Take the pieces, and return the products in the order of the lines."""
    taken: dict[UUID, dict[str, Any]] = {}
    short: dict[UUID, Short] = {}
    # Always in the same sequence, so that two orders of the same products do not cross.
    for line in sorted(lines, key=lambda line: line.product_id):
        on_sale = {"_id": {"$eq": line.product_id}, "is_active": True, "deleted_at": None}
        product = database["products"].find_one_and_update(
            {**on_sale, "inventory_count": {"$gte": line.quantity}},
            {
                "$inc": {"inventory_count": -line.quantity, "version": Int64(1)},
                "$set": {"updated_at": now},
            },
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if product is not None:
            taken[line.product_id] = product
            continue
        found = database["products"].find_one(on_sale, session=session)
        if found is None:
            raise NotPlaced(f"The product {line.product_id} is not on sale.")
        left = found["inventory_count"]
        short[line.product_id] = Short(line.product_id, found["name"], line.quantity, left)
    if short:
        raise StockShort(tuple(short[one.product_id] for one in lines if one.product_id in short))
    return [taken[line.product_id] for line in lines]


def _item(product: dict[str, Any], line: OrderLine, now: datetime) -> dict[str, Any]:
    price = product["base_price"].to_decimal()
    return {
        "id": uuid7(),
        "created_at": now,
        "updated_at": now,
        "product_id": line.product_id,
        "product_name": product["name"],
        "product_sku": product["sku"],
        "quantity": line.quantity,
        "unit_price": _money(price),
        "total_price": _money(price * line.quantity),
    }


def _birth(actor: str, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "created_at": now,
        "updated_at": now,
        "from_status": "",
        "to_status": OrderStatus.PENDING.value,
        "actor": actor,
        "reason": "",
    }


def _next_number(database: Database[dict[str, Any]]) -> str:
    """Return the next order number; as with a sequence, some may stay unused."""
    found = database[NUMBERS].find_one_and_update(
        {"_id": "orders"},
        {"$inc": {"last": Int64(1)}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    assert found is not None  # made where it was not there
    # Not the numbers of PostgreSQL, which counts for itself.
    return f"SM-{found['last']:09d}"


def _money(amount: Decimal) -> Decimal128:
    return Decimal128(amount.quantize(Decimal("0.01")))


def _now() -> datetime:
    """Return this moment to the millisecond, as BSON keeps it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
