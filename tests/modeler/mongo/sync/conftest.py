from __future__ import annotations

import itertools

import pytest
from django.db import connection

from modeler.postgres.connections import connection_to
from tests.modeler.mongo.sync.domain import make_shop

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def fresh_database(django_db_setup, django_db_blocker, worker_id):
    """Settings of a database of its own on the tests' server, to all who may use one."""
    name = f"sync_{worker_id}_{next(NUMBERS)}"
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        yield {**connection.settings_dict, "NAME": name}
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def module_shop(fresh_database, mongo_client):
    """The domain on servers."""
    own = connection_to(fresh_database, "default")
    name = fresh_database["NAME"]
    mongo_client.drop_database(name)
    made = make_shop(own, mongo_client, name)
    yield made
    made.worker.close()
    own.close()
    mongo_client.drop_database(name)


@pytest.fixture
def shop(module_shop):
    """The domain with its first rows, and its documents in step."""
    module_shop.reset()
    return module_shop
