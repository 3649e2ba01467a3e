"""An order as one document."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

# Money as text: a JSON reader would make binary floats of numbers.
_DOCUMENT = """
SELECT json_build_object(
    'id', o.id,
    'order_number', o.order_number,
    'status', o.status,
    'created_at', o.created_at,
    'customer', json_build_object(
        'id', c.id, 'first_name', c.first_name, 'last_name', c.last_name, 'email', c.email
    ),
    'subtotal', o.subtotal::text,
    'tax_amount', o.tax_amount::text,
    'shipping_amount', o.shipping_amount::text,
    'total_amount', o.total_amount::text,
    'items', coalesce((
        SELECT json_agg(
            json_build_object(
                'product_id', i.product_id,
                'sku', i.product_sku,
                'name', i.product_name,
                'quantity', i.quantity,
                'unit_price', i.unit_price::text,
                'total_price', i.total_price::text
            ) ORDER BY i.product_sku, i.id
        )
        FROM orders_orderitem AS i WHERE i.order_id = o.id
    ), '[]'::json)
)::text
FROM orders_order AS o JOIN orders_customer AS c ON c.id = o.customer_id
WHERE o.id = %s
"""


def order_document(*, order_id: UUID) -> dict[str, Any] | None:
    """Return an order with its customer and items by one query; None if there is none.

    Keys and times are text as JSON has them, amounts text with two decimals.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENT, [order_id])
        row = cursor.fetchone()
    return None if row is None else json.loads(row[0])
