"""Enum types and domains on the real servers: rules, documents and verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import validator
from modeler.schema.column import Column
from modeler.schema.live import read_database
from modeler.schema.location import Location
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import DomainType, Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.mongo.databases import database_of
from tests.modeler.mongo.parity.run import make_collections, prepare, run
from tests.modeler.mongo.parity.tally import merged

TABLES = """
CREATE SCHEMA other;
CREATE TYPE rating AS ENUM ('PG', 'G', 'NC-17');
CREATE DOMAIN "Name" AS varchar(8);
CREATE DOMAIN "Flag" AS boolean NOT NULL;
CREATE DOMAIN year AS integer CONSTRAINT year_check CHECK (VALUE >= 1901 AND VALUE <= 2155);
CREATE DOMAIN late AS year CONSTRAINT late_check CHECK (VALUE > 2000);
CREATE DOMAIN other.price AS numeric(8, 2) NOT NULL CONSTRAINT price_check CHECK (VALUE >= 0);
CREATE DOMAIN mail AS text CONSTRAINT mail_check CHECK (VALUE ~ '^[a-z]+@[a-z.]+$');
CREATE DOMAIN code AS varchar(6) CONSTRAINT code_check CHECK (VALUE <> 'no');
CREATE DOMAIN whole AS integer NOT NULL CONSTRAINT whole_check CHECK (VALUE >= 0);
CREATE DOMAIN dozen AS whole CONSTRAINT dozen_check CHECK (VALUE % 12 = 0);
CREATE TABLE film (
    id code PRIMARY KEY, title "Name" NOT NULL, fine "Flag", made year, remade late,
    cost other.price, shown rating NOT NULL, before rating, marks rating[], years year[],
    contact mail, packs dozen[], codes code[],
    CONSTRAINT film_shown CHECK (shown <> 'NC-17' OR made > 1990)
);
CREATE TABLE copy (
    shown rating, number integer, film code NOT NULL REFERENCES film, price other.price,
    CONSTRAINT copy_pkey PRIMARY KEY (shown, number)
);
"""
ROWS = """
INSERT INTO film
SELECT 'f' || n, 'film ' || n, n % 2 = 0, 1901 + n, 2001 + n, n / 4.0,
       (ARRAY['PG', 'G', 'NC-17']::rating[])[1 + n % 2],
       CASE WHEN n % 3 > 0 THEN 'NC-17' END::rating,
       ARRAY['G', 'PG']::rating[], ARRAY[1999, 2000 + n]::year[],
       CASE WHEN n % 4 > 0 THEN chr(97 + n % 26) || '@x.example' END,
       ARRAY[12, 24 * n]::dozen[], ARRAY['a', 'b' || n]::code[]
FROM generate_series(1, 30) n;
INSERT INTO copy SELECT (ARRAY['PG', 'G', 'NC-17']::rating[])[1 + n % 3], n, 'f' || n, n
FROM generate_series(1, 20) n;
"""
T = Location("default", "", "t")
SHAPES = (
    Aggregate(
        "default:film", "films",
        parts=(Part("copies", PartKind.ARRAY, "default:copy.copy_film_fkey"),),
    ),
    Aggregate("default:copy", "copies"),
)  # fmt: skip


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker, worker_id):
    """A connection to a database with such types, and its settings."""
    name = f"named_types_{worker_id}"
    with django_db_blocker.unblock(), database_of(name, TABLES + ROWS) as own:
        yield own, dict(own.settings_dict)


@pytest.fixture(scope="module")
def schema(database):
    return read_database(database[0])


@pytest.fixture(scope="module")
def judged(database, schema, mongo_client, worker_id):
    own, settings = database
    name = f"named_types_{worker_id}"
    specs = aggregate_specs(schema, SHAPES)
    assert prepare(own, schema, specs) == []
    refused = make_collections(mongo_client, name, schema, specs, settings)
    stored = list(mongo_client[name]["films"].find({"_id": "f4"}))
    found = list(run(own, mongo_client, name, schema, specs, rows=12))
    mongo_client.drop_database(name)
    return found, refused, stored


def test_made_twice_it_stays_the_same(schema):
    once = with_named_types(schema)
    assert once != schema
    assert with_named_types(once) == once


def test_a_type_called_like_one_of_the_servers_takes_no_column_of_that():
    column = Column("day", "date")
    table = Table("default:t", T, TableKind.TABLE, "t", columns=(column,))
    own = DomainType(Location("default", "other", "date"), "integer")
    schema = Schema((table,), domains=(own,))
    assert with_named_types(schema) == schema
    named = replace(schema, tables=(replace(table, columns=(Column("day", "other.date"),)),))
    assert with_named_types(named).tables[0].columns == (Column("day", "integer"),)


def test_every_rule_is_in_the_validator(schema):
    films = next(spec for spec in aggregate_specs(schema, SHAPES) if spec.name == "films")
    properties = validator(films)["$jsonSchema"]["properties"]
    shown = {
        name: {word: told for word, told in properties[name].items() if word != "description"}
        for name in ("_id", "title", "fine", "made", "shown", "before", "marks")
    }
    assert shown["_id"] == {"bsonType": "string", "maxLength": 6}
    assert shown["title"] == {"bsonType": "string", "maxLength": 8}
    assert shown["fine"] == {"bsonType": "bool"}
    assert shown["made"]["bsonType"] == ["int", "null"]
    assert shown["shown"] == {"bsonType": "string", "enum": ["PG", "G", "NC-17"]}
    assert shown["before"]["enum"] == ["PG", "G", "NC-17", None]
    # The array may have several dimensions, which a list of labels would refuse.
    assert shown["marks"]["items"] == {"bsonType": ["string", "null", "array"]}
    assert {check.name for check in films.checks} >= {
        "made_year_check", "remade_year_check", "late_check", "price_check", "mail_check",
        "id_code_check", "film_shown", "years_year_check", "rating",
    }  # fmt: skip
    assert [finding.code for finding in films.findings if finding.code == "MS101"] == []
    assert [f.message for f in films.findings if f.code == "MS202"] == [
        "The check code_check is not carried: the document does not hold the column film."
    ]


def test_documents_are_taken_and_hold_values_of_the_base_types(judged):
    _, refused, stored = judged
    assert refused == []
    (film,) = stored
    assert film["fine"] is True
    assert film["made"] == 1905
    assert film["marks"] == ["G", "PG"]
    assert film["years"] == [1999, 2004]


def test_both_servers_give_the_same_verdict(judged):
    total = merged(tally for _, tally in judged[0])
    assert [str(mutant) for mutant in total.unexplained] == []
    assert [str(mutant) for mutant in total.misjudged] == []
    assert total.mutants > 100


def test_every_rule_that_is_carried_was_broken_once(judged):
    """Each domain of a chain, of elements too; labels are no constraints of PostgreSQL's."""
    missed = {(spec.name, rule) for spec, tally in judged[0] for rule in tally.missed}
    # Keys are not changed to what other rows would have to have, too.
    assert missed == {("films", "|id_code_check"), ("copies", "|code_check")}
    hit = {rule for _, tally in judged[0] for rule in tally.hit}
    assert hit >= {
        "|made_year_check", "|remade_year_check", "|late_check", "|years_year_check",
        "|whole_check", "|dozen_check", "|whole_not_null", "|codes_code_check",
        "copies|price_check",
    }  # fmt: skip
