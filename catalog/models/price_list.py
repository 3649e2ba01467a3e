"""Price lists and the days on which they hold."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp


class PriceList(Record):
    """The days on which one price list holds; no two hold on the same day."""

    name = models.CharField(max_length=100, db_comment="What people read.")
    valid = DateRangeField(
        db_comment="Days on which it holds, the end not included; lists never overlap."
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["valid", "id"]
        db_table_comment = "Price lists, one at a time."
        constraints = [
            # Its GiST index also answers which list holds on a day.
            ExclusionConstraint(
                expressions=[("valid", RangeOperators.OVERLAPS)],
                name="price_list_no_overlap",
                violation_error_message="Another price list holds on some of these days.",
            ),
            # An empty range overlaps nothing and would hold on no day.
            models.CheckConstraint(
                condition=Q(valid__isempty=False),
                name="price_list_valid_not_empty",
                violation_error_message="A price list holds on one day at least.",
            ),
        ]
        triggers = [Stamp()]

    def __str__(self) -> str:
        return self.name
