"""Modules of awkward models and of real rows, on a real MongoDB."""

from __future__ import annotations

import itertools

import pytest
from bson import json_util

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.samples.generated import generated
from modeler.mongo.service.conventions import soft_deleted, version_field
from modeler.mongo.spec import collection_specs
from modeler.mongo.validator import validator
from modeler.schema.live import read_database
from modeler.schema.registry import read_registry
from tests.modeler.mongo.service.loading import load
from tests.modeler.mongo.sync.conftest import fresh_database, module_shop, shop

__all__ = ["fresh_database", "module_shop", "shop"]
NAME = "service_any"


def canonical(document):
    """Documents by their bytes: a client with time zones gives other Python values."""
    return json_util.dumps(document, json_options=CANONICAL)


CANONICAL = json_util.CANONICAL_JSON_OPTIONS.with_options(uuid_representation=4)


def round_trip(repository, spec, documents):
    """Create, get, update, page, search, count, delete and watch."""
    told = [canonical(document) for document in documents]
    with repository.watch() as changes:
        made = [repository.create(document) for document in documents]
        key = made[0]["_id"]
        assert canonical(repository.get(key)) == canonical(made[0])
        if spec.key:
            assert canonical(made[0]) == told[0]
        version = made[0][name] if (name := version_field(spec)) else None
        same = {field: value for field, value in made[0].items() if field not in ("_id", name)}
        changed = repository.update(key, same, version=version)
        if name:
            assert changed[name] == version + 1
            version += 1
        assert canonical({**changed, name: 0}) == canonical({**made[0], name: 0})
        seen, after = [], None
        for _ in range(len(made) + 1):
            page = repository.page(after, 1)
            seen += [canonical(document["_id"]) for document in page.documents]
            after = page.next
            if after is None:
                break
        assert sorted(seen) == sorted(canonical(document["_id"]) for document in made)
        assert repository.count() == len(made)
        if hasattr(repository, "search"):
            assert repository.search("nothing-at-all") == []
        if soft_deleted(spec):
            repository.soft_delete(key, version=version)
        else:
            repository.delete(key)
        assert repository.get(key) is None
        assert repository.count() == len(made) - 1
        operations = [next(changes).operation for _ in made]
        assert operations == ["insert"] * len(made)


def test_every_collection_of_the_awkward_models(service_client, tmp_path):
    schema = read_registry()
    specs = collection_specs(schema)
    module = load(tmp_path, schema, specs)
    service_client.drop_database(NAME)
    database = service_client[NAME]
    module.ensure_collections(database)
    module.ensure_collections(database)
    assert len(module.REPOSITORIES) == len(specs) > 40
    for repository, spec in zip(module.REPOSITORIES, specs, strict=True):
        assert repository.definition.name == spec.name
        samples = generated(spec, 2)
        assert [one.broken for one in samples] == [(), ()], spec.name
        try:
            round_trip(repository(database), spec, [one.document for one in samples])
        except module.DocumentsError as error:
            pytest.fail(f"{spec.name}: {error}")
        for reference in repository.references:
            repository(database).orphans(reference.name)
        if repository.list_view is not None:
            repository(database).rows(search="a b")
    service_client.drop_database(NAME)


def test_documents_of_real_rows(shop, service_client, tmp_path):
    """Rows of a domain in SQL, built as the synchronisation builds them."""
    module = load(tmp_path, shop.schema, shop.specs)
    service_client.drop_database(NAME)
    database = service_client[NAME]
    module.ensure_collections(database)
    for repository, spec in zip(module.REPOSITORIES, shop.specs, strict=True):
        builder = DocumentBuilder(shop.schema, spec)
        columns = ", ".join(f"{name}::text" for name in builder.key_columns)
        keys = shop.rows(f"SELECT {columns} FROM {builder.table.location.table} ORDER BY 1")
        with shop.connection.cursor() as cursor:
            documents = builder.documents(cursor, [tuple(key) for key in keys])
        assert len(documents) == 3
        round_trip(repository(database), spec, [documents[tuple(key)] for key in keys])
    # Collections that a synchronisation keeps are read with the same module.
    sales = module.SaleRepository(shop.mongo)
    assert [one["_id"] for one in sales.page().documents] == [1, 2, 3]
    assert "_sync" in shop.mongo["sales"].find_one()
    assert "_sync" not in sales.get(1)
    with sales.watch() as changes:
        shop.sql("UPDATE sale SET total = 99 WHERE id = 2")
        shop.worker.drain()
        found = next(changes)
        assert (found.key, str(found.document["total"])) == (2, "99.00")
        assert "_sync" not in found.document
    service_client.drop_database(NAME)


def test_the_evaluator_and_the_module_say_the_same(shop):
    live = read_database(shop.connection, alias="default")
    for spec in itertools.chain(collection_specs(live), shop.specs):
        told = compile_validator(validator(spec))
        for one in generated(spec, 3):
            assert one.broken == ()
            assert told.accepts(one.document)
