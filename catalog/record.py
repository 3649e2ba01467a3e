"""What all rows of the shop have: a time-ordered key and two stamps."""

from __future__ import annotations

from django.db import models

from catalog.clock import ShopClock
from catalog.keys import UuidV7, uuid7


class Record(models.Model):
    """A row with a UUIDv7 key; a Stamp trigger keeps ``created_at`` and ``updated_at``."""

    # Both defaults: the database's for raw SQL, Python's because Django compares, inlines and
    # bulk-creates unsaved objects by their key.
    id = models.UUIDField(
        primary_key=True,
        default=uuid7,
        db_default=UuidV7(),
        editable=False,
        db_comment="Time-ordered key, UUID version 7.",
    )
    created_at = models.DateTimeField(
        "created",
        db_default=ShopClock(),
        editable=False,
        db_comment="When the row was born; set by trigger, never changes.",
    )
    updated_at = models.DateTimeField(
        "last changed",
        db_default=ShopClock(),
        editable=False,
        db_comment="When the row last changed; set by trigger.",
    )

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that counts its changes, so that a form opened before one can be refused."""

    version = models.BigIntegerField(
        default=1,
        db_default=1,
        editable=False,
        db_comment="Grows by one with every UPDATE; set by trigger.",
    )

    class Meta:
        abstract = True


class Archivable(models.Model):
    """A row that is put away and can be brought back; unique rules hold among the living."""

    is_active = models.BooleanField(
        "active", default=True, db_default=True, db_comment="Offered and usable now."
    )
    deleted_at = models.DateTimeField(
        "deleted",
        null=True,
        blank=True,
        editable=False,
        db_comment="When the row was put away; empty while it lives.",
    )

    class Meta:
        abstract = True

    @property
    def is_deleted(self) -> bool:
        """Whether the row is put away."""
        return self.deleted_at is not None


LIVING = models.Q(deleted_at__isnull=True)
