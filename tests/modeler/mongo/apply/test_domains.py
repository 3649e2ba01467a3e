"""Domains of a live database: applied without a false alarm, and their changes told."""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.apply.progress import Outcome
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.drift.report import drift
from modeler.mongo.drift.target import targets_of
from modeler.mongo.server_facts import read_facts
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.state import read_state
from modeler.schema.live import read_database
from tests.modeler.mongo.databases import database_of

from .rounds import applied

TABLES = """
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN year AS integer CONSTRAINT year_low CHECK (VALUE > 1900);
CREATE DOMAIN late AS year CONSTRAINT late_low CHECK (VALUE > 2000);
CREATE DOMAIN word AS varchar(8) CONSTRAINT word_there CHECK (VALUE <> '');
CREATE DOMAIN listed AS integer CONSTRAINT listed_low CHECK (VALUE > 0);
CREATE TABLE film (id integer PRIMARY KEY, made year, remade late, title word, numbers listed[],
    moods mood[], mood mood);
CREATE TABLE copy (id integer PRIMARY KEY, bought late, film_id integer NOT NULL
    CONSTRAINT copy_film REFERENCES film);
"""
SHAPES = (
    Aggregate(
        "default:film", "films", parts=(Part("copies", PartKind.ARRAY, "default:copy.copy_film"),)
    ),
)  # fmt: skip
SAID = "The models or their database changed a rule since films was applied: "
CHANGES = {
    "a check": (
        "ALTER DOMAIN year ADD CONSTRAINT year_high CHECK (VALUE < 2200)",
        # Of each column, also through the domain above; within rows too.
        [f"the condition {name}year_high" for name in ("", "made_", "remade_")],
    ),
    "no check any more": (
        "ALTER DOMAIN word DROP CONSTRAINT word_there", ["the condition word_there"],
    ),
    "not null": (
        "ALTER DOMAIN late SET NOT NULL",
        # Conditions need not ask for null any more.
        [
            "bsonType of copies[].bought", "bsonType of remade", "the condition late_low",
            "the condition remade_year_low", "the condition year_low",
        ],
    ),
    "a check of elements": (
        "ALTER TABLE film ALTER numbers TYPE integer[]; ALTER DOMAIN listed"
        " ADD CONSTRAINT listed_high CHECK (VALUE < 9);"
        " ALTER TABLE film ALTER numbers TYPE listed[]",
        ["the condition listed_high"],
    ),
    "not null of elements": (
        "ALTER TABLE film ALTER numbers TYPE integer[]; ALTER DOMAIN listed SET NOT NULL;"
        " ALTER TABLE film ALTER numbers TYPE listed[]",
        ["bsonType of numbers[]", "the condition listed_not_null"],
    ),
    "a longer text": (
        "ALTER TABLE film ALTER title TYPE text; DROP DOMAIN word; CREATE DOMAIN word AS"
        " varchar(9) CONSTRAINT word_there CHECK (VALUE <> '');"
        " ALTER TABLE film ALTER title TYPE word",
        ["maxLength of title"],
    ),
    "a label": (
        "ALTER TYPE mood RENAME VALUE 'ok' TO 'well'", ["enum of mood", "the condition mood"],
    ),
    "another name": ("ALTER DOMAIN year RENAME CONSTRAINT year_low TO year_lowest", []),
    "a default": ("ALTER DOMAIN year SET DEFAULT 1999", []),
}  # fmt: skip


@pytest.fixture(scope="module")
def live(django_db_setup, django_db_blocker, worker_id):
    name = f"applied_domains_{worker_id}"
    with django_db_blocker.unblock(), database_of(name, TABLES) as own:
        yield own


def targets(live):
    return targets_of(aggregate_specs(read_database(live), SHAPES))


def found(live, database):
    """What the report says of the database's rules; of the server itself it says nothing."""
    today = targets(live)
    held = read_collections(database, ["films"], read_facts(database.client, database.name))
    report = drift(today, held, read_state(database, ["films"]), whole=True)
    assert report.live.findings == ()
    return report.models.findings


def test_there_is_no_false_alarm(live, database):
    progress = applied(targets(live), database)
    assert [one for one in progress if one.outcome is not Outcome.DONE] == []
    assert found(live, database) == ()


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=list(CHANGES))
def test_a_changed_domain_is_told(live, database, change, said):
    applied(targets(live), database)
    live.set_autocommit(False)
    try:
        with live.cursor() as cursor:
            cursor.execute(change)
        findings = found(live, database)
    finally:
        live.rollback()
        live.set_autocommit(True)
    assert {one.code for one in findings} == ({"MS321"} if said else set())
    told = {one.message.removeprefix(SAID).removesuffix(".") for one in findings}
    assert sorted(told) == sorted(said)
