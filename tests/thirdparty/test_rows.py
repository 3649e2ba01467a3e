"""Rows in every table of projects that we did not write."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import psycopg
import pytest

from modeler.postgres.address import settings_from_url
from modeler.postgres.connections import connection_to
from modeler.previews.rows.fill import fill
from modeler.previews.rows.filling import Filling
from tests.thirdparty.test_projects import project, server, wheel  # noqa: F401

pytestmark = pytest.mark.thirdparty


def filled_copy(url: str, *, rows: int) -> tuple[Filling, float, float]:
    """Fill a copy of a migrated database; return what it received, and the seconds of this call
    and of one with nothing to do."""
    parts = urlsplit(url)
    copy = f"{parts.path[1:]}_rows"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as home:
        home.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        home.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{parts.path[1:]}"')
    settings = settings_from_url(parts._replace(path=f"/{copy}").geturl())
    connection = connection_to(settings, "copy")
    try:
        connection.ensure_connection()
        begin = time.perf_counter()
        filling = fill(connection, rows=rows)
        took = time.perf_counter() - begin
        begin = time.perf_counter()
        assert fill(connection, rows=rows).tables == ()
        return filling, took, time.perf_counter() - begin
    finally:
        connection.close()


def test_every_table_receives_rows(project, django_db_blocker, capsys):  # noqa: F811
    with django_db_blocker.unblock():
        filling, took, idle = filled_copy(project[0].variables["DATABASE_URL"], rows=20)
    with capsys.disabled():
        print(
            f"\n{project[0].name}: {len(filling.tables)} empty tables, share {filling.share:.3f}, "
            f"{took:.2f} s; nothing to do {idle * 1000:.1f} ms"
        )
    assert filling.unfilled == ()
    assert len(filling.tables) > 40
