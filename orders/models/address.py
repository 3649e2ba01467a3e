"""Where people live and receive."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from catalog.querysets import ShopQuerySet
from catalog.record import Record
from catalog.triggers import Stamp
from orders.models.customer import Customer
from orders.status import AddressType


class Address(Record):
    """A place to which bills or goods of one customer go."""

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="addresses",
        # The index below leads with it.
        db_index=False,
        db_comment="Whose address it is.",
    )
    address_type = models.CharField(
        "type", max_length=8, choices=AddressType, db_comment="shipping or billing."
    )
    street_line1 = models.CharField("street", max_length=200, db_comment="Street and number.")
    street_line2 = models.CharField(
        "street, second line", max_length=200, blank=True, default="", db_comment="Flat, floor."
    )
    city = models.CharField(max_length=100, db_comment="City or town.")
    state_or_province = models.CharField(
        max_length=100, blank=True, default="", db_comment="State or province, where used."
    )
    postal_code = models.CharField(max_length=20, db_comment="Postal code as written there.")
    country_code = models.CharField(
        "country", max_length=2, db_comment="Country, two letters of ISO 3166-1."
    )
    is_default = models.BooleanField(
        "default",
        default=False,
        db_default=False,
        db_comment="Offered first; one a customer and type.",
    )

    objects: Any = ShopQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["customer", "address_type", "id"]
        db_table_comment = "Where bills and goods of customers go."
        constraints = [
            # What the foreign keys of orders point to, so that an order takes only addresses of
            # its own customer.
            models.UniqueConstraint(
                fields=["id", "customer"],
                name="address_of_customer",
                violation_error_message="This address is there already.",
            ),
            models.UniqueConstraint(
                fields=["customer", "address_type"],
                condition=Q(is_default=True),
                name="address_one_default",
                violation_error_message="The customer has a default address of this type.",
            ),
            models.CheckConstraint(
                condition=Q(address_type__in=AddressType.values),
                name="address_type_known",
                violation_error_message="An address is for shipping or for billing.",
            ),
            models.CheckConstraint(
                condition=Q(country_code__regex=r"^[A-Z]{2}$"),
                name="address_country_two_letters",
                violation_error_message="A country is two capital letters, such as DE.",
            ),
        ]
        indexes = [
            # The addresses of one customer by type; covers the foreign key.
            models.Index(fields=["customer", "address_type"], name="address_customer_type"),
        ]
        triggers = [Stamp()]

    def __str__(self) -> str:
        return f"{self.street_line1}, {self.postal_code} {self.city}, {self.country_code}"
