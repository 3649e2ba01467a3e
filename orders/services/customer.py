"""Putting customers away and bringing them back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from catalog.acting import acting
from orders.models import Customer


def customer_archive(*, customer_id: UUID, actor: Any = None, reason: str = "") -> Customer:
    """Put a customer away; the orders stay, and the e-mail address is free."""
    return _change(customer_id, actor, reason, deleted_at=timezone.now(), is_active=False)


def customer_restore(*, customer_id: UUID, actor: Any = None, reason: str = "") -> Customer:
    """Bring a customer back.

    Raises:
        IntegrityError: ``customer_email_unique``, if somebody else has the address now.
    """
    return _change(customer_id, actor, reason, deleted_at=None, is_active=True)


def _change(customer_id: UUID, actor: Any, reason: str, **values: Any) -> Customer:
    with transaction.atomic(), acting(actor=actor, reason=reason):
        Customer.objects.filter(pk=customer_id).update(**values)
    return Customer.objects.get(pk=customer_id)
