"""A small valid shop, one row or two of everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Category, PriceList, Product, ProductTag, Tag
from orders.models import Address, Customer, Order, OrderItem, Payment
from orders.services import OrderLine, order_place


@dataclass
class Sample:
    """The rows, by what they are."""

    top: Category
    below: Category
    tag: Tag
    other_tag: Tag
    product_tag: ProductTag
    product: Product
    other_product: Product
    price_list: PriceList
    customer: Customer
    stranger: Customer
    billing: Address
    shipping: Address
    foreign_address: Address
    order: Order
    other_order: Order
    item: OrderItem
    payment: Payment

    def keys(self) -> dict[str, str]:
        """Return the key of every row, for raw SQL."""
        return {name: str(row.pk) for name, row in vars(self).items()}


def make_sample() -> Sample:
    """Write the sample through models and services, and return it."""
    top = Category.objects.create(name="Tools", slug="tools")
    below = Category.objects.create(name="Hammers", slug="hammers", parent=top)
    tag = Tag.objects.create(name="Steel", slug="steel")
    other_tag = Tag.objects.create(name="Wood", slug="wood")
    product = make_product(below, sku="HAM-1", name="Claw hammer", base_price=Decimal("19.90"))
    other_product = make_product(below, sku="HAM-2", name="Mallet", base_price=Decimal("12.50"))
    product_tag = ProductTag.objects.create(product=product, tag=tag)
    price_list = PriceList.objects.create(
        name="2026", valid=DateRange(date(2026, 1, 1), date(2027, 1, 1))
    )
    customer = make_customer("ada@example.org", first_name="Ada", phone="+4930123456")
    stranger = make_customer("bob@example.org", first_name="Bob")
    billing = make_address(customer, "billing", is_default=True)
    shipping = make_address(customer, "shipping", is_default=True)
    foreign_address = make_address(stranger, "billing")
    orders = [
        order_place(
            customer_id=customer.pk,
            billing_address_id=billing.pk,
            shipping_address_id=shipping.pk,
            lines=[OrderLine(product.pk, quantity)],
            shipping_amount=Decimal("4.90"),
        )
        for quantity in (2, 1)
    ]
    payment = Payment.objects.create(
        order=orders[0], amount=orders[0].total_amount, idempotency_key="first"
    )
    return Sample(
        top,
        below,
        tag,
        other_tag,
        product_tag,
        product,
        other_product,
        price_list,
        customer,
        stranger,
        billing,
        shipping,
        foreign_address,
        *orders,
        OrderItem.objects.get(order=orders[0]),
        payment,
    )


def make_product(category: Category, **values: Any) -> Product:
    """Write a product with ten pieces in stock."""
    return Product.objects.create(**{"category": category, "inventory_count": 10, **values})


def make_customer(email: str, **values: Any) -> Customer:
    """Write a customer."""
    return Customer.objects.create(
        **{"first_name": "Ada", "last_name": "Smith", "email": email, **values}
    )


def make_address(customer: Customer, kind: str, **values: Any) -> Address:
    """Write an address of a customer."""
    return Address.objects.create(
        **{
            "customer": customer,
            "address_type": kind,
            "street_line1": "Main Street 1",
            "city": "Berlin",
            "postal_code": "10115",
            "country_code": "DE",
            **values,
        }
    )
