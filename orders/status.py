"""The states of orders and payments."""

from __future__ import annotations

from django.db import models


class OrderStatus(models.TextChoices):
    """Where an order stands."""

    PENDING = "pending", "Pending"
    CONFIRMED = "confirmed", "Confirmed"
    PROCESSING = "processing", "Processing"
    SHIPPED = "shipped", "Shipped"
    DELIVERED = "delivered", "Delivered"
    CANCELLED = "cancelled", "Cancelled"
    REFUNDED = "refunded", "Refunded"


# Somebody has to do something about these.
OPEN = (
    OrderStatus.PENDING,
    OrderStatus.CONFIRMED,
    OrderStatus.PROCESSING,
    OrderStatus.SHIPPED,
)

# These count as revenue: the customer agreed, and has not got the money back.
EARNING = (
    OrderStatus.CONFIRMED,
    OrderStatus.PROCESSING,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
)


class PaymentStatus(models.TextChoices):
    """Where a payment stands."""

    PENDING = "pending", "Pending"
    AUTHORIZED = "authorized", "Authorized"
    CAPTURED = "captured", "Captured"
    FAILED = "failed", "Failed"
    REFUNDED = "refunded", "Refunded"


class AddressType(models.TextChoices):
    """What an address is for."""

    SHIPPING = "shipping", "Shipping"
    BILLING = "billing", "Billing"
