"""Log and history of orders are written a statement at a time, with keys that date the step.

The function makes a UUID version 7 of a moment and a name, so that a row that follows from
others has a key that follows from theirs.
"""

from __future__ import annotations

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import catalog.history
import catalog.triggers

KEY = """
CREATE FUNCTION shop_key(moment timestamptz, name text) RETURNS uuid
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN overlay(
    overlay(
        md5(name)
        PLACING lpad(to_hex(
            ((extract(epoch FROM moment) * 1000000)::bigint / 1000) << 16 | 28672
            | (extract(epoch FROM moment) * 1000000)::bigint % 1000 * 4096 / 1000
        ), 16, '0')
        FROM 1
    )
    PLACING '8' FROM 17
)::uuid;
COMMENT ON FUNCTION shop_key(timestamptz, text) IS
    'A key, UUID version 7, of this moment and name: the same for the same.';
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_addresses_of_the_customer")]

    operations = [
        migrations.RunSQL(KEY, "DROP FUNCTION shop_key(timestamptz, text)"),
        pgtrigger.migrations.RemoveTrigger(
            model_name="order",
            name="log_birth",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="order",
            name="log_transition",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="order",
            name="update_update",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="key_stays",
                sql=catalog.triggers.RuleSql(
                    condition="WHEN (OLD.id <> NEW.id)",
                    func="RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = 'The key of an order never changes.', CONSTRAINT = 'order_key_stays', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;",
                    hash="01a0fbf94477fe988386151b40bd471552c5972e",
                    operation="UPDATE",
                    pgid="pgtrigger_key_stays_74fa2",
                    table="orders_order",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="log_birth",
                sql=catalog.triggers.RuleSql(
                    func="\n        INSERT INTO orders_orderstatuschange\n            (id, order_id, from_status, to_status, actor, reason, created_at)\n        SELECT shop_key(moved.updated_at, moved.id::text || moved.status), moved.id, '',\n            moved.status, coalesce(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user', session_user), coalesce(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', ''), moved.updated_at\n        FROM moved;\n        RETURN NULL;\n    ",
                    hash="d6482edc40ec9f906ba5d1dd62f600f9e9f02188",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_log_birth_aba2c",
                    referencing="REFERENCING NEW TABLE AS moved ",
                    table="orders_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="log_transition",
                sql=catalog.triggers.BulkRuleSql(
                    func="\n        INSERT INTO orders_orderstatuschange\n            (id, order_id, from_status, to_status, actor, reason, created_at)\n        SELECT shop_key(moved.updated_at, moved.id::text || moved.status), moved.id, was.status,\n            moved.status, coalesce(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'user', session_user), coalesce(nullif(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'reason', ''), moved.updated_at\n        FROM was JOIN moved USING (id) WHERE was.status <> moved.status;\n        RETURN NULL;\n    ",
                    hash="8338210d3edd1dbf35c3b92a0e4e17eaffce1ccc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_log_transition_4e380",
                    referencing="REFERENCING OLD TABLE AS was  NEW TABLE AS moved ",
                    table="orders_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=catalog.history.BulkEventSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "orders_orderevent" ("billing_address_id", "created_at", "customer_id", "id", "order_number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shipping_address_id", "shipping_amount", "status", "subtotal", "tax_amount", "total_amount", "updated_at", "version") SELECT new_values."billing_address_id", new_values."created_at", new_values."customer_id", new_values."id", new_values."order_number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, new_values."updated_at", \'update\', new_values."id", new_values."shipping_address_id", new_values."shipping_amount", new_values."status", new_values."subtotal", new_values."tax_amount", new_values."total_amount", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."billing_address_id" IS DISTINCT FROM (new_values."billing_address_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."customer_id" IS DISTINCT FROM (new_values."customer_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."order_number" IS DISTINCT FROM (new_values."order_number") OR old_values."shipping_address_id" IS DISTINCT FROM (new_values."shipping_address_id") OR old_values."shipping_amount" IS DISTINCT FROM (new_values."shipping_amount") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."subtotal" IS DISTINCT FROM (new_values."subtotal") OR old_values."tax_amount" IS DISTINCT FROM (new_values."tax_amount") OR old_values."total_amount" IS DISTINCT FROM (new_values."total_amount")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="8e706e89081c3b7b37efa896cc4c9b1acc424c73",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d4b84",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="orders_order",
                    when="AFTER",
                ),
            ),
        ),
    ]
