"""Amounts of money: two decimals, and rules that NaN cannot pass."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

MOST = Decimal("9999999999.99")


class MoneyField(models.DecimalField):
    """An amount in the shop's currency, below ten billion."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_digits", 12)
        options.setdefault("decimal_places", 2)
        super().__init__(*args, **options)


def not_negative(field: str, *, name: str, message: str) -> models.CheckConstraint:
    """Return the check ``0 <= field``.

    The upper bound is there for NaN, which a numeric column takes and which PostgreSQL holds to
    be greater than every number.
    """
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gte": 0, f"{field}__lte": MOST}),
        name=name,
        violation_error_message=message,
    )
