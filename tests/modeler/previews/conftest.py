from __future__ import annotations

import os
import secrets
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from modeler.postgres.connections import connection_to
from tests.modeler.previews.project import PetProject


@pytest.fixture
def pets(tmp_path, django_db_blocker):
    """A project of its own on an empty database of the test server."""
    name = f"pets_{secrets.token_hex(4)}"
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    entry = {k: v for k, v in settings.DATABASES["default"].items() if k != "TEST"}
    home = os.environ["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    with django_db_blocker.unblock():
        connection = connection_to({**entry, "NAME": home}, "pets_maker")
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        yield PetProject(tmp_path, url)
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()
