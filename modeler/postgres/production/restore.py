"""Giving a database the figures of another, so that its planner sees that one's tables.

PostgreSQL 18 has functions for it (manual, 9.28.9); before, a superuser writes the catalogs that
ANALYZE writes (manual, 53.51 pg_statistic).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import Row, check_vendor, rows

from . import restore_queries as queries
from .figures import ColumnFigures, Figures, IndexFigures, TableFigures

FUNCTIONS_SINCE = 180000
INDEX_KINDS = ("i", "I")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a database was given.

    Attributes:
        tables, indexes, columns: how many of each.
        notes: what is not there, or was refused, a sentence each.
    """

    tables: int
    indexes: int
    columns: int
    notes: tuple[str, ...] = ()


def restore_figures(connection: BaseDatabaseWrapper, figures: Figures) -> Restored:
    """Write figures into the catalogs of a database that has (some of) the same tables.

    Args:
        connection: to a database of the shadow, never to one with data, and outside of a
            transaction. On PostgreSQL 18 the role owns the tables, before it is a superuser.
        figures: of the other database; tables of its current schema are looked for in this
            one's.

    Raises:
        ServerError: the role may not, or the database is not PostgreSQL.
    """
    check_vendor(connection)
    try:
        with connection.cursor() as cursor:
            cursor.execute(queries.ABOUT)
            version, schema, superuser = cursor.fetchone()
            if version < FUNCTIONS_SINCE and not superuser:
                raise ServerError(
                    f"PostgreSQL {version // 10000} lets only a superuser write statistics. Let "
                    "MODELER['SHADOW_URL'] name a superuser of the shadow, or use PostgreSQL 18."
                )
            return _restore(cursor, figures, schema or "", version >= FUNCTIONS_SINCE)
    except DatabaseError as error:
        raise ServerError(
            f"The statistics could not be written: {_one_line(error)}. Let "
            "MODELER['SHADOW_URL'] name the owner of the tables or a superuser."
        ) from error


def _restore(cursor: Any, figures: Figures, schema: str, functions: bool) -> Restored:
    def run(sql: str, some: list[Row]) -> list[Row]:
        parameters = {"rows": json.dumps(some), "version": figures.server_version_num}
        return rows(cursor, sql, parameters)  # type: ignore[arg-type]

    def here(of: str) -> str:
        return schema if of == figures.current_schema else of

    relations = [row for table in figures.tables for row in _relations(table, here(table.schema))]
    done = run(queries.RELATIONS_18 if functions else queries.RELATIONS, relations)
    found = {(row["schema"], row["name"]) for row in done}
    notes = [
        f"{row['schema']}.{row['name']} is not in this database; its statistics were left out."
        for row in relations
        if (row["schema"], row["name"]) not in found
    ]
    columns = [
        row
        for table in figures.tables
        for row in _columns(table, here(table.schema))
        if (row["schema"], row["relation"]) in found
    ]
    plain = [row for row in columns if "histogram" not in row]
    valued = [row for row in columns if "histogram" in row]
    if functions:
        stored = run(queries.COLUMNS_18, plain)
        for row in valued:
            stored += _attempt(run, queries.COLUMNS_18, row, notes)
        notes += [
            f"PostgreSQL refused a part of {_name(row)}." for row in stored if not row["done"]
        ]
    else:
        cursor.execute(queries.FORGET, {"rows": json.dumps(columns)})
        stored = run(queries.COLUMNS, columns)
        for row in valued:
            try:
                cursor.execute(queries.VALUES, {"rows": json.dumps([row])})
            except DatabaseError as error:
                notes.append(f"The values of {_name(row)} were refused: {_one_line(error)}.")
    kinds = [row["kind"] for row in done]
    return Restored(
        tables=sum(kind not in INDEX_KINDS for kind in kinds),
        indexes=sum(kind in INDEX_KINDS for kind in kinds),
        columns=len(stored),
        notes=tuple(notes),
    )


def _attempt(run: Any, sql: str, row: Row, notes: list[str]) -> list[Row]:
    try:
        return run(sql, [row])
    except DatabaseError as error:
        notes.append(f"The statistics of {_name(row)} were refused: {_one_line(error)}.")
        return []


def _relations(table: TableFigures, schema: str) -> Iterable[Row]:
    parts: list[tuple[TableFigures | IndexFigures, int]] = [(table, table.visible_pages)]
    parts += [(index, 0) for index in table.indexes]
    for part, visible in parts:
        yield {
            "schema": schema,
            "name": part.name,
            "pages": part.pages,
            # -1 says that nobody ever counted.
            "tuples": -1.0 if part.tuples is None else part.tuples,
            "visible": visible,
        }


def _columns(table: TableFigures, schema: str) -> Iterable[Row]:
    for column in table.columns:
        yield _column(schema, table.name, column, inherited=table.kind == "p")
    for index in table.indexes:
        for column in index.columns:
            yield _column(schema, index.name, column, inherited=False)


def _column(schema: str, relation: str, column: ColumnFigures, *, inherited: bool) -> Row:
    row: Row = {
        "schema": schema,
        "relation": relation,
        "name": column.name,
        "position": column.position,
        "inherited": inherited,
        "nulls": column.null_fraction,
        "width": column.width,
        "distinct": column.distinct,
        "correlation": column.correlation,
    }
    if (values := column.values) is not None:
        row |= {
            "most_common": values.most_common,
            "most_common_frequencies": list(values.most_common_frequencies) or None,
            "histogram": values.histogram,
            "elements": values.elements,
            "element_frequencies": list(values.element_frequencies) or None,
            "element_counts": list(values.element_counts) or None,
        }
    return row


def _name(row: Row) -> str:
    return f"{row['schema']}.{row['relation']}.{row['name']}"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
