"""From a queued key to the root keys it belongs to, in SQL."""

from __future__ import annotations

from modeler.mongo.documents.sql import (
    as_text,
    asked,
    cast_type,
    comparable,
    is_loose,
    matching,
    qualified,
    quoted,
    rows_of,
)
from modeler.mongo.sync.watch import Watch
from modeler.schema.table import Table


def roots_sql(watch: Watch, root: Table, *, page: bool = False) -> str:
    """Return a query of the root keys, as texts, that rows of a watch belong to.

    Args:
        watch: that queued the keys.
        root: of its collection.
        page: in the order of the root's key, after a key, limited: three further parameters
            (the last key or NULLs, one a column, twice; the number of rows).

    Parameters: a list of texts for every column of the watch's key.
    """
    kinds = [kind for _, kind in watch.key]
    shown = [as_text(name, root.column(name).database_type, "root") for name in root.primary_key]
    last = len(watch.joins) - 1
    alias = ["root" if number == last else f"a{number}" for number in range(len(watch.joins))]
    start = ""
    if watch.up:
        start = _below(watch) + " "
        above = ", ".join(f"{alias[0]}.{quoted(name)}" for name in watch.above)
        condition = f"({above}) IN (SELECT {_names(len(watch.key))} FROM below)"
    else:
        condition = matching(watch.above, kinds, alias[0])
    tables = f"{qualified(watch.joins[0].table)} {alias[0]}"
    for number, join in enumerate(watch.joins[1:], 1):
        on = " AND ".join(
            f"{alias[number]}.{quoted(mine)} = {alias[number - 1]}.{quoted(below)}"
            for mine, below in join.on
        )
        tables += f" JOIN {qualified(join.table)} {alias[number]} ON {on}"
    sql = f"{start}SELECT DISTINCT {', '.join(shown)} FROM {tables} WHERE {condition}"
    return paged(sql, root) if page else sql


def all_roots_sql(root: Table) -> str:
    """Return a query of a page of all root keys; parameters as of a page of ``roots_sql``."""
    shown = ", ".join(
        as_text(name, root.column(name).database_type, "root") for name in root.primary_key
    )
    return paged(f"SELECT {shown} FROM {rows_of(root)} root WHERE true", root)


def spellings_sql(root: Table) -> str:
    """Return a query of root keys as their rows spell them, each beside what was asked for.

    ``""`` where equal keys have one spelling. Parameters: a list of texts for every column.
    """
    names = list(root.primary_key)
    kinds = [root.column(name).database_type for name in names]
    if not any(
        is_loose(kind, root.column(name).collation)
        for name, kind in zip(names, kinds, strict=True)
    ):
        return ""
    shown = [as_text(name, kind, "root") for name, kind in zip(names, kinds, strict=True)]
    shown += [f"asked.k{number}" for number in range(len(names))]
    place = rows_of(root)
    return f"SELECT {', '.join(shown)} FROM {place} root {asked(names, kinds, 'root')}"


def paged(sql: str, root: Table) -> str:
    """Add the order of the root's key, a place to go on from and a limit."""
    kinds = [root.column(name).database_type for name in root.primary_key]
    columns = ", ".join(f"root.{quoted(name)}" for name in root.primary_key)
    compared = ", ".join(
        comparable(f"root.{quoted(name)}", kind)
        for name, kind in zip(root.primary_key, kinds, strict=True)
    )
    after = ", ".join(f"%s::text::{cast_type(kind)}" for kind in kinds)
    distinct = sql.replace("SELECT DISTINCT", "SELECT", 1)
    grouped = f" GROUP BY {columns}" if distinct != sql else ""
    return (
        f"{distinct} AND (%s::text IS NULL OR ({compared}) > ({after})){grouped} "
        f"ORDER BY {columns} LIMIT %s"
    )


def _below(watch: Watch) -> str:
    """The keys of changed rows and of all below them, along a path."""
    names = _names(len(watch.key))
    own = ", ".join(f"t.{quoted(name)}" for name, _ in watch.key)
    first = matching([name for name, _ in watch.key], [kind for _, kind in watch.key])
    place = qualified(watch.table)
    # What a row below refers to is the key by which the one above was found.
    numbers = {name: f"k{number}" for number, (name, _) in enumerate(watch.key)}
    on = " AND ".join(
        f"t.{quoted(near)} = below.{numbers.get(far, 'k0')}" for near, far in watch.up
    )
    return (
        f"WITH RECURSIVE below({names}) AS (SELECT {own} FROM {place} t WHERE {first} "
        f"UNION SELECT {own} FROM {place} t JOIN below ON {on})"
    )


def _names(count: int) -> str:
    return ", ".join(f"k{number}" for number in range(count))
