"""A seeded shop as documents in a MongoDB of the run's own."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pymongo import MongoClient
from pymongo.database import Database
from pytest_django.plugin import DjangoDbBlocker

from modeler.mongo.chosen import chosen_specs
from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.sync.pages import KeyPages
from modeler.schema.registry import read_registry

ORDERS = 200
NAME = "shop_service"


@pytest.fixture(scope="session")
def shop_module(
    test_database: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> ModuleType:
    """The module that the command writes for the shop's collections."""
    path = tmp_path_factory.mktemp("shop") / "shop_documents.py"
    with django_db_blocker.unblock():
        call_command("collection_specs", "--format", "pymongo", "--output", str(path), verbosity=0)
    found = importlib.util.spec_from_file_location("shop_documents", path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["shop_documents"] = module
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shop_client(
    embedded_mongo_url: str, shop_module: Any
) -> Iterator[MongoClient[dict[str, Any]]]:
    with shop_module.connect(shop_module.Settings(embedded_mongo_url)) as client:
        yield client


@pytest.fixture(scope="module")
def seeded(
    test_database: None,
    django_db_blocker: DjangoDbBlocker,
    shop_client: MongoClient[dict[str, Any]],
    shop_module: Any,
) -> Iterator[Database[dict[str, Any]]]:
    """Rows that are rolled back in the end, and their documents under the validators."""
    shop_client.drop_database(NAME)
    database = shop_client[NAME]
    shop_module.ensure_collections(database)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_shop", orders=ORDERS, seed=1, verbosity=0)
        fill(database)
        yield database
        transaction.set_rollback(True)
    shop_client.drop_database(NAME)


def fill(database: Database[dict[str, Any]]) -> None:
    """Write the documents of all rows of this moment."""
    schema = read_registry()
    with connection.cursor() as cursor:
        for spec in chosen_specs(schema):
            builder = DocumentBuilder(schema, spec)
            keys = KeyPages(builder.table).page(cursor, None, None, 10**6)
            if keys:
                documents = builder.documents(cursor, keys)
                database[spec.name].insert_many(documents.values())
