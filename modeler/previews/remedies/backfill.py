"""The function that fills a column in batches, as it stands in a migration.

It needs nothing of modeler, since migrations outlive the tools that wrote them.
"""

from __future__ import annotations

from modeler.previews.remedies.change import Fill
from modeler.previews.remedies.python_text import string

FIRST, LEAST, MOST = 500, 50, 10_000  # rows in one transaction
AIM = 0.03  # seconds that a transaction takes: so long wait those who write one of its rows
LIMIT = 100  # milliseconds after which it is given up for a smaller one
LONGEST = 60_000  # milliseconds that a single row may take

# Read by migrate_safely; nothing of modeler is needed to run the file.
RESUMABLE = "# A stopped run goes on without a question.\n{name}.resumable = True"
IMPORTS = ("import time", "from django.db import OperationalError, transaction")

# Needs functions ``keys_after(key, size)`` and ``change(first, last)``, and the connection.
LOOP = f"""\
    within = "SELECT set_config('statement_timeout', %s, true)"
    last, size, limit = None, {FIRST}, {LIMIT}
    while keys := keys_after(last, size):
        began = time.monotonic()
        try:
            with transaction.atomic(using=connection.alias):
                with connection.cursor() as cursor:
                    cursor.execute(within, [str(limit)])
                change(keys[0], keys[-1])
        except OperationalError:
            # Others would wait too long for its rows, or it for others: fewer rows, a bit later.
            if limit > {LONGEST} or not connection.is_usable():
                raise
            size, limit = max(1, len(keys) // 4), limit if len(keys) > 1 else limit * 2
            time.sleep({LIMIT / 1000})
            continue
        took = time.monotonic() - began
        # The rows of one transaction are locked so long.
        size = max({LEAST}, min(size * 2, {MOST}, int(size * {AIM} / took)))
        last, limit = keys[-1], {LIMIT}
"""

SOURCE = '''\
def {name}(apps, schema_editor):
    """Give every row a value, a batch of keys at a time.

    What is still NULL is what is left to do, so that it can be stopped and run again.
    """
    connection = schema_editor.connection
    if not router.allow_migrate(connection.alias, "{app}", model_name="{model}"):
        return
    unfilled = {select}
    update = {update}

    def keys_after(key, size):
        query, values = unfilled.format(""), [size]
        if key is not None:
            query, values = unfilled.format({beyond}), [key, size]
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return [key for (key,) in cursor.fetchall()]

    def change(first, last):
        with connection.cursor() as cursor:
            cursor.execute(update, [first, last])

{loop}

{resumable}
'''


def function_name(fill: Fill) -> str:
    return "fill_" + "".join(c if c.isalnum() else "_" for c in fill.column.strip('"')).lower()


def function_source(fill: Fill, app: str, model: str) -> str:
    """Return the function.

    Args:
        fill: what to fill.
        app, model: for the routers, in lower case.
    """
    value = fill.value.replace("%", "%%")
    missing = f"{fill.column} IS NULL"
    if fill.where:
        missing += f" AND {fill.where} IS NOT NULL"
    select = (
        f"SELECT {fill.key} FROM {fill.table} WHERE {missing}{{}} ORDER BY {fill.key} LIMIT %s"
    )
    update = (
        f"UPDATE {fill.table} SET {fill.column} = {value} "
        f"WHERE {fill.key} BETWEEN %s AND %s AND {missing}"
    )

    def inside(text: str) -> str:
        return string(text, 72).replace("\n", "\n    ")

    return SOURCE.format(
        loop=LOOP,
        name=function_name(fill),
        resumable=RESUMABLE.format(name=function_name(fill)),
        app=app,
        model=model,
        select=inside(select),
        update=inside(update),
        beyond=string(f" AND {fill.key} > %s"),
    )
