"""What commands store for the pages says of which specifications it is."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from modeler.management.commands.collection_specs import Command
from modeler.management.specs.run import SpecsRun
from modeler.models import StoredResult
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.server import close_clients
from modeler.results import newest
from modeler.schema.project import read_project
from modeler.schema.schema import Schema
from tests.modeler.mongo.test_index_versions import GIN_AND_PLAIN
from tests.modeler.mongo.test_indexes import TABLE

pytestmark = pytest.mark.django_db(databases=["default", "events"])
NAME = "by_storing"
Kind = StoredResult.Kind
SPECS, SYNC = "collection_specs", "sync_collections"
CASES = [
    (Kind.DRIFT, (SPECS, "blog", "--drift", "--database", NAME)),
    (Kind.PREFLIGHT, (SPECS, "sessions", "--preflight")),
    (Kind.PROOF, (SPECS, "sessions", "--prove", "--workers", "1")),
    (Kind.SAMPLES, (SPECS, "blog", "--samples", "1")),
    (Kind.VERIFICATION, (SYNC, "sessions", "--verify", "--database", NAME)),
]


@pytest.fixture(autouse=True)
def server(server_url, mongo_client, monkeypatch):
    monkeypatch.setenv("MONGO_URL", server_url)
    yield
    mongo_client.drop_database(NAME)
    close_clients()


@pytest.mark.parametrize(("kind", "command"), CASES, ids=[" ".join(one) for _, one in CASES])
def test_every_verb_stores_the_specifications_of_its_collections(kind, command):
    try:
        call_command(*command, "--store", stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        assert error.returncode == 1  # it differs: nothing was applied
    kept = newest(kind)
    expected = fingerprints(chosen_specs(read_project(), [command[1]]))
    assert expected
    assert kept.specifications == expected


def test_collections_whose_rows_lie_elsewhere_were_not_looked_at():
    for verb in ("--preflight", "--prove"):
        call_command(
            SPECS, "sessions", verb, "--alias", "events", "--store",
            stdout=io.StringIO(), stderr=io.StringIO(),
        )  # fmt: skip
    assert [newest(kind).specifications for kind in (Kind.PREFLIGHT, Kind.PROOF)] == [{}, {}]


def test_what_was_specified_for_a_newer_server_is_no_other_specification_of_the_models():
    """Pages specify for the oldest, a drift for the server that it speaks to."""
    schema = Schema((replace(TABLE, indexes=(GIN_AND_PLAIN,)),))
    newer, pages = chosen_specs(schema, server=(8, 0)), chosen_specs(schema)
    assert fingerprints(newer) != fingerprints(pages)
    run = SpecsRun(Command(stderr=io.StringIO()), schema, newer, {"names": []})
    run.store(Kind.DRIFT, {})
    assert newest(Kind.DRIFT).specifications == fingerprints(pages)
