"""Order numbers: counted by the database, so that no two services can give the same one."""

from __future__ import annotations

from django.db import migrations

NUMBERS = """
CREATE SEQUENCE shop_order_number AS bigint;
CREATE FUNCTION shop_next_order_number() RETURNS varchar LANGUAGE sql VOLATILE
RETURN 'SO-' || lpad(nextval('shop_order_number')::text, 9, '0');
COMMENT ON FUNCTION shop_next_order_number() IS 'The next order number, such as SO-000000042.';
"""

NO_NUMBERS = """
DROP FUNCTION shop_next_order_number();
DROP SEQUENCE shop_order_number;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_clock_and_keys")]

    operations = [migrations.RunSQL(NUMBERS, NO_NUMBERS)]
