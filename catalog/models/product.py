"""The things that are sold."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from catalog.history import tracked
from catalog.models.category import Category
from catalog.models.tag import ProductTag, Tag
from catalog.money import MoneyField, not_negative
from catalog.querysets import ProductQuerySet
from catalog.record import LIVING, Archivable, Record, Versioned
from catalog.triggers import Stamp


@tracked(exclude=("search_vector",))
class Product(Versioned, Archivable, Record):
    """A thing that is sold, with its price now and its stock."""

    sku = models.CharField(
        "SKU", max_length=40, db_comment="Stock keeping unit; unique among the living."
    )
    name = models.CharField(max_length=200, db_comment="What people read.")
    description = models.TextField(blank=True, default="", db_comment="Text of its page.")
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="products",
        # Wanted for all products; the partial index below knows only what is on sale.
        db_index=True,
        db_comment="Where it is filed.",
    )
    base_price = MoneyField(db_comment="Price of one piece before tax; not negative.")
    inventory_count = models.IntegerField(
        "in stock", default=0, db_default=0, db_comment="Pieces in stock; not negative."
    )
    attributes = models.JSONField(
        default=dict, blank=True, db_comment="Colour, size and whatever else tells it apart."
    )
    tags = models.ManyToManyField(Tag, through=ProductTag, related_name="products", blank=True)
    search_vector = models.GeneratedField(
        expression=(
            SearchVector("name", "sku", weight="A", config="english")
            + SearchVector("description", weight="B", config="english")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
        db_comment="Words of name, SKU and description; kept by the database.",
    )

    objects: Any = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        db_table_comment = "Things that are sold."
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                condition=LIVING,
                name="product_sku_unique",
                violation_error_message="Another product has this SKU.",
            ),
            not_negative(
                "base_price",
                name="product_base_price_not_negative",
                message="The price cannot be negative.",
            ),
            models.CheckConstraint(
                condition=Q(inventory_count__gte=0),
                name="product_inventory_not_negative",
                violation_error_message="There are not that many pieces in stock.",
            ),
        ]
        indexes = [
            # The shop window: what is on sale in a category, by price.
            models.Index(
                fields=["category", "base_price"],
                condition=LIVING & Q(is_active=True),
                name="product_on_sale",
            ),
            # Lists in the order of the alphabet, however the names are written.
            models.Index(Lower("name"), "id", name="product_name_any_case"),
            # Newest first, the order of pages that go on.
            models.Index(fields=["-created_at", "-id"], name="product_newest"),
            # Full-text search.
            GinIndex(fields=["search_vector"], name="product_search"),
            # attributes @> '{"colour": "red"}'; half the size of the default operator class.
            GinIndex(
                fields=["attributes"], opclasses=["jsonb_path_ops"], name="product_attributes"
            ),
        ]
        triggers = [Stamp(versioned=True)]

    def __str__(self) -> str:
        return self.name
