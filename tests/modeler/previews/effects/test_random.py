"""Random tables, random statements: the rules say what the server does, or that it refuses."""

from __future__ import annotations

import os

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings

from modeler.previews.effects.agreement import compare
from modeler.previews.effects.analysis import effects_of
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.reader import read_statements
from tests.modeler.previews.effects.measurement import measured
from tests.modeler.previews.effects.random_tables import examples

EXAMPLES = int(os.environ.get("MODELER_RANDOM_EXAMPLES", "15"))
REFUSALS = (psycopg.Error,)


@pytest.fixture(scope="module")
def playground(shadow_of_session, django_db_blocker):
    with django_db_blocker.unblock(), shadow_of_session.clone("effects random") as clone:
        observer = clone.connect("effects_random_observer")
        observer.ensure_connection()
        yield clone, observer.connection


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # each example costs a second: none is shrunk
    print_blob=True,
)
@given(example=examples())
def test_random_statements_do_what_the_rules_say(playground, shadow, example):
    clone, observer = playground
    observer.execute("DROP SCHEMA IF EXISTS public CASCADE")
    observer.execute("CREATE SCHEMA public")
    try:
        with observer.transaction():
            observer.execute(example.setup)
    except REFUSALS:
        return
    note(example.setup)
    for statement in example.statements:
        # A session of its own each: plans that a session keeps open fewer indexes.
        connection = clone.connect("effects_random")
        try:
            connection.set_autocommit(False)
            (command,) = read_statements(statement)
            said = effects_of(command, LiveCatalog(connection))
            try:
                seen = measured(connection.connection, observer, statement)
            except REFUSALS:
                continue
            note(statement)
            assert (statement, said.fails) == (statement, "")
            assert (statement, compare(said, seen)) == (statement, ())
        finally:
            connection.rollback()
            connection.close()
