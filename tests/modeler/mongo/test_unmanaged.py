"""Models over a legacy database: what ``inspectdb`` wrote is specified as what its tables hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError

from modeler.errors import ServerError
from modeler.mongo.design.design import design
from modeler.mongo.preflight.groups import key_probes
from modeler.mongo.spec import aggregate_specs, collection_specs
from modeler.mongo.validator import validator
from modeler.schema import project
from modeler.schema.live import read_database
from modeler.schema.project import read_project, selected, unanswered
from tests.modeler.inspected import inspected
from tests.modeler.mongo.databases import database_of
from tests.modeler.mongo.parity.run import make_collections, prepare, run
from tests.modeler.mongo.parity.tally import merged

TABLES = """
CREATE TYPE rating AS ENUM ('PG', 'G', 'NC-17');
CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE DOMAIN price AS numeric(8, 2) NOT NULL CONSTRAINT price_check CHECK (VALUE >= 0);
CREATE TABLE studio (
    code char(3) PRIMARY KEY, name text NOT NULL UNIQUE,
    CONSTRAINT studio_name CHECK (name <> '')
);
CREATE TABLE film (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar(8) NOT NULL,
    shown rating NOT NULL, made year, cost price, tax numeric(8, 2) DEFAULT 0 CHECK (tax < cost),
    gross numeric GENERATED ALWAYS AS (cost + tax) STORED, tags text[], extra jsonb,
    length smallint CHECK (length BETWEEN 1 AND 900), at timestamptz, "of day" date,
    studio char(3) NOT NULL REFERENCES studio ON DELETE CASCADE,
    CONSTRAINT film_shown CHECK (shown <> 'NC-17' OR made > 1990)
);
CREATE UNIQUE INDEX film_title ON film (lower(title)) WHERE made > 1950;
CREATE INDEX film_newest ON film (made DESC, title);
CREATE TABLE copy (
    film integer NOT NULL REFERENCES film, number integer, price price, shown rating,
    CONSTRAINT copy_key PRIMARY KEY (film, number), CHECK (number > 0),
    UNIQUE (number, shown)
);
CREATE TABLE visit (film integer REFERENCES film, seen date NOT NULL, CHECK (seen > '1895-01-01'));
CREATE VIEW cheap AS SELECT id, title, cost FROM film WHERE cost < 3;
"""
ROWS = """
INSERT INTO studio SELECT chr(64 + n) || 'x', 'studio ' || n FROM generate_series(1, 9) n;
INSERT INTO film (title, shown, made, cost, length, tags, extra, at, "of day", studio)
SELECT 'film ' || n, (ARRAY['PG', 'G', 'NC-17']::rating[])[1 + n % 3], 1991 + n, n / 4.0,
       n, ARRAY['a', 'b'], '{"a": 1}', now(), current_date, chr(65 + n % 9) || 'x'
FROM generate_series(1, 30) n;
UPDATE film SET tax = -1;
INSERT INTO copy SELECT n, n, n, 'G' FROM generate_series(1, 20) n;
INSERT INTO visit SELECT n, '2024-02-29' FROM generate_series(1, 20) n;
"""


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker, worker_id):
    """A connection to a database that no migration made, and its settings."""
    name = f"unmanaged_{worker_id}"
    with django_db_blocker.unblock(), database_of(name, TABLES + ROWS) as own:
        yield own, dict(own.settings_dict)


@pytest.fixture(scope="module")
def models(database):
    """The schema of inspectdb's models, with what the database adds."""
    with inspected(database[0]) as apps:
        return read_project(apps=apps, aliases=["default"])


def rules(found: Any) -> Any:
    """Return a validator without words for people, which name models or tables."""
    if isinstance(found, dict):
        return {word: rules(value) for word, value in found.items() if word != "description"}
    return [rules(one) for one in found] if isinstance(found, list) else found


def indexes(spec: Any) -> list[Any]:
    return [(one.keys, one.options, one.source) for one in spec.indexes]


def test_rules_and_indexes_are_those_of_the_tables(database, models):
    live = {spec.name: spec for spec in collection_specs(read_database(database[0]))}
    specs = {spec.name: spec for spec in collection_specs(models)}
    assert set(specs) == {"studio", "film", "copy", "visit"}
    for name, spec in specs.items():
        assert rules(validator(spec)) == rules(validator(live[name])), name
        assert indexes(spec) == indexes(live[name]), name
        assert [key.column for key in spec.key] == [key.column for key in live[name].key]
        assert [one.code for one in spec.findings] == [one.code for one in live[name].findings]
    assert len(specs["film"].checks) == 5


def test_the_design_is_that_of_the_tables(database, models):
    live = read_database(database[0])
    verdicts = [
        sorted((one.verdict, one.because) for one in design(schema).decisions)
        for schema in (live, models)
    ]
    assert verdicts[0] == verdicts[1]
    assert len(verdicts[0]) == 3


def test_both_servers_give_the_same_verdict(database, models, mongo_client, worker_id):
    own, settings = database
    name = f"unmanaged_{worker_id}"
    specs = [one for one in aggregate_specs(models, design(models).aggregates) if one.key]
    assert prepare(own, models, specs) == []
    assert make_collections(mongo_client, name, models, specs, settings) == []
    total = merged(tally for _, tally in run(own, mongo_client, name, models, specs, rows=10))
    mongo_client.drop_database(name)
    assert [str(mutant) for mutant in total.unexplained] == []
    assert [str(mutant) for mutant in total.misjudged] == []
    assert total.missed == []
    assert total.mutants > 150


def test_a_rule_over_a_column_without_a_field_is_told(database):
    with inspected(database[0], without="made") as apps:
        schema = read_project(apps=apps, aliases=["default"])
    film = next(spec for spec in collection_specs(schema) if spec.name == "film")
    assert "made" not in [field.column for field in film.fields]
    told = "\n".join(str(one.message) for one in film.findings)
    for rule in ("film_shown", "film_title", "film_newest"):
        assert rule in told
    assert "leaves the column made out" in told


def test_nothing_is_asked_that_does_not_know_more(monkeypatch):
    monkeypatch.setattr(project, "aliases_to_ask", lambda models: frozenset())
    monkeypatch.setattr(project, "read_database", None)
    assert unanswered(read_project()) == ()


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (ServerError("The database 'default' does not answer: gone. Start it."),
         "The database 'default' does not answer: gone. Start it."),
        (DatabaseError("canceling statement due to statement timeout\nCONTEXT: x"),
         "canceling statement due to statement timeout"),
    ],
)  # fmt: skip
def test_a_database_that_does_not_answer_is_named(database, monkeypatch, raised, said):
    def refuse(*_: object, **__: object) -> None:
        raise raised

    with inspected(database[0]) as apps:
        monkeypatch.setattr(project, "read_database", refuse)
        schema = read_project(apps=apps, aliases=["default"])
    assert unanswered(schema) == (f"rules and types of the database default: {said}",)
    assert unanswered(selected(schema, ["blog.Film"])) == unanswered(schema)
    managed = replace(
        schema, tables=tuple(replace(t, managed=t.name != "Film") for t in schema.tables)
    )
    assert unanswered(selected(managed, ["blog.Visit"])) == ()
    codes = [one.code for spec in collection_specs(schema) for one in spec.findings]
    assert codes.count("MS104") == 4


def test_only_a_key_that_nothing_holds_is_looked_for_twice(models):
    """A model's word for the key of a table without one; the server holds the others."""
    held = [t for t in models.tables if t.name in ("Film", "Copy", "Studio")]
    assert [list(key_probes(table)) for table in held] == [[], [], []]
    own_word = replace(models.table("blog.Visit"), primary_key=("film",))
    assert [probe.code for probe in key_probes(own_word)] == ["MS515"]
    unread = replace(held[0], constraints=())
    assert [probe.code for probe in key_probes(unread)] == ["MS515"]
