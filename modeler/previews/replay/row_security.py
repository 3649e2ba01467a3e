"""Row-level security, which a superuser of the shadow would pass without noticing it."""

from __future__ import annotations

import os

from django.db.backends.base.base import BaseDatabaseWrapper

IS_PASSED_OVER = """
SELECT r.rolsuper OR r.rolbypassrls
  FROM pg_roles r
 WHERE r.rolname = current_user
   AND EXISTS (SELECT FROM pg_class c WHERE c.relforcerowsecurity AND c.relname = ANY(%s))
"""


def obey_row_security(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    """Go on as a role of no privilege where the owner of a table is not exempt from its policies.

    Without FORCE ROW LEVEL SECURITY the project's user, who owns its tables, is exempt (manual,
    section 5.9), and nothing is done. The role is made in the open transaction and goes with it.

    Args:
        connection: inside a transaction that will be rolled back.
        tables: names, as in ``db_table``.
    """
    with connection.cursor() as cursor:
        cursor.execute(IS_PASSED_OVER, [tables])
        if not (cursor.fetchone() or (False,))[0]:
            return
        role = f"modeler_replay_{os.getpid()}"
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        cursor.execute(f"GRANT ALL ON SCHEMA {schema} TO {role}")
        for kind in ("TABLES", "SEQUENCES"):
            cursor.execute(f"GRANT ALL ON ALL {kind} IN SCHEMA {schema} TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")
