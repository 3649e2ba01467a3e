"""Everything that changes what is sold. Each service is one transaction.

What the database refuses arrives as IntegrityError; ``catalog.violations`` gives it words.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.acting import acting
from catalog.models import Category, Product


def product_archive(*, product_id: UUID, actor: Any = None, reason: str = "") -> Product:
    """Put a product away: it is no longer sold, and its SKU is free."""
    return _product_change(product_id, actor, reason, deleted_at=timezone.now(), is_active=False)


def product_restore(*, product_id: UUID, actor: Any = None, reason: str = "") -> Product:
    """Bring a product back.

    Raises:
        IntegrityError: ``product_sku_unique``, if its SKU was given to another meanwhile.
    """
    return _product_change(product_id, actor, reason, deleted_at=None, is_active=True)


def product_stock_change(
    *, product_id: UUID, by: int, actor: Any = None, reason: str = ""
) -> Product:
    """Add pieces to the stock, or take them with a negative number.

    Raises:
        ValidationError: at ``inventory_count``, if there are not that many.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        # One statement tests and takes, so two who take at once cannot both get the last piece.
        taken = Product.objects.filter(pk=product_id, inventory_count__gte=-by).update(
            inventory_count=F("inventory_count") + by
        )
        product = Product.objects.get(pk=product_id)
        if not taken:
            raise ValidationError(
                {
                    "inventory_count": ValidationError(
                        "Of %(name)s there are only %(left)s in stock.",
                        code="short",
                        params={"name": product.name, "left": product.inventory_count},
                    )
                }
            )
    return product


def category_move(
    *, category_id: UUID, parent_id: UUID | None, actor: Any = None, reason: str = ""
) -> Category:
    """Hang a category, with all that is below it, under another or at the top.

    Raises:
        IntegrityError: ``category_acyclic`` or ``category_not_own_parent``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        Category.objects.filter(pk=category_id).update(parent_id=parent_id)
    return Category.objects.get(pk=category_id)


def _product_change(product_id: UUID, actor: Any, reason: str, **values: Any) -> Product:
    with transaction.atomic(), acting(actor=actor, reason=reason):
        Product.objects.filter(pk=product_id).update(**values)
    return Product.objects.get(pk=product_id)
