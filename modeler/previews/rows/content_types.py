"""Django's content types: rows that say which models there are.

Generated ones would name models that nobody has, and migrations ask for those of their own. So
they are made from the tables that exist, as Django names them: label, underscore, model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps

from modeler.previews.rows.facts import EmptyTable
from modeler.schema.sql_text import quoted_text

TABLE = "django_content_type"


def model_of(table: str, labels: Iterable[str]) -> tuple[str, str] | None:
    """Return the app's label and the model that a table's default name says; None for none.

    Args:
        table: its bare name.
        labels: of the apps that are known; the longest that fits counts, else what stands
            before the first underscore.
    """
    fitting = [label for label in labels if table.startswith(f"{label}_")]
    label = max(fitting, key=len) if fitting else table.partition("_")[0]
    model = table[len(label) + 1 :]
    return (label, model) if label and model else None


def content_types(cursor: Any, table: EmptyTable) -> int:
    """Fill an empty table of content types; return how many rows it received."""
    cursor.execute("SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND "
                   "relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = %s) "
                   "ORDER BY relname", [table.oid])  # fmt: skip
    return _added(
        cursor, table.sql, (row[0] for row in cursor.fetchall()), "name" in table.by_name
    )


def further_content_types(cursor: Any, names: Iterable[str]) -> None:
    """Add what is missing for these tables, where content types are kept already."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.oid AND attname = 'name' "
        "AND NOT attisdropped) FROM pg_class c WHERE c.oid = to_regclass(%s) AND c.relkind = 'r'",
        [TABLE],
    )
    found = cursor.fetchone()
    if found is not None:
        _added(cursor, TABLE, names, found[0])


def _added(cursor: Any, table: str, names: Iterable[str], named: bool) -> int:
    labels = [config.label for config in apps.get_app_configs()] if apps.apps_ready else []
    known = dict.fromkeys(filter(None, (model_of(name, labels) for name in names)))
    if not known:
        return 0
    values = ", ".join(
        f"({quoted_text(label[:100])}, {quoted_text(model[:100])}"
        + (f", {quoted_text(model[:100])})" if named else ")")
        for label, model in known
    )
    columns = "app_label, model" + (", name" if named else "")
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values} ON CONFLICT DO NOTHING")
    return int(cursor.rowcount)
