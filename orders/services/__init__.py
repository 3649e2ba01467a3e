"""Everything that changes customers, orders and payments. Each service is one transaction."""

from orders.services.customer import customer_archive, customer_restore
from orders.services.item import (
    order_item_add,
    order_item_change,
    order_item_remove,
    order_recalculate,
)
from orders.services.payment import payment_change_status, payment_record
from orders.services.placing import OrderLine, order_place
from orders.services.status import (
    order_cancel,
    order_change_status,
    order_confirm,
    order_deliver,
    order_process,
    order_refund,
    order_ship,
)

__all__ = [
    "OrderLine",
    "customer_archive",
    "customer_restore",
    "order_cancel",
    "order_change_status",
    "order_confirm",
    "order_deliver",
    "order_item_add",
    "order_item_change",
    "order_item_remove",
    "order_place",
    "order_process",
    "order_recalculate",
    "order_refund",
    "order_ship",
    "payment_change_status",
    "payment_record",
]
