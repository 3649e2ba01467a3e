"""Customers who spend much."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum

from orders.models import Customer, Order


def customers_over_threshold(*, threshold: Decimal) -> QuerySet[Customer]:
    """Return living customers who spent ``threshold`` or more, the best first.

    Annotates ``spent``: the totals of orders that earn. The threshold is a HAVING in a subquery,
    so only the customers above it are looked at one by one.
    """
    per_customer = (
        Order.objects.earning().order_by().values("customer").annotate(sum=Sum("total_amount"))
    )
    own = per_customer.filter(customer=OuterRef("pk")).values("sum")
    above = per_customer.filter(sum__gte=threshold).values("customer")
    money: DecimalField = DecimalField(max_digits=14, decimal_places=2)
    return (
        Customer.objects.living()
        .filter(pk__in=above)
        .annotate(spent=Subquery(own, output_field=money))
        .order_by("-spent", "id")
    )
