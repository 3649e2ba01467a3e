"""A whole run: twins, documents under the database's rules, mutants, verdicts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from random import Random
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo import MongoClient

from modeler.mongo.apply.look import Look
from modeler.mongo.apply.progress import stopped
from modeler.mongo.apply.run import apply
from modeler.mongo.documents.sql import qualified
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.drift.target import targets_of
from modeler.mongo.server_facts import read_facts
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Exporter, Range
from modeler.mongo.sync.followed import followed
from modeler.schema.constraint import ConstraintKind
from modeler.schema.schema import Schema
from tests.modeler.mongo.parity.database_rules import database_rules
from tests.modeler.mongo.parity.judge import Judge
from tests.modeler.mongo.parity.mutating import pairs, sweep
from tests.modeler.mongo.parity.places import row_places
from tests.modeler.mongo.parity.relaxed import make_twins
from tests.modeler.mongo.parity.tally import Tally

ROWS = 60


def make_collections(
    client: MongoClient[Any], database: str, schema: Schema, specs: Iterable[CollectionSpec],
    settings: dict[str, Any],
) -> list[tuple[str, str]]:  # fmt: skip
    """Create collections under the database's rules, filled; return what was refused."""
    held = tuple(map(database_rules, specs))
    client.drop_database(database)
    place = client[database]
    facts = read_facts(client, database)
    targets = targets_of(held)
    found = Look(place, facts, read_collections(place, [t.name for t in targets], facts), {})
    progress = list(apply(found.plan(targets), place))
    assert not stopped(progress), [str(one) for one in progress]
    connections = WorkerConnections(settings, "default")
    refused = []
    try:
        for one in followed(schema, held).values():
            done = Exporter(connections, place, one).export(Range(0, None, None))
            refused += [(f"{one.name} {key}", reason) for key, reason in done.refused]
    finally:
        connections.close()
    return refused


def tables_of(schema: Schema, specs: Iterable[CollectionSpec]) -> set[str]:
    """Return the keys of all tables that documents are made of."""
    found: set[str] = set()
    for spec in specs:
        found.add(spec.table)
        found |= {one.table for one in spec.computed}
        waiting = list(spec.parts)
        while waiting:
            part = waiting.pop()
            found.add(part.table)
            waiting += part.parts
    return found


def run(
    connection: BaseDatabaseWrapper,
    client: MongoClient[Any],
    database: str,
    schema: Schema,
    specs: tuple[CollectionSpec, ...],
    *,
    count: int,
    seed: int = 1,
    rows: int = ROWS,
    seconds: float = 1e9,
) -> Iterator[tuple[CollectionSpec, Tally]]:
    """Judge mutants of every collection, and yield what they came to.

    Args:
        connection: to a database that may be spoiled: twins are made and triggers disabled.
        client, database: of MongoDB, filled by ``make_collections``.
        schema, specs: with all rules.
        count: pairs of columns that are drawn for every table, beside the sweep.
        seed: of all that is drawn.
        rows: of every table that are changed.
        seconds: for each collection at most.
    """
    chance = Random(seed)
    with connection.cursor() as cursor:
        keys = tables_of(schema, specs)
        make_twins(cursor, schema, keys)
        tables = {key for key in sorted(keys) if _without_triggers(cursor, schema, key)}
        for spec in specs:
            if spec.table not in tables:
                continue  # a view: nobody writes its rows
            until = time.monotonic() + seconds
            cursor.execute("BEGIN")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT setseed(%s)", [seed / 1000])
            judge = Judge(cursor, client, database, schema, spec)
            tally = Tally()
            for place in row_places(schema, spec):
                found = place.rows(cursor, rows)
                checks = frozenset(
                    one.name for one in place.table.constraints if one.kind is ConstraintKind.CHECK
                )
                if not found:
                    continue
                refused: defaultdict[str, list[str | None]] = defaultdict(list)
                for row, changes in chain(
                    sweep(place, found, chance), pairs(place, found, chance, count, refused)
                ):
                    if time.monotonic() > until:
                        break
                    mutant = judge.mutant(place, row, changes)
                    if mutant is None:
                        continue
                    tally.add(spec, mutant, checks)
                    if len(changes) == 1 and not (
                        mutant.postgres.accepted or mutant.mongo.accepted
                    ):
                        ((column, value),) = changes.items()
                        if column not in place.table.primary_key:
                            refused[column].append(value)
            cursor.execute("ROLLBACK")
            yield spec, tally


def _without_triggers(cursor: Any, schema: Schema, key: str) -> bool:
    """Disable triggers, which rewrite or refuse rows and are no constraints; tell of a table.

    Those of foreign keys stay.
    """
    place = qualified(schema.table(key).location).replace("%%", "%")
    cursor.execute("SELECT relkind IN ('r', 'p') FROM pg_class WHERE oid = %s::regclass", [place])
    (is_table,) = cursor.fetchone()
    if is_table:
        cursor.execute(f"ALTER TABLE {place} DISABLE TRIGGER USER")
    return bool(is_table)
