"""Projects that we did not write: the migrated PostgreSQL is the truth, in both directions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest

from modeler.diagrams.types import short_type
from modeler.schema.drift import drift
from modeler.schema.encoding import from_json
from modeler.servers import supervised
from tests.thirdparty.claims import NOT_MIGRATED, claims_of, claims_of_dot, claims_of_mermaid
from tests.thirdparty.environment import Project, build_wheel, make_project
from tests.thirdparty.truth import Truth, truth_of

pytestmark = pytest.mark.thirdparty

NAMES = ("oscar", "wagtail", "pretix")
# Django's own record of what is applied has no model in any registry.
WITHOUT_MODEL = frozenset({"django_migrations"})


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def server():
    with supervised(("postgres",)) as running:
        yield running


@pytest.fixture(scope="session", params=NAMES)
def project(request, wheel, server, tmp_path_factory) -> Iterator[tuple[Project, dict]]:
    """A project, unmigrated at first, with what was asked of it in that state."""
    url = server.database_url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{request.param}"')
    parts = urlsplit(url)
    own = parts._replace(path=f"/{request.param}").geturl()
    made = make_project(
        request.param, wheel, database_url=own, servers=server.data_dir,
        folder=tmp_path_factory.mktemp(request.param),
    )  # fmt: skip
    unmigrated = {
        "diagram": made.json("er_diagram"),
        "specs": made.json("collection_specs"),
        "preview": made.json("migration_preview", "--fail-on", "never"),
    }
    made.run("migrate", "--verbosity", "0")
    yield made, unmigrated


@pytest.fixture(scope="session")
def truth(project) -> Truth:
    return truth_of(project[0].variables["DATABASE_URL"], without=WITHOUT_MODEL)


@pytest.fixture(scope="session")
def document(project) -> dict:
    return project[0].json("er_diagram")


def test_json_says_exactly_what_postgresql_holds(document, truth):
    claims = claims_of(document)
    assert_same("tables", claims.tables, truth.tables)
    assert_same("columns", claims.columns, truth.columns)
    assert_same("primary keys", claims.primary_keys, truth.primary_keys)
    assert_same("foreign keys", claims.foreign_keys, truth.foreign_keys)


def test_the_unmigrated_project_says_the_same(project, document):
    without_time = dict(document["schema"], origin=None)
    assert dict(project[1]["diagram"]["schema"], origin=None) == without_time


def test_dot_is_read_back_to_the_same(project, truth):
    assert_same_drawn(
        claims_of_dot(project[0].run("er_diagram", "--show", "all", "--format", "dot").stdout),
        truth,
    )


def test_mermaid_is_read_back_to_the_same(project, document, truth):
    tables = {
        table["key"]: table["location"]["table"]
        for table in document["schema"]["tables"]
        if table["kind"] not in NOT_MIGRATED
    }
    text = project[0].run("er_diagram", "--show", "all", "--format", "mermaid").stdout
    assert_same_drawn(claims_of_mermaid(text, tables), truth)


def test_every_table_has_a_collection(project, document, truth):
    foreign = {
        table["location"]["table"]
        for table in document["schema"]["tables"]
        if table["kind"] in NOT_MIGRATED and table.get("location")
    }
    for specs in (project[1]["specs"], project[0].json("collection_specs")):
        names = {collection["name"] for collection in specs["collections"]}
        assert_same("collections", names - (foreign - truth.tables), truth.tables)


def test_every_operation_of_the_history_has_statements_or_a_reason(project):
    preview = project[1]["preview"]["preview"]
    bare = [
        f"{migration['app']}.{migration['name']}: {operation['description']} ({direction})"
        for migration in preview["migrations"]
        for position, operation in enumerate(migration.get("operations", []))
        for direction in ("forward", "backward")
        if not operation.get(f"{direction}_note")
        and not any(sent["operation"] == position for sent in migration.get(direction, []))
    ]
    assert bare == []
    assert [m["error"] for m in preview["migrations"] if m.get("error")] == []
    assert len(preview["migrations"]) > 20


def test_a_migrated_project_has_nothing_pending_and_shows_the_last(project):
    preview = project[0].json("migration_preview", "--last", "2")["preview"]
    assert preview["nothing_pending"] is True
    assert len(preview["migrations"]) == 2
    assert all(migration["applied"] for migration in preview["migrations"])


def test_a_freshly_migrated_project_has_no_drift_and_a_fault_is_one_finding(project):
    expected, live = (
        from_json(project[0].run("schema_snapshot", "--source", source, "--output", "-").stdout)
        for source in ("expected", "database")
    )
    assert len(expected.tables) > 50
    assert [str(change) for change in drift(live, expected)] == []
    index = next(
        (table.key, index.name)
        for table in live.tables
        for index in table.indexes
        if index.source == "database" and not index.unique
    )
    with psycopg.connect(project[0].variables["DATABASE_URL"]) as connection:
        connection.execute(f'DROP INDEX "{index[1]}"')
        connection.commit()
        faulty = from_json(
            project[0].run("schema_snapshot", "--source", "database", "--output", "-").stdout
        )
    assert [str(change) for change in drift(faulty, expected)] == [
        f"removed index {index[0]}.{index[1]}"
    ]


def test_every_step_of_an_app_takes_less_than_a_second_of_processor_time(project):
    """A page walks along the migrations; the first request of a process loads them all."""
    code = """
import json, time
import django
django.setup()
from modeler.sources import project_history
start = time.process_time()
history = project_history()
history.schema()
loaded = time.process_time() - start
app = max(history.apps, key=lambda app: len(history.app_steps(app)))
steps = len(history.app_steps(app))
times = []
for position in (1, steps // 2, steps):
    history._read.cache_clear()
    start = time.process_time()
    history.changes_of_step(app, position)
    times.append(time.process_time() - start)
total = len(history.loader.graph.nodes)
print(json.dumps({"app": app, "steps": steps, "all": total, "loaded": loaded, "times": times}))
"""
    made = project[0]
    done = subprocess.run(
        [made.home / "bin" / "python", "-c", code],
        capture_output=True, text=True, check=False, cwd=made.home,
        env={**made.variables, "DJANGO_SETTINGS_MODULE": f"{made.name}_settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    measured = json.loads(done.stdout.splitlines()[-1])
    print(measured)
    assert max(measured["times"]) < 1


@pytest.mark.parametrize("command", ["er_diagram", "collection_specs", "migration_preview"])
def test_an_unknown_name_ends_with_the_nearest_and_code_2(project, command):
    done = project[0].run(command, "ath", check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_json_is_stable(project):
    first, second = (project[0].run("er_diagram", "--format", "json").stdout for _ in range(2))
    assert json.loads(first)["schema"]["tables"] == json.loads(second)["schema"]["tables"]


def assert_same(what: str, claimed: set | frozenset, true: set | frozenset) -> None:
    missing, invented = sorted(true - claimed), sorted(claimed - true)
    assert not missing and not invented, f"{what}: missing {missing}, invented {invented}"


def assert_same_drawn(claims: Truth, truth: Truth) -> None:
    short = {(table, name, short_type(kind), null) for table, name, kind, null in truth.columns}
    assert_same("columns", claims.columns, short)
    unordered = {(table, tuple(sorted(columns))) for table, columns in truth.primary_keys}
    assert_same("primary keys", claims.primary_keys, unordered)
    concrete = {key for key in claims.foreign_keys if not key[2].startswith("proxy ")}
    to_proxies = {key[:2] for key in claims.foreign_keys - concrete}
    expected = {key for key in truth.foreign_keys if key[:2] not in to_proxies}
    assert_same("foreign keys", concrete, expected)
    assert to_proxies <= {key[:2] for key in truth.foreign_keys}
