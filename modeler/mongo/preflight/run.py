"""Asks the questions: one pass over each table, read-only, with a time limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.mongo.documents.sql import qualified, quoted
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.preflight.columns import column_probes
from modeler.mongo.preflight.generic import generic_probes
from modeler.mongo.preflight.groups import key_probes, reference_probes, unique_probes
from modeler.mongo.preflight.probe import Probe
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.table_fields import embedded_fields
from modeler.reporting.finding import Finding, Level, in_order
from modeler.reporting.words import plural
from modeler.schema.location import Location
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import Schema

SAMPLES = 5
SECONDS = 120.0  # for one query


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        probe: that was asked.
        count: rows or groups; None where no answer came in time.
        samples: keys of the first of them, as texts.
        why: no answer came.
    """

    probe: Probe
    count: int | None
    samples: tuple[tuple[str, ...], ...] = ()
    why: str = ""


def tables_asked(specs: Iterable[CollectionSpec]) -> tuple[str, ...]:
    """Return the keys of the tables that these collections are made of."""
    keys: dict[str, None] = {}
    for spec in specs:
        keys[spec.table] = None
        keys |= dict.fromkeys(_tables(spec.parts))
        keys |= dict.fromkeys(one.table for one in spec.computed)
    return tuple(keys)


def probes_of_rows(
    connection: BaseDatabaseWrapper,
    schema: Schema,
    specs: Iterable[CollectionSpec],
    seconds: float = SECONDS,
) -> tuple[Probe, ...]:
    """Return the questions that only the rows themselves suggest: generic references."""
    found: list[Probe] = []
    for key in tables_asked(specs):
        table = schema.table(key)
        if table.location is None or table.location.alias != connection.alias:
            continue
        try:
            with _reading(connection, seconds) as cursor:
                found += generic_probes(cursor, schema, table)
        except DatabaseError:
            continue  # the table is not there, which the other questions say
    return tuple(found)


def probes(schema: Schema, specs: Iterable[CollectionSpec]) -> tuple[Probe, ...]:
    """Return all questions to the tables that these collections are made of."""
    specs, schema = tuple(specs), with_named_types(schema)
    found: list[Probe] = []
    collated = {
        index.source
        for spec in specs
        for index in spec.indexes
        if index.unique and "collation" in dict(index.options)
    }
    roots = {spec.table for spec in specs}
    for key in tables_asked(specs):
        table = schema.table(key)
        fields = embedded_fields(schema, table, table.columns)
        for column, field in zip(table.columns, fields, strict=True):
            found += column_probes(table, column, field)
        if key in roots:
            found += key_probes(table)
        found += unique_probes(table, collated)
        found += reference_probes(schema, table)
    return tuple(found)


def preflight(
    connection: BaseDatabaseWrapper,
    asked: Sequence[Probe],
    *,
    seconds: float = SECONDS,
    progress: Callable[[int, int, str], None] = lambda done, of, name: None,
) -> tuple[Finding, ...]:
    """Ask all, and return a finding for each that has rows or got no answer.

    Args:
        connection: to PostgreSQL; nothing is written.
        asked: of one database.
        seconds: for one query; what takes longer is told as not answered.
        progress: told ``(tables done, tables in all, name)``.
    """
    by_table: defaultdict[Location, list[Probe]] = defaultdict(list)
    for probe in asked:
        by_table[probe.table].append(probe)
    answers: list[Answer] = []
    for number, (table, each) in enumerate(by_table.items()):
        progress(number, len(by_table), str(table))
        plain = [probe for probe in each if not probe.groups]
        answers += _counted(connection, table, plain, seconds)
        for probe in each:
            if probe.groups:
                answers.append(_grouped(connection, probe, seconds))
    found = [_finding(answer) for answer in answers if answer.count is None or answer.count]
    return tuple(in_order(found))


def _tables(parts: Iterable[PartSpec]) -> Iterator[str]:
    for part in parts:
        yield part.table
        yield from _tables(part.parts)


def _counted(
    connection: BaseDatabaseWrapper, table: Location, asked: Sequence[Probe], seconds: float
) -> list[Answer]:
    """Count all in one pass; where that fails, one by one, so that one does not hide the rest."""
    if not asked:
        return []
    place = qualified(table).replace("%%", "%")
    counts = ", ".join(f"count(*) FILTER (WHERE {probe.condition})" for probe in asked)
    try:
        with _reading(connection, seconds) as cursor:
            cursor.execute(f"SELECT {counts} FROM {place} t")
            numbers = cursor.fetchone()
    except DatabaseError as error:
        if len(asked) == 1:
            return [Answer(asked[0], None, why=str(error).strip().splitlines()[0])]
        return [
            answer for probe in asked for answer in _counted(connection, table, [probe], seconds)
        ]
    return [
        Answer(probe, count, _samples(connection, probe, place, seconds) if count else ())
        for probe, count in zip(asked, numbers, strict=True)
    ]


def _samples(
    connection: BaseDatabaseWrapper, probe: Probe, place: str, seconds: float
) -> tuple[tuple[str, ...], ...]:
    if not probe.key:
        return ()
    names = ", ".join(f"t.{quoted(name)}::text".replace("%%", "%") for name in probe.key)
    try:
        with _reading(connection, seconds) as cursor:
            cursor.execute(
                f"SELECT {names} FROM {place} t WHERE {probe.condition} LIMIT {SAMPLES}"
            )
            return tuple(tuple(row) for row in cursor.fetchall())
    except DatabaseError:
        return ()


def _grouped(connection: BaseDatabaseWrapper, probe: Probe, seconds: float) -> Answer:
    try:
        with _reading(connection, seconds) as cursor:
            cursor.execute(f"SELECT count(*) FROM ({probe.groups}) groups")
            (count,) = cursor.fetchone()
            samples: tuple[tuple[str, ...], ...] = ()
            if count:
                cursor.execute(f"{probe.groups} LIMIT {SAMPLES}")
                samples = tuple(tuple(map(str, row)) for row in cursor.fetchall())
    except DatabaseError as error:
        return Answer(probe, None, why=str(error).strip().splitlines()[0])
    return Answer(probe, count, samples)


@contextmanager
def _reading(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("START TRANSACTION READ ONLY")
        try:
            cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            yield cursor
        finally:
            cursor.execute("ROLLBACK")


def _finding(answer: Answer) -> Finding:
    probe = answer.probe
    if answer.count is None:
        return Finding(
            "MS500", Level.INFO, probe.subject,
            f"{probe.subject}: no answer on {probe.said}: {answer.why}.",
            "Ask again with more time (--seconds), or as a role that may read the table.",
            docs="collections",
        )  # fmt: skip
    samples = "; ".join(", ".join(key) for key in answer.samples)
    what = plural(answer.count, "group of rows", "groups of rows") if probe.groups else plural(
        answer.count, "row"
    )  # fmt: skip
    return Finding(
        probe.code, probe.level, probe.subject,
        f"{probe.subject}: {probe.said}: {what}.",
        probe.hint,
        evidence=(("count", str(answer.count)), ("such as", samples)),
        docs="collections",
    )  # fmt: skip
