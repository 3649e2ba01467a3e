"""The triggers that queue what changed: four on every watched table, one function for them.

Statement triggers with transition tables see what COPY, bulk statements and cascades of the
database change, which signals of Django do not. Sources: PostgreSQL manual, "CREATE TRIGGER"
(one event a trigger with transition tables, no column list), 43.10, and 9.25.6 "Composite Type
Comparison" (``*<>`` compares the binary form).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from modeler.mongo.documents.sql import as_text, base_type, comparable, qualified, quoted
from modeler.mongo.sync.tables import QUEUE
from modeler.mongo.sync.watch import Watch
from modeler.schema.location import Location

PREFIX = "modeler_sync"
# Settings of a session on which the text of a value depends.
SPELLINGS = {
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "intervalstyle": "'postgres'",
    "bytea_output": "'hex'",
    "extra_float_digits": "1",
}
SPELT = {
    "timestamp with time zone": ("timezone", "datestyle"),
    "timestamp without time zone": ("datestyle",),
    "date": ("datestyle",),
    "time with time zone": ("timezone",),
    "interval": ("intervalstyle",),
    "bytea": ("bytea_output",),
    "real": ("extra_float_digits",),
    "double precision": ("extra_float_digits",),
}
EVENTS = {
    "insert": "REFERENCING NEW TABLE AS new_rows",
    "update": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "REFERENCING OLD TABLE AS old_rows",
    "truncate": "",
}


def install_sql(
    watches: Iterable[Watch],
    schema: str,
    search_path: Sequence[str],
) -> tuple[str, ...]:
    """Return the statements that create functions and triggers, or replace them.

    Args:
        watches: of all collections.
        schema: where the queue lies.
        search_path: schemas in which operators of extensions lie.
    """
    by_table: defaultdict[Location, list[Watch]] = defaultdict(list)
    for watch in (one for one in watches if not one.unwatched):
        by_table[watch.table].append(watch)
    statements = []
    for table, watched in by_table.items():
        function = f"{quoted(schema)}.{quoted(function_name(table))}"
        statements.append(_function(function, schema, watched, search_path))
        statements.append(f"REVOKE ALL ON FUNCTION {function}() FROM PUBLIC")
        for event, clause in EVENTS.items():
            name = quoted(trigger_name(event))
            statements.append(f"DROP TRIGGER IF EXISTS {name} ON {qualified(table)}")
            statements.append(
                f"CREATE TRIGGER {name} AFTER {event.upper()} ON {qualified(table)} {clause} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )
    return tuple(statement.replace("%%", "%") for statement in statements)


def uninstall_sql(tables: Iterable[Location], schema: str) -> tuple[str, ...]:
    """Return the statements that take the triggers of these tables away."""
    statements = []
    for table in tables:
        statements += [
            f"DROP TRIGGER IF EXISTS {quoted(trigger_name(event))} ON {qualified(table)}"
            for event in EVENTS
        ]
        function = f"{quoted(schema)}.{quoted(function_name(table))}"
        statements.append(f"DROP FUNCTION IF EXISTS {function}()")
    return tuple(statement.replace("%%", "%") for statement in statements)


def trigger_name(event: str) -> str:
    """Return a trigger's name; ``zz`` lets it fire after the project's own."""
    return f"zz_{PREFIX}_{event}"


def function_name(table: Location) -> str:
    """Return a function's name, of at most 63 bytes and different for every table."""
    whole = f"{table.schema}.{table.table}"
    return f"{PREFIX}_{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


def _function(
    name: str,
    schema: str,
    watches: Sequence[Watch],
    search_path: Sequence[str],
) -> str:
    queue = f"{quoted(schema)}.{quoted(QUEUE)}"
    inserted = [_rows(w, "new_rows") for w in watches if w.inserts]
    deleted = [_rows(w, "old_rows") for w in watches]
    changed = [_changed(w) for w in watches]
    emptied = [f"SELECT {_literal(w.name)}, NULL::text[], true" for w in watches]
    branches = [
        ("INSERT", inserted),
        ("UPDATE", changed),
        ("DELETE", deleted),
        ("TRUNCATE", emptied),
    ]
    body = []
    for event, queries in branches:
        if queries:
            joined = "\n    UNION ALL ".join(queries)
            body.append(
                f"  IF TG_OP = '{event}' THEN\n"
                f"    INSERT INTO {queue} (watch, key, low)\n    {joined};\n  END IF;"
            )
    lines = "\n".join(body)
    path = ", ".join(["pg_catalog", *map(quoted, search_path), "pg_temp"])
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql\n"
        # The writer of a row need not be allowed to write the queue. With the owner's rights, the
        # search path must not be the caller's.
        f"SECURITY DEFINER SET search_path = {path}{_spelling(watches)}\nAS $modeler$\n"
        f"BEGIN\n{lines}\n  RETURN NULL;\nEND $modeler$"
    )


def _spelling(watches: Iterable[Watch]) -> str:
    """The settings that give keys one spelling, where their types have several."""
    kinds = {base_type(kind).partition("[")[0] for watch in watches for _, kind in watch.key}
    names = {name for kind in kinds for name in SPELT.get(kind, ())}
    return "".join(f" SET {name} = {SPELLINGS[name]}" for name in sorted(names))


def _rows(watch: Watch, rows: str) -> str:
    return (
        f"SELECT DISTINCT {_literal(watch.name)}, {_key(watch, 't')}, {_low(watch)} "
        f"FROM {rows} t{_known(watch, 't')}"
    )


def _changed(watch: Watch) -> str:
    """Both keys of every row in which a mapped column changed; also of changed keys."""
    if not watch.identity:
        return (
            f"SELECT DISTINCT {_literal(watch.name)}, {_key(watch, 't')}, {_low(watch)} FROM "
            f"(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows) t{_known(watch, 't')}"
        )
    pairs = " AND ".join(
        f"{comparable(f'o.{quoted(name)}', kind)} = {comparable(f'n.{quoted(name)}', kind)}"
        for name, kind in watch.identity
    )
    names = list(dict.fromkeys(name for name, _ in (*watch.identity, *watch.columns)))
    old, new = (", ".join(f"{side}.{quoted(name)}" for name in names) for side in "on")
    first, _ = watch.identity[0]
    gone = f"o.{quoted(first)} IS NULL OR n.{quoted(first)} IS NULL"
    # Byte by byte: documents tell apart what PostgreSQL holds to be equal (1.0 and 1.00, or
    # 'a' and 'A' of citext), and not every type has an equality (json, point).
    differs = f"ROW({old})::record OPERATOR(pg_catalog.*<>) ROW({new})::record"
    keys = f"(VALUES ({_key(watch, 'o')}), ({_key(watch, 'n')})) AS both_sides(key)"
    whole = " AND array_position(key, NULL) IS NULL"
    return (
        f"SELECT DISTINCT {_literal(watch.name)}, key, {_low(watch)} "
        f"FROM old_rows o FULL JOIN new_rows n ON {pairs} CROSS JOIN LATERAL {keys} "
        f"WHERE ({gone} OR {differs}){whole}"
    )


def _key(watch: Watch, alias: str) -> str:
    # Keys that a collation holds to be equal are two keys of documents.
    parts = [f'{as_text(name, kind, alias)} COLLATE "C"' for name, kind in watch.key]
    return f"ARRAY[{', '.join(parts)}]"


def _known(watch: Watch, alias: str) -> str:
    tests = [f"{alias}.{quoted(name)} IS NOT NULL" for name, _ in watch.key]
    return f" WHERE {' AND '.join(tests)}"


def _low(watch: Watch) -> str:
    return "true" if watch.many else "false"


def _literal(text: str) -> str:
    doubled = text.replace("'", "''").replace("%", "%%")
    return f"'{doubled}'"
