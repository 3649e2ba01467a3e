"""The function that fills a column in batches, as it stands in a migration.

It needs nothing of modeler, since migrations outlive the tools that wrote them.
"""

from __future__ import annotations

from modeler.previews.remedies.change import Fill
from modeler.previews.remedies.python_text import string

FIRST, LEAST, MOST = 500, 50, 10_000  # rows in one transaction
AIM = 0.03  # seconds that a transaction takes: so long wait those who write one of its rows

# Read by migrate_safely; nothing of modeler is needed to run the file.
RESUMABLE = "# A stopped run goes on without a question.\n{name}.resumable = True"

SOURCE = '''\
def {name}(apps, schema_editor):
    """Give every row a value, a batch of keys at a time.

    What is still NULL is what is left to do, so that it can be stopped and run again.
    """
    connection = schema_editor.connection
    if not router.allow_migrate(connection.alias, "{app}", model_name="{model}"):
        return
    size = {first}  # rows in one transaction, which holds their locks
    unfilled = {select}
    update = {update}
    query, values = unfilled.format(""), [size]
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, values)
            keys = [key for (key,) in cursor.fetchall()]
            if not keys:
                return
            began = time.monotonic()
            cursor.execute(update, [keys[0], keys[-1]])
            took = time.monotonic() - began
            # Who writes one of these rows waits so long.
            size = max({least}, min(size * 2, {most}, int(size * {aim} / took)))
            query, values = unfilled.format({beyond}), [keys[-1], size]


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
        first=FIRST,
        least=LEAST,
        most=MOST,
        aim=AIM,
        name=function_name(fill),
        resumable=RESUMABLE.format(name=function_name(fill)),
        app=app,
        model=model,
        select=inside(select),
        update=inside(update),
        beyond=string(f" AND {fill.key} > %s"),
    )
