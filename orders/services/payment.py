"""Being paid, once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.acting import acting
from orders.models import Payment
from orders.status import PaymentStatus


def payment_record(
    *,
    order_id: UUID,
    amount: Decimal,
    idempotency_key: str,
    provider_reference: str = "",
    actor: Any = None,
    reason: str = "",
) -> Payment:
    """Record an attempt to be paid; the same key again returns what the first attempt made.

    Raises:
        ValidationError: at ``idempotency_key``, if it was used for another order or amount.
        IntegrityError: a rule of the database, such as ``payment_amount_positive``.
    """
    with transaction.atomic(), acting(actor=actor, reason=reason):
        payment, _ = Payment.objects.get_or_create(
            idempotency_key=idempotency_key,
            defaults={
                "order_id": order_id,
                "amount": amount,
                "provider_reference": provider_reference,
            },
        )
        if (payment.order_id, payment.amount) != (order_id, amount):
            raise ValidationError(
                {"idempotency_key": "This key was used for another order or amount."}
            )
    return payment


def payment_change_status(
    *,
    payment_id: UUID,
    to: PaymentStatus,
    provider_reference: str = "",
    actor: Any = None,
    reason: str = "",
) -> Payment:
    """Write down what the provider says of a payment."""
    with transaction.atomic(), acting(actor=actor, reason=reason):
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        payment.status = to
        payment.provider_reference = provider_reference or payment.provider_reference
        payment.save(update_fields=["status", "provider_reference"])
    return payment
