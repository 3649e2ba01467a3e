"""The indexes of orders are spared deduplication; see the comment of the model.

Those of the primary key and of the order number belong to constraints, so SQL sets theirs.
"""

from __future__ import annotations

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# Of those that another migration named, or the server.
CONSTRAINTS = """
DO $set$
DECLARE
    tree regclass;
BEGIN
    FOR tree IN
        SELECT conindid FROM pg_constraint
        WHERE conrelid = 'orders_order'::regclass AND contype IN ('p', 'u')
    LOOP
        EXECUTE format('ALTER INDEX %s SET (deduplicate_items = {value})', tree);
    END LOOP;
END
$set$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_steps_in_bulk"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="order",
            name="order_of_customer",
        ),
        migrations.RemoveIndex(
            model_name="order",
            name="order_open",
        ),
        migrations.RemoveIndex(
            model_name="order",
            name="order_newest",
        ),
        migrations.AlterField(
            model_name="order",
            name="billing_address",
            field=models.ForeignKey(
                db_comment="The billing address; one of the customer's own.",
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="billing_orders",
                to="orders.address",
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="shipping_address",
            field=models.ForeignKey(
                db_comment="The shipping address; one of the customer's own.",
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipping_orders",
                to="orders.address",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.BTreeIndex(
                deduplicate_items=False,
                fields=["customer", "status", "-created_at"],
                name="order_of_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.BTreeIndex(
                condition=models.Q(
                    ("status__in", ["pending", "confirmed", "processing", "shipped"])
                ),
                deduplicate_items=False,
                fields=["created_at", "id"],
                name="order_open",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.BTreeIndex(
                deduplicate_items=False, fields=["-created_at", "-id"], name="order_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.BTreeIndex(
                deduplicate_items=False, fields=["billing_address"], name="order_billed_to"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.BTreeIndex(
                deduplicate_items=False, fields=["shipping_address"], name="order_shipped_to"
            ),
        ),
        migrations.RunSQL(CONSTRAINTS.format(value="off"), CONSTRAINTS.format(value="on")),
    ]
