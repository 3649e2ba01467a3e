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
from modeler.schema.schema import Schema
from tests.modeler.mongo.parity.aiming import Aim, bounded
from tests.modeler.mongo.parity.constraints import read_constraints
from tests.modeler.mongo.parity.database_rules import database_rules
from tests.modeler.mongo.parity.edges import Changes
from tests.modeler.mongo.parity.judge import Judge
from tests.modeler.mongo.parity.mutating import pairs, sweep
from tests.modeler.mongo.parity.pairing import make_pairs
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace, row_places
from tests.modeler.mongo.parity.relaxed import make_twins, twin_schema
from tests.modeler.mongo.parity.tally import Tally, carried, rule_name

ROWS = 60


def prepare(
    connection: BaseDatabaseWrapper, schema: Schema, specs: tuple[CollectionSpec, ...]
) -> list[str]:
    """Insert rows that rules need to be broken; return the keys for which none could be made.

    Args:
        connection: to a database that may be spoiled: triggers are disabled.
        schema, specs: of the collections.
    """
    with connection.cursor() as cursor:
        tables = {
            key
            for key in sorted(tables_of(schema, specs))
            if _without_triggers(cursor, schema, key)
        }
        cursor.execute("BEGIN")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT setseed(0.5)")
        wanted = tuple(spec for spec in specs if spec.table in tables)
        unmade = list(make_pairs(cursor, schema, wanted))
        cursor.execute("COMMIT")
    return unmade


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
    seed: int = 1,
    rows: int = ROWS,
    seconds: float = 1e9,
) -> Iterator[tuple[CollectionSpec, Tally]]:
    """Judge mutants of every collection, and yield what they came to.

    Args:
        connection: to a database that may be spoiled: twins are made and triggers disabled.
        client, database: of MongoDB, filled by ``make_collections``.
        schema, specs: with all rules.
        seed: of all that is drawn.
        rows: of every table that are changed.
        seconds: for each collection at most.
    """
    chance = Random(seed)
    with connection.cursor() as cursor:
        keys = tables_of(schema, specs)
        twins = twin_schema(schema, keys)
        make_twins(cursor, schema, twins)
        tables = {key for key in sorted(keys) if _without_triggers(cursor, schema, key)}
        for spec in specs:
            if spec.table not in tables:
                continue  # a view: nobody writes its rows
            until = time.monotonic() + seconds
            cursor.execute("BEGIN")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT setseed(%s)", [seed / 1000])
            judge = Judge(cursor, client, database, schema, twins, spec)
            tally = Tally(wanted=set(carried(spec)))
            for place in row_places(schema, spec):
                found = place.rows(cursor, rows)
                if found:
                    _run_place(cursor, judge, tally, place, found, chance, until)
            cursor.execute("ROLLBACK")
            yield spec, tally


def _run_place(
    cursor: Any, judge: Judge, tally: Tally, place: RowPlace, found: list[MutatedRow],
    chance: Random, until: float,
) -> None:  # fmt: skip
    rules = read_constraints(cursor, place.table)
    checks = frozenset(one.name for one in rules.checks)
    # Of a type that is not known, the specification says itself that nothing is carried.
    unknown = {one.subject for one in judge.spec.findings if one.code == "MS101"}
    tally.wanted |= {
        f"{place.path}|{name} type"
        for name in bounded(place, rules)
        if f"{place.table.key}.{name}" not in unknown
    }
    tally.wanted -= {f"{place.path}|{name}" for name in rules.labels}
    refused: defaultdict[str, list[tuple[MutatedRow, Changes]]] = defaultdict(list)
    here = {rule.partition("|")[2] for rule in tally.wanted if rule.startswith(f"{place.path}|")}
    aim = Aim(cursor, place, found, rules, here, chance)
    aimed = ((one.row, one.changes) for one in aim.all())
    drawn = sweep(place, found, rules, chance)
    for row, changes in chain(aimed, drawn, pairs(place, found, rules, chance, refused)):
        if time.monotonic() > until:
            return
        mutant = judge.mutant(place, row, changes, rules.checks)
        if mutant is None:
            continue
        tally.add(judge.spec, mutant, checks)
        if not (mutant.postgres.accepted or mutant.mongo.accepted):
            (rule,) = mutant.postgres.rules
            refused[rule_name(mutant, rule)].append((row, changes))


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
