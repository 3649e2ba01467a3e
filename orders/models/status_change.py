"""What happened to an order, and when."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp, append_only
from orders.models.order import Order
from orders.status import OrderStatus
from orders.transitions import BIRTH, TRANSITIONS, UNBORN


class OrderStatusChange(Record):
    """One step of an order; ``created_at`` is when. Written by the order's triggers."""

    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="status_changes",
        # The index below leads with it.
        db_index=False,
        db_comment="What changed.",
    )
    from_status = models.CharField(
        "from",
        max_length=10,
        choices=OrderStatus,
        blank=True,
        default=UNBORN,
        db_default=UNBORN,
        db_comment="Where the order stood; empty when it was born.",
    )
    to_status = models.CharField(
        "to", max_length=10, choices=OrderStatus, db_comment="Where it stood then."
    )
    actor = models.CharField(
        "who",
        max_length=150,
        db_comment="Key of the user in the history context, else the role of the session.",
    )
    reason = models.TextField(
        "why", blank=True, default="", db_default="", db_comment="Reason in the history context."
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        db_table_comment = "Every step of every order; rows can only be added."
        constraints = [
            models.CheckConstraint(
                condition=Q(from_status=UNBORN, to_status=BIRTH.value)
                | Q(
                    *(
                        Q(from_status=t.source.value, to_status=t.target.value)
                        for t in TRANSITIONS
                    ),
                    _connector=Q.OR,
                ),
                name="order_status_change_legal",
                violation_error_message="An order cannot go from this status to that one.",
            ),
        ]
        indexes = [
            # The story of one order; covers the foreign key.
            models.Index(fields=["order", "created_at"], name="status_change_of_order"),
            # The largest table, written in the order of time and never changed: a few kilobytes
            # find the pages of any week.
            BrinIndex(fields=["created_at"], name="status_change_when"),
        ]
        triggers = [
            Stamp(),
            *append_only(
                "order_status_change_append_only",
                "What happened to an order can only be added to.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_status or 'new'} → {self.to_status}"
