"""Words that are put on products."""

from __future__ import annotations

from typing import Any

from django.db import models

from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp


class Tag(Record):
    """A word that can be put on products."""

    name = models.CharField(max_length=60, db_comment="What people read.")
    slug = models.SlugField(
        max_length=70,
        # The unique constraint below has its index.
        db_index=False,
        db_comment="Name in web addresses; unique.",
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        db_table_comment = "Words that are put on products."
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="tag_slug_unique",
                violation_error_message="Another tag has this slug.",
            ),
        ]
        triggers = [Stamp()]

    def __str__(self) -> str:
        return self.name


class ProductTag(Record):
    """One tag on one product."""

    product = models.ForeignKey(
        "catalog.Product",
        on_delete=models.CASCADE,
        # The unique pair leads with it.
        db_index=False,
        db_comment="The product that carries the tag.",
    )
    tag = models.ForeignKey(
        Tag,
        on_delete=models.CASCADE,
        db_comment="The tag it carries.",
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        db_table_comment = "Which product carries which tag; each pair once."
        constraints = [
            models.UniqueConstraint(
                fields=["product", "tag"],
                name="product_tag_unique_pair",
                violation_error_message="The product carries this tag already.",
            ),
        ]
        triggers = [Stamp()]

    def __str__(self) -> str:
        return f"{self.product}: {self.tag}"
