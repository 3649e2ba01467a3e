"""Is what is there what a statement would make? Asked of the server, by a twin on no rows.

The server rewrites expressions, so that texts never compare. The twin is made on a temporary
table with the same columns, in a transaction that is rolled back, and the two are compared as the
catalog has them.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.relation_names import relation_name
from modeler.previews.sql.commands import CreateIndex, IndexElement
from modeler.previews.sql.definitions import Constraint, Name
from modeler.schema.sql_text import quoted_name

TWIN = "modeler_twin"
# On 14 there is no indnullsnotdistinct.
INDEX = """
SELECT i.indisunique, i.indnkeyatts, am.amname::text,
       array(SELECT pg_get_indexdef(i.indexrelid, k::int, false)
             FROM generate_series(1, i.indnatts) k),
       i.indoption::text, i.indclass::text, i.indcollation::text,
       pg_get_expr(i.indpred, i.indrelid),
       coalesce((to_jsonb(i)->>'indnullsnotdistinct')::bool, false)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
WHERE i.indexrelid = %s::bigint::oid
"""
CHECK = """
SELECT pg_get_expr(conbin, conrelid), connoinherit FROM pg_constraint
WHERE oid = %s::bigint::oid
"""
FOREIGN_KEY = """
SELECT array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY o),
       array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, o)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY o),
       k.confrelid = to_regclass(%s), k.confdeltype::text, k.confupdtype::text,
       k.condeferrable, k.condeferred
FROM pg_constraint k WHERE k.oid = %s::bigint::oid
"""
ACTIONS = {
    "": "a", "no action": "a", "restrict": "r", "cascade": "c", "set null": "n",
    "set default": "d",
}  # fmt: skip


def written(name: Name) -> str:
    """Return a name as SQL has it."""
    return relation_name(name.schema, name.name)


def index_sql(command: CreateIndex, name: str, table: str) -> str:
    """Return the statement that makes the same index under other names, and not concurrently."""
    parts = ["CREATE", *(["UNIQUE"] if command.unique else []), "INDEX", name, "ON", table]
    parts += ["USING", command.method, f"({', '.join(map(_element, command.elements))})"]
    if command.include:
        parts.append(f"INCLUDE ({', '.join(map(quoted_name, command.include))})")
    if not command.nulls_distinct:
        parts.append("NULLS NOT DISTINCT")
    if command.where:
        parts.append(f"WHERE {command.where}")
    return " ".join(parts)


def same_index(connection: BaseDatabaseWrapper, command: CreateIndex, oid: int) -> bool:
    """Tell whether the index that is there is the one that the statement would make."""

    def compare(cursor: Any) -> bool:
        _twin_table(cursor, command.table)
        cursor.execute(index_sql(command, f"{TWIN}_index", f"pg_temp.{TWIN}"))
        cursor.execute("SELECT %s::regclass::oid::bigint", [f"pg_temp.{TWIN}_index"])
        (twin,) = cursor.fetchone()
        return _row(cursor, INDEX, oid) == _row(cursor, INDEX, twin)

    return _rolled_back(connection, compare)


def same_constraint(
    connection: BaseDatabaseWrapper, table: Name, wanted: Constraint, oid: int
) -> bool:
    """Tell whether a check or a foreign key that is there is the one that is declared."""

    def compare(cursor: Any) -> bool:
        if wanted.kind == "check":
            _twin_table(cursor, table)
            inherit = "" if wanted.inherited else " NO INHERIT"
            cursor.execute(
                f"ALTER TABLE pg_temp.{TWIN} ADD CONSTRAINT {TWIN}_check "
                f"CHECK ({wanted.expression}){inherit}"
            )
            cursor.execute(
                "SELECT oid::bigint FROM pg_constraint "
                "WHERE conname = %s AND conrelid = %s::regclass",
                [f"{TWIN}_check", f"pg_temp.{TWIN}"],
            )
            (twin,) = cursor.fetchone()
            return _row(cursor, CHECK, oid) == _row(cursor, CHECK, twin)
        if wanted.kind == "foreign key" and wanted.references:
            refers = wanted.references
            own, others, *rest = _row(cursor, FOREIGN_KEY, written(refers.table), oid)
            return (
                tuple(own) == wanted.columns
                and (not refers.columns or tuple(others) == refers.columns)
                and rest
                == [
                    True,
                    ACTIONS.get(refers.on_delete),
                    ACTIONS.get(refers.on_update),
                    wanted.deferrable or wanted.deferred,
                    wanted.deferred,
                ]
            )
        return False

    return _rolled_back(connection, compare)


def _element(element: IndexElement) -> str:
    text = quoted_name(element.column) if element.column else f"({element.expression})"
    if element.collation:
        text += f" COLLATE {element.collation}"
    return " ".join(filter(None, [text, element.operator_class, element.order]))


def _twin_table(cursor: Any, table: Name) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE {TWIN} (LIKE {written(table)}) ON COMMIT DROP")


def _row(cursor: Any, sql: str, *values: Any) -> list[Any]:
    cursor.execute(sql, values)
    return list(cursor.fetchone())


def _rolled_back(connection: BaseDatabaseWrapper, compare: Any) -> bool:
    """Compare in a transaction that leaves nothing; what cannot be compared is not the same."""
    try:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                same = compare(cursor)
            transaction.set_rollback(True, using=connection.alias)
            return same
    except DatabaseError:
        return False
