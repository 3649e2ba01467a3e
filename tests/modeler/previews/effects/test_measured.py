"""Every rule against the server that runs the tests: what it says is what was measured."""

from __future__ import annotations

import pytest

from modeler.previews.effects.agreement import compare
from modeler.previews.effects.analysis import effects_of
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.reader import read_statements
from tests.modeler.previews.effects.cases import Case, families, read_family, short
from tests.modeler.previews.effects.measurement import held, measured

CASES = [case for family in families() for case in read_family(family)[1]]


@pytest.fixture(scope="module")
def laid_out(shadow_of_session, django_db_blocker):
    """Databases of the families, made when the first case asks; their connections."""
    made = {}
    with django_db_blocker.unblock():
        from contextlib import ExitStack

        with ExitStack() as stack:

            def lay_out(family: str):
                if family not in made:
                    clone = stack.enter_context(shadow_of_session.clone(f"effects {family}"))
                    connection = clone.connect("effects_setup")
                    with connection.cursor() as cursor:
                        cursor.execute(read_family(family)[0])
                    connection.close()
                    observer = clone.connect("effects_observer")
                    observer.ensure_connection()
                    made[family] = clone, observer
                return made[family]

            yield lay_out


@pytest.fixture
def session(request, laid_out, shadow):
    case: Case = request.param
    if shadow.major not in case.expected:
        pytest.skip(f"PostgreSQL {shadow.major} cannot run it")
    clone, observer = laid_out(case.family)
    connection = clone.connect("effects")
    connection.set_autocommit(False)
    yield case, connection, observer.connection, shadow.major
    connection.rollback()
    connection.close()


@pytest.mark.parametrize("session", CASES, indirect=True, ids=lambda case: case.sql[:120])
def test_the_rules_say_what_the_server_does(session):
    case, connection, observer, major = session
    *first, statement = case.statements
    for sql in first:
        connection.connection.execute(sql)
    (command,) = read_statements(statement)
    said = effects_of(command, LiveCatalog(connection))
    before = held(connection.connection, observer)
    seen = measured(connection.connection, observer, statement)
    assert short(seen) == case.expected[major]
    assert compare(said, seen, before) == ()
    assert not said.fails
    assert not said.unread
    assert all(lock.cause for lock in said.locks)
    assert all(work.cause for work in said.work)
    tables = {lock.relation: lock for lock in seen.locks}
    for lock in said.locks:
        if lock.relation in tables:
            assert (lock.kind, lock.table) == (
                tables[lock.relation].kind,
                tables[lock.relation].table,
            )
