"""Databases that collections are tried on: rows, specifications, export and comparison."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo import MongoClient

from benchmarks.mongo_samples import designed, live, loaded
from benchmarks.mongo_servers import copied_database
from modeler.collection_designs import project_design
from modeler.mongo.apply.look import Look
from modeler.mongo.apply.progress import stopped
from modeler.mongo.apply.run import apply
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.design.measuring import measure
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.drift.target import targets_of
from modeler.mongo.proof.processes import prove_collections
from modeler.mongo.server_facts import read_facts
from modeler.mongo.spec import CollectionSpec, aggregate_specs
from modeler.mongo.sync.comparing import verify_collections
from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.processes import Job
from modeler.postgres.connections import connection_to
from modeler.previews.rows.fill import fill
from modeler.schema.project import read_project
from modeler.schema.schema import Schema
from tests.modeler.inspected import inspected

GENERATED = 120
Project = tuple[BaseDatabaseWrapper, dict[str, Any], Schema, tuple[CollectionSpec, ...]]


def project(name: str, url: str, file: Path | None, *, models: bool = False) -> Project:
    """Return a connection to the project's rows, its settings, its schema and its collections.

    Args:
        name: of the project.
        url: of the database that it has, or where a sample's is made.
        file: of a sample.
        models: the sample's schema through models of ``inspectdb``.
    """
    if file is not None:
        loaded(url, f"sample_{name}", file)
        own = copied_database(url, f"parity_sample_{name}", f"sample_{name}")
        connection, settings, schema = live(own)
        filled = fill(connection, rows=GENERATED)
        made = sum(bool(one.rows) for one in filled.tables)
        print(f"  {made} of {len(filled.tables)} empty tables filled; not: {filled.unfilled}")
        if models:
            with inspected(connection) as apps:
                schema = read_project(apps=apps, aliases=[connection.alias])
            for subject, reason in schema.missing:
                print(f"  {subject}: {reason}")
        return connection, settings, schema, designed(connection, schema)
    settings = dict(connections["default"].settings_dict)
    connection = connection_to(settings, "default")
    schema = read_project()
    if name == "shop":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_session SELECT md5(n::text), n::text, now() + n * interval "
                "'1 h' FROM generate_series(1, 20) n ON CONFLICT DO NOTHING"
            )
        return connection, settings, schema, chosen_specs(schema)
    call_command("migrate", verbosity=0)
    print(fill(connection, rows=GENERATED).unfilled)
    made = project_design(schema, measure(connection, schema), stored=False)
    specs = aggregate_specs(schema, made.aggregates)
    return connection, settings, schema, tuple(spec for spec in specs if spec.key)


def export_and_verify(
    client: MongoClient[Any],
    settings: dict[str, Any],
    schema: Schema,
    specs: tuple[CollectionSpec, ...],
) -> bool:
    """Judge, create, export under all rules and compare bytes; print what is not equal."""
    name = f"whole_{settings['NAME']}"
    client.drop_database(name)
    place, targets = client[name], targets_of(specs)
    facts = read_facts(client, name)
    found = Look(place, facts, read_collections(place, [t.name for t in targets], facts), {})
    progress = list(apply(found.plan(targets), place))
    for one in (one for one in progress if stopped([one])):
        print(f"  apply stopped: {one}")
    proofs = {one.collection: one for one in prove_collections(settings, "default", schema, specs)}
    job = Job(settings, "default", os.environ["MONGO_URL"], name, schema, specs)
    documents = refused = told = unequal = 0
    for collection, done, _ in export_collections(job, 2):
        proof = proofs[collection]
        documents += done.documents
        refused += len(done.refused)
        told += proof.rejected + len(proof.unbuildable)
        for rule, one in proof.rejections.items():
            print(f"  {collection}: {one.count} would be refused by {rule} ({one.held_by})")
        for key, reason in proof.unbuildable[:3]:
            print(f"  {collection} {key}: {reason}")
        if len(done.refused) != proof.rejected + len(proof.unbuildable):
            first = done.refused[:2]
            print(f"  {collection}: {len(done.refused)} refused, unlike the proof: {first}")
    for one in verify_collections(job, client, "contents"):
        # What was refused is missing, and nothing else may be.
        if one.sharing:
            print(f"  {one.collection}: {one.sharing} rows without a key of their own, as told")
            continue
        missing = sum(each.fault == "missing" for each in one.differences)
        if len(one.differences) != missing or one.rows - one.documents != missing + sum(
            each.fault == "unbuildable" for each in one.differences
        ):
            unequal += 1
            print(f"  {one.collection}: {one.sums} {one.differences[:3]}")
    print(
        f"exported {documents:,} documents of {len(specs)} collections, {refused:,} refused "
        f"({told:,} by the proof beforehand); compared byte by byte: {unequal} collections differ"
    )
    return refused == told and not unequal
