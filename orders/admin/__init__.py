"""The admin pages of who buys and what happened."""

from orders.admin.address import AddressAdmin
from orders.admin.customer import CustomerAdmin
from orders.admin.order import OrderAdmin
from orders.admin.order_item import OrderItemAdmin
from orders.admin.payment import PaymentAdmin
from orders.admin.status_change import OrderStatusChangeAdmin

__all__ = [
    "AddressAdmin",
    "CustomerAdmin",
    "OrderAdmin",
    "OrderItemAdmin",
    "OrderStatusChangeAdmin",
    "PaymentAdmin",
]
