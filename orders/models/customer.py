"""People who buy."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from catalog.history import tracked
from catalog.record import LIVING, Archivable, Record, Versioned
from catalog.triggers import Stamp
from orders.querysets import CustomerQuerySet


@tracked()
class Customer(Versioned, Archivable, Record):
    """A person who buys."""

    first_name = models.CharField(max_length=80, db_comment="Given name.")
    last_name = models.CharField(max_length=80, db_comment="Family name.")
    email = models.CharField(
        "e-mail",
        max_length=254,
        db_comment="E-mail address; unique among the living, whatever the case.",
    )
    phone = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_comment="Telephone number in E.164, as +4930123456; empty if unknown.",
    )

    objects: Any = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        db_table_comment = "People who buy."
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=LIVING,
                name="customer_email_unique",
                violation_error_message="Another customer has this e-mail address.",
            ),
            # Deliberately plain, as browsers do it: one @, no blanks, a dot in the domain.
            models.CheckConstraint(
                condition=Q(email__regex=r"^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:].]+$"),
                name="customer_email_format",
                violation_error_message="An e-mail address looks like name@example.org.",
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^\+[1-9][0-9]{1,14}$"),
                name="customer_phone_e164",
                violation_error_message=(
                    "A telephone number starts with + and the country code, digits only."
                ),
            ),
        ]
        indexes = [
            # Lists in the order of the telephone book, page after page.
            models.Index(fields=["last_name", "first_name", "id"], name="customer_by_name"),
            # Newest first, the order of pages that go on.
            models.Index(fields=["-created_at", "-id"], name="customer_newest"),
            # Who calls? Only ever asked with =. The empty ones would all share one bucket.
            HashIndex(fields=["phone"], condition=~Q(phone=""), name="customer_phone_hash"),
        ]
        triggers = [Stamp(versioned=True)]

    def __str__(self) -> str:
        # Shown in logs and choices alike, so it carries no address and no number.
        return f"{self.first_name} {self.last_name}"
