"""The shadow: fresh clones, refused servers, leftovers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest
from django.db import OperationalError, connection, connections

from modeler.errors import ConfigurationError, ServerError
from modeler.postgres.connections import connection_to
from modeler.postgres.shadow import CLONE_PREFIX, Shadow, clone_name, open_shadow
from modeler.servers import postgres_url


def rows(connection, sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def clones(shadow: Shadow) -> list[str]:
    found = rows(shadow.connection, "SELECT datname FROM pg_database ORDER BY datname")
    return [name for (name,) in found if name.startswith(CLONE_PREFIX)]


def test_a_clone_is_empty_and_gone_after_its_block(shadow):
    with shadow.clone("Catalog/0002 add sku") as clone:
        assert clone.name.startswith("modeler_clone_catalog_0002_add_sku_")
        assert clones(shadow) == [clone.name]
        opened = clone.connect()
        rows(opened, "CREATE TABLE t (id int)")
        assert rows(opened, "SELECT current_database(), count(*) FROM t") == [(clone.name, 0)]
    assert clones(shadow) == []
    assert opened.connection is None


def test_a_clone_of_a_clone_holds_what_that_one_held(shadow):
    with shadow.clone("first") as first:
        rows(first.connect(), "CREATE TABLE t AS SELECT 7 AS n")
        with shadow.clone("second", template=first) as second:
            rows(second.connect(), "UPDATE t SET n = 8")
            assert rows(second.connect(), "SELECT n FROM t") == [(8,)]
            assert rows(first.connect(), "SELECT n FROM t") == [(7,)]


def test_a_clone_is_dropped_after_an_error_and_under_open_connections(shadow):
    with pytest.raises(RuntimeError, match="mine"), shadow.clone() as clone:
        stranger = connection_to(clone.settings, "stranger")
        stranger.ensure_connection()
        raise RuntimeError("mine")
    assert clones(shadow) == []
    with pytest.raises(OperationalError):
        rows(stranger, "SELECT 1")
    stranger.close()


@pytest.mark.parametrize("alias", ["default", "elsewhere"])
def test_a_clone_takes_the_place_of_an_alias_for_a_while(shadow, alias):
    before = dict(connections.settings)
    ours = connections["default"]
    with shadow.clone() as clone:
        with clone.registered(alias) as there:
            assert connections[alias] is there
            assert connections.settings[alias]["NAME"] == clone.name
            assert rows(connections[alias], "SELECT current_database()") == [(clone.name,)]
        assert there.connection is None
    assert dict(connections.settings) == before
    assert connections["default"] is ours


def test_versions_are_those_of_the_server(shadow):
    ((full, number),) = rows(
        shadow.connection,
        "SELECT current_setting('server_version'), current_setting('server_version_num')::int",
    )
    assert (shadow.server_version, shadow.major) == (full.split()[0], number // 10000)


@pytest.mark.parametrize(
    ("hint", "start"),
    [
        ("", "modeler_clone__"),
        ("Ä B-c", "modeler_clone_b_c_"),
        ('x"; DROP', "modeler_clone_x_drop_"),
        ("n" * 90, "modeler_clone_" + "n" * 36 + "_"),
    ],
)
def test_a_name_is_legal_and_unique(hint, start):
    one, other = clone_name(hint), clone_name(hint)
    assert one.startswith(start)
    assert one != other
    assert len(one) <= 63


def test_leftovers_of_a_killed_process_are_swept_and_living_clones_are_not(shadow):
    code = """
        import sys, django, time
        django.setup()
        from modeler.postgres.shadow import open_shadow
        with open_shadow(apart_from=()) as shadow, shadow.clone("orphan") as clone:
            print(clone.name, flush=True)
            time.sleep(600)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    )
    try:
        orphan = child.stdout.readline().strip()
        with shadow.clone("mine") as mine:
            assert shadow.sweep() == ()
            assert clones(shadow) == sorted([mine.name, orphan])
            child.send_signal(signal.SIGKILL)
            child.wait()
            assert swept(shadow) == (orphan,)
            assert clones(shadow) == [mine.name]
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def swept(shadow: Shadow) -> tuple[str, ...]:
    """Sweep until the server noticed that the killed client is gone."""
    while not (names := shadow.sweep()):
        pass
    return names


def test_the_shadow_is_refused_on_the_project_s_own_server(shadow):
    same = connection_to(shadow.settings | {"NAME": "postgres"}, "default")
    with (
        pytest.raises(ServerError, match="is on the same server as the database 'default'"),
        open_shadow(apart_from=[same]),
    ):
        pass
    same.close()


def test_the_shadow_starts_beside_the_project_s_database(shadow):
    assert connection.vendor == "postgresql"
    with open_shadow() as other, other.clone() as clone:
        assert clone.name in clones(shadow)


def test_an_embedded_shadow_needs_no_reachable_project_and_a_named_one_does(shadow, settings):
    gone = connection_to(shadow.settings | {"HOST": "/nowhere"}, "default")
    with open_shadow(apart_from=[gone]) as opened:
        assert opened.major == shadow.major
    settings.MODELER = {"SHADOW_URL": postgres_url(os.environ["MODELER_DATA_DIR"], "shadow")}
    with (
        pytest.raises(ServerError, match="apart from the database 'default' cannot be known"),
        open_shadow(apart_from=[gone]),
    ):
        pass


def test_a_named_shadow_must_be_marked(shadow, settings):
    marked = postgres_url(os.environ["MODELER_DATA_DIR"], "shadow")
    settings.MODELER = {"SHADOW_URL": marked}
    with open_shadow(apart_from=()) as opened, opened.clone() as clone:
        assert clone.name in clones(shadow)
    settings.MODELER = {"SHADOW_URL": marked.replace("/modeler_shadow?", "/postgres?")}
    with pytest.raises(ServerError) as caught, open_shadow(apart_from=()):
        pass
    assert str(caught.value) == (
        "The database 'postgres' is not marked as modeler's shadow, so nothing is run there. If "
        "it and its whole server hold no data, mark it with: "
        "COMMENT ON DATABASE \"postgres\" IS 'modeler shadow'"
    )


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("mysql://a/b", ConfigurationError, "MODELER['SHADOW_URL'] cannot be used: it starts"),
        ("postgres://u@/d?host=/nowhere", ServerError, "The shadow server cannot be reached: "),
    ],
)
def test_a_shadow_url_that_leads_nowhere_is_said(settings, url, error, said, django_db_blocker):
    settings.MODELER = {"SHADOW_URL": url}
    with pytest.raises(error) as caught, django_db_blocker.unblock(), open_shadow(apart_from=()):
        pass
    assert str(caught.value).startswith(said)


def test_a_role_that_may_not_make_databases_is_told(shadow, settings):
    url = postgres_url(os.environ["MODELER_DATA_DIR"], "shadow")
    rows(shadow.connection, "CREATE ROLE no_maker LOGIN PASSWORD 'x'")
    settings.MODELER = {"SHADOW_URL": re.sub(r"//[^@/]*@", "//no_maker:x@", url)}
    try:
        with (
            pytest.raises(ServerError) as caught,
            open_shadow(apart_from=()) as opened,
            opened.clone(),
        ):
            pass
    finally:
        rows(shadow.connection, "DROP ROLE no_maker")
    assert str(caught.value) == (
        "The shadow server makes no database: permission denied to create database. Mend that "
        'there (the right is given by ALTER ROLE "no_maker" CREATEDB), or name another server in '
        "MODELER['SHADOW_URL']."
    )
