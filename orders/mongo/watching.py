"""A customer's orders as they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from uuid import UUID

from pymongo.database import Database


@dataclass(frozen=True, slots=True)
class OrderChange:
    """A change of an order.

    Attributes:
        operation: ``insert``, ``update`` or ``replace``.
        order: the whole order as it is now; None where it was deleted meanwhile.
        resume_token: to go on after this change, also in another process.
    """

    operation: str
    order: dict[str, Any] | None
    resume_token: Mapping[str, Any]


class OrderWatch:
    """Changes of one customer's orders, from the moment it is made on. Iterating waits."""

    def __init__(
        self,
        database: Database[dict[str, Any]],
        customer_id: UUID,
        resume_token: Mapping[str, Any] | None,
    ) -> None:
        match = {
            "operationType": {"$in": ["insert", "update", "replace"]},
            "fullDocument.customer_id": {"$eq": customer_id},
        }
        self._stream = database["orders"].watch(
            [{"$match": match}], full_document="updateLookup", resume_after=resume_token
        )

    @property
    def resume_token(self) -> Mapping[str, Any] | None:
        """The place up to which all was seen, also while nothing changes."""
        return self._stream.resume_token

    def __iter__(self) -> Iterator[OrderChange]:
        return self

    def __next__(self) -> OrderChange:
        return self._change(next(self._stream))

    def try_next(self) -> OrderChange | None:
        """Return the next change, or None if there is none for now."""
        found = self._stream.try_next()
        return None if found is None else self._change(found)

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> OrderWatch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @staticmethod
    def _change(found: Mapping[str, Any]) -> OrderChange:
        order = found.get("fullDocument")
        if order is not None:
            order.pop("_sync", None)
        return OrderChange(found["operationType"], order, found["_id"])


def watch_orders(
    database: Database[dict[str, Any]],
    customer_id: UUID,
    *,
    resume_token: Mapping[str, Any] | None = None,
) -> OrderWatch:
    """Return the changes of a customer's orders, each with the full order.

    Args:
        database: of the shop's collections, on a replica set.
        customer_id: whose orders.
        resume_token: of the last change that was seen; from now on without one.
    """
    return OrderWatch(database, customer_id, resume_token)
