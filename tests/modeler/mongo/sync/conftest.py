from __future__ import annotations

import io
import itertools

import pytest
from django.core.management import call_command
from django.db import connection

from modeler.mongo.server import close_clients
from modeler.mongo.sync.install import is_installed, uninstall
from tests.modeler.mongo.databases import new_database
from tests.modeler.mongo.sync.command import NAME, SESSION, insert, sql
from tests.modeler.mongo.sync.domain import shop_in

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def fresh_database(django_db_setup, django_db_blocker, worker_id):
    """Settings of a database of its own on the tests' server, to all who may use one."""
    name = f"sync_{worker_id}_{next(NUMBERS)}"
    with django_db_blocker.unblock(), new_database(name) as settings:
        yield settings


@pytest.fixture(scope="module")
def module_shop(fresh_database, mongo_client):
    """The domain on servers."""
    with shop_in(fresh_database, mongo_client) as made:
        yield made


@pytest.fixture
def shop(module_shop):
    """The domain with its first rows, and its documents in step."""
    module_shop.reset()
    return module_shop


@pytest.fixture(scope="module")
def session_database(fresh_database):
    """Let the project's connection lead to a database that has sessions and no more."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = fresh_database["NAME"]
    call_command("migrate", "sessions", verbosity=0)
    call_command("migrate", "blog", fake=True, verbosity=0)
    yield
    connection.close()
    connection.settings_dict["NAME"] = before


@pytest.fixture
def server(session_database, server_url, mongo_client, monkeypatch):
    """The collection of sessions, three rows, and nothing of the synchronisation yet."""
    monkeypatch.setenv("MONGO_URL", server_url)
    mongo_client.drop_database(NAME)
    call_command(
        "collection_specs", "sessions", "--apply", "--database", NAME, stdout=io.StringIO()
    )
    sql(f"TRUNCATE {SESSION}", *(insert(key) for key in ("a", "b", "c")))
    yield mongo_client[NAME]
    with connection.cursor() as cursor:
        there = is_installed(cursor)
    if there:
        uninstall(connection)
    sql(f"TRUNCATE {SESSION}")
    connection.close()
    mongo_client.drop_database(NAME)
    close_clients()
