"""Asking a real PostgreSQL whether it can read a statement, without running it."""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction

SYNTAX_ERROR = "42601"


def server_reads(sql: str) -> bool:
    """Tell whether the server's grammar accepts a text; the test needs a transaction.

    The body of a new SQL function is read when it is made, and run when it is called. Whatever
    else the server says of it (there is no such table) comes after reading.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION pg_temp.asked() RETURNS void LANGUAGE sql "
                f"AS $of_the_test${sql}$of_the_test$"
            )
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") != SYNTAX_ERROR
    return True
