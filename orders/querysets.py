"""Chainable questions about who buys and what happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db.models import Count, DecimalField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.querysets import ArchivableQuerySet, ShopQuerySet
from orders.status import EARNING, OPEN


class CustomerQuerySet(ArchivableQuerySet):
    """Questions about customers."""

    def in_order(self) -> Self:
        """Order as in the telephone book."""
        return self.order_by("last_name", "first_name", "id")

    def with_orders(self) -> Self:
        """Annotate ``order_count`` and ``spent`` (orders that earn), and prefetch ``orders``.

        Subqueries, not joins: two joins would multiply each other's rows.
        """
        from orders.models import Order

        own = Order.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
        money: DecimalField = DecimalField(max_digits=14, decimal_places=2)
        spent = own.filter(status__in=EARNING).annotate(sum=Sum("total_amount")).values("sum")
        return self.annotate(
            order_count=Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0),
            spent=Coalesce(Subquery(spent, output_field=money), Decimal(0), output_field=money),
        ).prefetch_related("orders")


class OrderQuerySet(ShopQuerySet):
    """Questions about orders."""

    def active(self) -> Self:
        """Keep open orders, which somebody has to do something about."""
        return self.filter(status__in=OPEN)

    def earning(self) -> Self:
        """Keep orders that count as revenue."""
        return self.filter(status__in=EARNING)
