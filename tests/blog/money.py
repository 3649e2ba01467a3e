"""A field of two columns."""

from __future__ import annotations

from typing import Any

from django.db import models


class MoneyField(models.DecimalField):
    """An amount; its currency lies in a column beside it, which this field makes."""

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        # Models of migrations have the second field written down.
        if cls.__module__ != "__fake__":
            currency = models.CharField(max_length=3, default="EUR", editable=False)
            cls.add_to_class(f"{name}_currency", currency)
