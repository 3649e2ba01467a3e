"""The functions that the shop's tables and triggers stand on.

All of it works for an owner that is no superuser and may create no roles, on PostgreSQL 14 to 18.
"""

from __future__ import annotations

from django.db import migrations

# Version 7 of RFC 9562 with twelve bits of the millisecond's fraction, as PostgreSQL 18 makes it.
# On 18 the server's own function comes first in every search path, so this one is left out.
UUID_V7 = """
DO $install$
BEGIN
    IF to_regprocedure('pg_catalog.uuidv7()') IS NULL THEN
        CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $function$
            SELECT encode(
                overlay(
                    uuid_send(gen_random_uuid())
                    PLACING int8send(
                        ((tick / 1000) << 16) | 28672 | ((tick % 1000) * 4096 / 1000)
                    )
                    FROM 1 FOR 8
                ),
                'hex'
            )::uuid
            FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS tick) AS now
        $function$;
    END IF;
END
$install$;
"""

NO_UUID_V7 = """
DO $remove$
DECLARE own regprocedure := to_regprocedure(quote_ident(current_schema()) || '.uuidv7()');
BEGIN
    IF own IS NOT NULL THEN
        EXECUTE 'DROP FUNCTION ' || own;
    END IF;
END
$remove$;
"""

# Who may execute shop_clock_set is who may set the clock. Nobody may at first: an owner's own
# right can be revoked like any other, and the owner has to take it back on purpose. A right that
# one transaction has taken and not yet committed keeps a second one from taking it too, so there
# are two functions alike, for two connections that seed side by side.
SET_CLOCK = """
CREATE FUNCTION {name}(moment timestamptz) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT set_config(
        'shop.clock',
        to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        true
    )
$$;
REVOKE ALL ON FUNCTION {name}(timestamptz) FROM PUBLIC, CURRENT_USER;
COMMENT ON FUNCTION {name}(timestamptz) IS
    'Sets the shop''s clock for this transaction; the right to execute it is the seeding right.';
"""

# Asked for every row that is written, so the current role goes without its name, and the
# session's only where it is another.
CLOCK = """
CREATE FUNCTION shop_clock(given timestamptz DEFAULT NULL) RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL RESTRICTED
RETURN CASE
    WHEN coalesce(current_setting('shop.clock', true), '') = '' THEN clock_timestamp()
    WHEN (
             has_function_privilege('shop_clock_set(timestamptz)'::regprocedure, 'EXECUTE')
             OR has_function_privilege('shop_clock_set_beside(timestamptz)'::regprocedure, 'EXECUTE')
         )
         AND (
             session_user = current_user
             OR has_function_privilege(
                 session_user, 'shop_clock_set(timestamptz)'::regprocedure, 'EXECUTE'
             )
             OR has_function_privilege(
                 session_user, 'shop_clock_set_beside(timestamptz)'::regprocedure, 'EXECUTE'
             )
         )
    THEN coalesce(given, current_setting('shop.clock')::timestamptz)
    ELSE clock_timestamp()
END;
COMMENT ON FUNCTION shop_clock(timestamptz) IS
    'The time of the shop''s triggers: the real one, unless a seeding role has set the clock.';
"""

NO_CLOCK = """
DROP FUNCTION shop_clock(timestamptz);
DROP FUNCTION shop_clock_set(timestamptz);
DROP FUNCTION shop_clock_set_beside(timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        migrations.RunSQL(UUID_V7, NO_UUID_V7),
        migrations.RunSQL(SET_CLOCK.format(name="shop_clock_set"), migrations.RunSQL.noop),
        migrations.RunSQL(SET_CLOCK.format(name="shop_clock_set_beside"), migrations.RunSQL.noop),
        migrations.RunSQL(CLOCK, NO_CLOCK),
    ]
