"""Rows mutated at random: what PostgreSQL refuses, MongoDB refuses, or a note told it before.

A small part of ``benchmarks.mongo_parity``, which runs the same on whole projects.
"""

from __future__ import annotations

import pytest

from modeler.mongo.spec import aggregate_specs
from modeler.schema.live import read_database
from tests.modeler.mongo.databases import database_of
from tests.modeler.mongo.parity.domain import ROWS, SHAPES, TABLES
from tests.modeler.mongo.parity.run import make_collections, prepare, run
from tests.modeler.mongo.parity.tally import merged

NAME = "parity"


@pytest.fixture(scope="module")
def judged(django_db_setup, django_db_blocker, mongo_client, worker_id):
    """All that the run found: ``(specification, tally)``, and what could not be exported."""
    name = f"{NAME}_{worker_id}"
    with django_db_blocker.unblock(), database_of(name, TABLES + ROWS) as own:
        schema = read_database(own)
        specs = aggregate_specs(schema, SHAPES)
        assert prepare(own, schema, specs) == []
        refused = make_collections(mongo_client, name, schema, specs, dict(own.settings_dict))
        found = list(run(own, mongo_client, name, schema, specs, rows=12))
        mongo_client.drop_database(name)
    return found, refused


def test_every_row_is_taken_as_it_is(judged):
    assert judged[1] == []


def test_both_servers_give_the_same_verdict_or_a_note_told_the_difference(judged):
    total = merged(tally for _, tally in judged[0])
    assert [str(mutant) for mutant in total.unexplained] == []
    assert total.parity > 0.99
    assert total.mutants > 500
    assert total.refused > 0.3 * total.mutants


def test_the_evaluator_agrees_with_the_server(judged):
    total = merged(tally for _, tally in judged[0])
    assert [str(mutant) for mutant in total.misjudged] == []


def test_the_same_checks_are_found_broken(judged):
    total = merged(tally for _, tally in judged[0])
    assert [(name, str(mutant)) for mutant, name in total.otherwise] == []


def test_every_rule_that_is_carried_was_broken_once(judged):
    missed = {f"{spec.name}: {rule}" for spec, tally in judged[0] for rule in tally.missed}
    assert missed == set()
