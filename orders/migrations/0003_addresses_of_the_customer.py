"""An order goes to addresses of its own customer: foreign keys of two columns.

Django's state has no such key, so the fields carry ``db_constraint=False`` and this migration
makes the real ones. They are checked at once, and can be put off to move a customer's addresses
and orders to another.
"""

from __future__ import annotations

from django.db import migrations


def address_key(kind: str) -> migrations.RunSQL:
    """Return the operation that binds one address of an order to the order's customer."""
    name = f"order_{kind}_address_of_customer"
    return migrations.RunSQL(
        f"""
        ALTER TABLE orders_order ADD CONSTRAINT {name}
            FOREIGN KEY ({kind}_address_id, customer_id)
            REFERENCES orders_address (id, customer_id)
            DEFERRABLE INITIALLY IMMEDIATE;
        COMMENT ON CONSTRAINT {name} ON orders_order IS
            'The {kind} address is one of the customer''s own.';
        """,
        f"ALTER TABLE orders_order DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_who_buys_and_what_happened")]

    operations = [address_key("billing"), address_key("shipping")]
