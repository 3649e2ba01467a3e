"""Who buys, and what happened."""

from orders.models.address import Address
from orders.models.customer import Customer
from orders.models.order import Order
from orders.models.order_item import OrderItem
from orders.models.payment import Payment
from orders.models.status_change import OrderStatusChange

__all__ = ["Address", "Customer", "Order", "OrderItem", "OrderStatusChange", "Payment"]
