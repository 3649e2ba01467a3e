"""References that could not be set when their row was made."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError

from modeler.previews.rows.diagnostics import savepoint
from modeler.previews.rows.facts import EmptyTable, Reference
from modeler.schema.sql_text import quoted_name

# More would only write the table a second time.
MOST = 2_000


def link(cursor: Any, table: EmptyTable, reference: Reference, target: str) -> bool:
    """Let every other row refer to an earlier one, as trees do; return whether it was allowed.

    Args:
        cursor: in a transaction.
        table: whose rows refer.
        reference: a foreign key whose columns are NULL so far.
        target: name of the table it refers to, for SQL.
    """
    if any(table.by_name[name].not_null for name in reference.columns):
        return True
    names = ", ".join(quoted_name(name) for name in reference.columns)
    there = [quoted_name(name) for name in reference.target_columns]
    keys = ", ".join(there)
    values = ", ".join(f"r.{name}" for name in there)
    sql = f"""
        UPDATE {table.sql} t SET ({names}) = ROW({values})
        FROM (SELECT tableoid AS part, ctid AS place, row_number() OVER () - 1 AS n
              FROM {table.sql} LIMIT {MOST}) me
        JOIN (SELECT row_number() OVER () - 1 AS k, {keys}
              FROM (SELECT {keys} FROM {target} ORDER BY {keys} LIMIT {MOST}) f) r
          ON r.k = me.n / 2
        WHERE t.tableoid = me.part AND t.ctid = me.place AND me.n % 2 = 1
    """
    try:
        with savepoint(cursor):
            cursor.execute(sql)
    except DatabaseError:
        return False
    return True
