"""Rows that MongoDB cannot hold as they are, planted in a real PostgreSQL and found."""

from __future__ import annotations

import json
from functools import reduce

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from modeler.mongo.aggregate import Aggregate
from modeler.mongo.preflight.run import preflight, probes, probes_of_rows
from modeler.mongo.spec import aggregate_specs, collection_specs
from modeler.reporting.finding import Level
from modeler.schema.live import read_database
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from tests.blog.models import Attachment, Tag

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = """
CREATE TABLE odd (id integer PRIMARY KEY, wide numeric, price numeric(8,2), day date,
    moment timestamptz, facts jsonb, numbers integer[], at timestamptz UNIQUE, email text);
CREATE UNIQUE INDEX odd_email ON odd (lower(email));
INSERT INTO odd VALUES (1, 1, 1, '2026-01-01', '2026-01-01 00:00:00.123+00', '{"a": [1]}', '{1}',
    '2026-01-01', 'strasse@x');
"""
DEEP = json.dumps(reduce(lambda inner, _: [inner], range(120), 1))
# name: row's column and value, the code, its count in words
PLANTED = [
    ("wide", "'NaN'", "MS501"),
    ("price", "'NaN'", "MS501"),
    ("wide", "1234567890123456789012345678901234.5", None),  # kept as text
    ("day", "'infinity'", "MS503"),
    ("day", "'0044-03-15 BC'", "MS503"),
    ("moment", "'-infinity'", "MS503"),
    ("moment", "'12345-01-01+00'", "MS503"),
    ("moment", "'2026-01-01 00:00:00.123456+00'", "MS504"),
    ("facts", """'{"n": 9223372036854775808}'""", "MS505"),
    ("facts", """'{"n": [1, {"m": -9223372036854775809}]}'""", "MS505"),
    ("facts", """'{"n": 9223372036854775807}'""", None),
    ("facts", f"'{DEEP}'", "MS506"),
    ("facts", """'{"a": {"b.c": 1}}'""", "MS507"),
    ("facts", """'[{"$x": 1}]'""", "MS507"),
    ("facts", """'{"a": "b.c $x"}'""", None),
    ("facts", "'null'", "MS508"),
    ("facts", "NULL", None),
    ("numbers", "'{1,NULL}'", "MS509"),
    ("at", "'2026-01-01 00:00:00.000400+00'", "MS504 MS511"),
    ("email", "'STRASSE2@x'", None),
    ("email", "'straße@x'", None),  # documents hold what PostgreSQL makes of it
]


@pytest.fixture
def odd():
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE odd")


def found(*, follow: bool = True) -> list[tuple[str, str, str]]:
    schema = read_database(connection, alias="default")
    specs = aggregate_specs(schema, [Aggregate("default:odd", follow=follow)])
    return [
        (one.code, one.subject.rpartition(".")[2], dict(one.evidence)["such as"])
        for one in preflight(connection, probes(schema, specs))
    ]


@pytest.mark.parametrize(("column", "value", "codes"), PLANTED)
def test_what_is_planted_is_found_alone(odd, column, value, codes):
    assert found() == []
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO odd (id, {column}) VALUES (2, {value})")
    assert " ".join(sorted(code for code, _, _ in found())) == (codes or "")
    for code, subject, such_as in found():
        grouped = code in ("MS511", "MS512")
        assert grouped or (subject, such_as) == (column, "2")


def test_a_service_compares_by_a_collation(odd):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO odd (id, email) VALUES (2, 'straße@x')")
    assert found() == []
    assert [one[:2] for one in found(follow=False)] == [("MS512", "odd_email")]


def test_moments_that_are_computed_and_moments_of_some_rows(odd):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNIQUE INDEX odd_plain ON odd ((moment AT TIME ZONE 'UTC'));"
            "CREATE UNIQUE INDEX odd_priced ON odd (moment) WHERE price > 1;"
            "INSERT INTO odd (id, moment, price) VALUES (2, '2026-01-01 00:00:00.1234+00', 1)"
        )
    assert [one[:2] for one in found() if one[0] == "MS511"] == [("MS511", "odd_plain")]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE odd SET price = 2")
    assert [one[:2] for one in found() if one[0] == "MS511"] == [
        ("MS511", "odd_plain"), ("MS511", "odd_priced"),
    ]  # fmt: skip


def test_one_unanswered_question_does_not_hide_the_others(odd):
    schema = read_database(connection, alias="default")
    tables = [table for table in schema.tables if table.name == "odd"]
    asked = probes(schema, collection_specs(schema, tables))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO odd (id, price) VALUES (2, 'NaN')")
        cursor.execute("ALTER TABLE odd DROP COLUMN facts")
    answers = preflight(connection, asked)
    assert [(one.code, one.level) for one in answers] == [
        ("MS501", Level.ERROR), *[("MS500", Level.INFO)] * 4,
    ]  # fmt: skip
    ending = "which BSON does not have: column t.facts does not exist."
    assert [one.message.endswith(ending) for one in answers[1:]].count(True) == 1


def test_nothing_to_ask_is_nothing_found():
    assert preflight(connection, probes(Schema(), ())) == ()


def test_generic_references_that_lead_nowhere():
    schema = read_registry()
    specs = collection_specs(schema, [schema.table("blog.Attachment")])
    tag = Tag.objects.create(code="red", label="Red")
    kind = ContentType.objects.get_for_model(Tag)
    gone = ContentType.objects.create(app_label="old", model="thing")
    Attachment.objects.create(kind=kind, number=tag.pk)
    orphan = Attachment.objects.create(kind=kind, number=tag.pk + 1)
    stranger = Attachment.objects.create(kind=gone, number=1)
    found = preflight(connection, probes_of_rows(connection, schema, specs))
    assert [(one.code, one.message, dict(one.evidence)["such as"]) for one in found] == [
        ("MS513", "blog.Attachment.target: generic references to rows of blog.Tag that are gone: "
                  "1 row.", str(orphan.pk)),
        ("MS513", "blog.Attachment.target: generic references to rows of old.thing, which is no "
                  "model here: 1 row.", str(stranger.pk)),
    ]  # fmt: skip
