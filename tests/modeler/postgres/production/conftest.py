from __future__ import annotations

import os
import secrets

import pytest
from django.conf import settings

from modeler.postgres.connections import connection_to
from tests.modeler.postgres.production.shop import ROWS, SCHEMA, VACUUM


@pytest.fixture(scope="package")
def source(django_db_blocker):
    """A database with rows on the project's server, whose role is no superuser."""
    name = f"figures_{secrets.token_hex(4)}"
    entry = {k: v for k, v in settings.DATABASES["default"].items() if k != "TEST"}
    home = os.environ["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    with django_db_blocker.unblock():
        maker = connection_to({**entry, "NAME": home}, "figures_maker")
        with maker.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        connection = connection_to({**entry, "NAME": name}, "figures")
        with connection.cursor() as cursor:
            cursor.execute(SCHEMA)
            cursor.execute(ROWS)
            cursor.execute(VACUUM)
    yield connection
    with django_db_blocker.unblock():
        connection.close()
        with maker.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        maker.close()


@pytest.fixture
def open_source(source, django_db_blocker):
    """The same, for a test that asks it."""
    with django_db_blocker.unblock():
        yield source


@pytest.fixture
def role(shadow):
    """A role of the shadow without any right, for SET ROLE."""
    name = f"modeler_role_{secrets.token_hex(4)}"
    with shadow.connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name}")
        yield name
        cursor.execute(f"DROP ROLE {name}")
