"""Rules of transactions, each by a table of cases on the shadow."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from modeler.previews.hazards.session_facts import SessionFacts, session_facts
from modeler.previews.hazards.timeouts import milliseconds
from tests.modeler.previews.hazards.rehearsed import BIG, SMALL, Case, assert_case

ID = ("id", models.BigAutoField(primary_key=True))
OWNER = migrations.CreateModel("Owner", [ID, ("name", models.CharField(max_length=20))])
PET = migrations.CreateModel(
    "Pet",
    [
        ID,
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
    ],
)
OWNED = migrations.AddField(
    "pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True)
)
SIZE = migrations.AddField("pet", "size", models.IntegerField(null=True))
BY_NAME = models.Index(fields=["name"], name="by_name")
BY_AGE = models.Index(fields=["age"], name="by_age")
OF_OWNER = migrations.AddIndex("owner", models.Index(fields=["name"], name="of_owner"))
INDEXED = migrations.AddIndex("pet", BY_NAME)
ROWS = (
    "INSERT INTO pets_owner (name) VALUES ('Ann'), ('Bob');"
    "INSERT INTO pets_pet (name, owner_id) VALUES ('Rex', 1)"
)


def sql(text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text, "")


def rename(apps, schema_editor):
    apps.get_model("pets", "Pet").objects.update(name="x")


def count(apps, schema_editor):
    apps.get_model("pets", "Pet").objects.count()


def give_away(apps, schema_editor):
    apps.get_model("pets", "Pet").objects.filter(name="Rex").update(owner_id=2)


def add_one(apps, schema_editor):
    apps.get_model("pets", "Owner").objects.create(name="Bob")


def run(code) -> migrations.RunPython:
    return migrations.RunPython(code, migrations.RunPython.noop)


CASES = {
    "MP501": [
        Case("an index after a column", [SIZE, INDEXED], [PET], expected=[("pets_pet", "error")]),
        Case("measured", [SIZE, INDEXED], [PET], trace=True, expected=[("pets_pet", "error")]),
        Case(
            "work on another table", [SIZE, OF_OWNER], [PET, OWNER],
            expected=[("pets_pet", "error")],
        ),
        Case(
            "told once, by the size of the other table", [SIZE, OF_OWNER], [PET, OWNER],
            more={"sizes": {"pets_pet": BIG, "pets_owner": SMALL}},
            expected=[("pets_pet", "info")],
        ),
        Case(
            "two indexes are one finding", [SIZE, INDEXED, migrations.AddIndex("pet", BY_AGE)],
            [PET], expected=[("pets_pet", "error")],
        ),
        Case("the work comes first", [INDEXED, SIZE], [PET]),
        Case(
            "a check locks by itself: MP301 tells it",
            [SIZE, sql("ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0)")], [PET],
        ),
        Case("nothing grows with rows", [SIZE, sql("ALTER TABLE pets_owner ADD a int")],
             [PET, OWNER]),
        Case("each in a transaction of its own", [SIZE, INDEXED], [PET], atomic=False),
        Case("a table that is made here", [PET, SIZE, INDEXED]),
    ],
    "MP502": [
        Case("two", [SIZE, sql("ALTER TABLE pets_owner ADD a int")], [PET, OWNER],
             expected=[("pets_pet+pets_owner", "info")]),
        Case("one operation needs both", [sql("ALTER TABLE pets_pet DROP CONSTRAINT k")],
             [PET, OWNER],
             sql="ALTER TABLE pets_pet ADD CONSTRAINT k FOREIGN KEY (age) REFERENCES pets_owner"),
        Case("one of them is made here", [PET, SIZE, sql("ALTER TABLE pets_owner ADD a int")],
             [OWNER]),
    ],
    "MP503": [
        Case("schema, then data", [SIZE, run(rename)], [PET], expected=[("pets_pet", "error")]),
        Case("measured", [SIZE, run(rename)], [PET], trace=True,
             sql="INSERT INTO pets_pet (name) VALUES ('Rex')",
             expected=[("pets_pet", "error")]),
        Case("rows are only read", [SIZE, run(count)], [PET], expected=[("pets_pet", "warning")]),
        Case("data, then schema", [run(rename), SIZE], [PET], expected=[("pets_pet", "warning")]),
        Case("by SQL", [SIZE, sql("UPDATE pets_pet SET name = 'x'")], [PET],
             expected=[("pets_pet", "error")]),
        Case("few rows", [SIZE, run(rename)], [PET], size=SMALL, expected=[("pets_pet", "info")]),
        Case("a row that is written out", [SIZE, run(add_one)], [PET, OWNER]),
        Case("data alone", [run(rename)], [PET]),
        Case("each in a transaction of its own", [SIZE, run(rename)], [PET], atomic=False),
        Case("the table is made here", [PET, run(rename), SIZE], []),
        Case(
            "Django's own filling of a column is told elsewhere",
            [migrations.AlterField("pet", "age", models.IntegerField(default=1))], [PET],
        ),
    ],
    "MP504": [
        Case("fails", [run(give_away), SIZE], [OWNER, PET, OWNED], sql=ROWS,
             expected=[("pets_pet", "error")]),
        Case("another column is written", [run(rename), SIZE], [OWNER, PET, OWNED], sql=ROWS),
        Case("checked in between",
             [run(give_away), sql("SET CONSTRAINTS ALL IMMEDIATE"), SIZE], [OWNER, PET, OWNED],
             sql=ROWS),
    ],
    "MP505": [
        Case("two indexes", [
            AddIndexConcurrently("pet", BY_NAME), AddIndexConcurrently("pet", BY_AGE),
        ], [PET], atomic=False, expected=[("operation 2", "warning")]),
        Case("the first may run again", [
            sql("DROP INDEX CONCURRENTLY IF EXISTS by_name"), AddIndexConcurrently("pet", BY_NAME),
            sql("SET lock_timeout = 0"),
        ], [PET], atomic=False),
        Case("a transaction", [SIZE, INDEXED], [PET]),
        Case("one", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False),
    ],
    "MP506": [
        Case("none", [SIZE], [PET], expected=[("pets_pet", "info")]),
        Case("set here", [sql("SET lock_timeout = '2s'"), SIZE], [PET]),
        Case("set by the connection", [SIZE], [PET],
             more={"session": SessionFacts({"lock_timeout": "3000"})}),
        Case("too late", [SIZE, sql("SET lock_timeout = '2s'")], [PET],
             expected=[("pets_pet", "warning")]),
        Case("too long", [sql("SET lock_timeout TO '5min'"), SIZE], [PET],
             expected=[("pets_pet", "warning")]),
        Case("no strong lock", [run(rename)], [PET]),
        Case("a table that is made here", [PET]),
    ],
    "MP507": [
        Case("ends", [sql("ALTER TABLE pets_pet ADD a int; COMMIT")], [PET],
             expected=[("COMMIT", "error")]),
        Case("manages its own", [sql("BEGIN; ALTER TABLE pets_pet ADD a int; COMMIT")], [PET],
             atomic=False),
        Case("none", [sql("ALTER TABLE pets_pet ADD a int")], [PET]),
    ],
    "MP508": [
        Case(
            "two rewrites", [
                migrations.AlterField("pet", "age", models.BigIntegerField(null=True)),
                migrations.AlterField("pet", "id", models.AutoField(primary_key=True)),
            ],
            [PET], packs=("style",), expected=[("pets_pet", "warning")],
        ),
        Case(
            "one is instant", [
                migrations.AlterField("pet", "age", models.BigIntegerField(null=True)),
                migrations.AlterField("pet", "name", models.CharField(max_length=30)),
            ],
            [PET], packs=("style",),
        ),
    ],
    "MP509": [
        Case("no guard", [sql("ALTER TABLE pets_pet ADD a int")], [PET], atomic=False,
             packs=("style",), expected=[("statement 1", "warning")]),
        Case("guarded", [sql("ALTER TABLE pets_pet ADD IF NOT EXISTS a int")], [PET],
             atomic=False, packs=("style",)),
        Case("a transaction", [sql("ALTER TABLE pets_pet ADD a int")], [PET], packs=("style",)),
    ],
    "MP510": [
        Case(
            "too early", [
                sql("ALTER TYPE mood ADD VALUE 'glad'"),
                sql("INSERT INTO moods VALUES ('glad')"),
            ],
            sql="CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE moods (m mood)",
            expected=[("enum", "error")],
        ),
        Case("renamed", [sql("ALTER TYPE mood RENAME VALUE 'sad' TO 'low'")],
             sql="CREATE TYPE mood AS ENUM ('sad')", expected=[("mood.sad", "error")]),
        Case("added", [sql("ALTER TYPE mood ADD VALUE 'glad'")],
             sql="CREATE TYPE mood AS ENUM ('sad')"),
    ],
    "MP511": [
        Case("behind a pooler", [sql("SET lock_timeout = '2s'")],
             more={"session": SessionFacts(pooled=True)}, expected=[("lock_timeout", "warning")]),
        Case("of the transaction", [sql("SET LOCAL lock_timeout = '2s'")],
             more={"session": SessionFacts(pooled=True)}),
        Case("no pooler", [sql("SET lock_timeout = '2s'")]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "case"),
    [pytest.param(code, case, id=f"{code} {case}") for code in CASES for case in CASES[code]],
)
def test_rule(shadow, code, case):
    assert_case(code, shadow, case)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, SessionFacts()),
        ({"OPTIONS": {"options": "-c lock_timeout=3s -cstatement_timeout=0"}},
         SessionFacts({"lock_timeout": "3s", "statement_timeout": "0"})),
        ({"OPTIONS": {"options": "--lock-timeout=3s"}}, SessionFacts({"lock_timeout": "3s"})),
        ({"OPTIONS": {"options": "'"}}, SessionFacts()),
        ({"DISABLE_SERVER_SIDE_CURSORS": True}, SessionFacts(pooled=True)),
    ],
)  # fmt: skip
def test_session_facts(settings, expected):
    assert session_facts(settings) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("3s", 3000), ("'5 min'", 300_000), ("100", 100), ("0", 0), ("2h", 7_200_000), ("x", None)],
)
def test_milliseconds(value, expected):
    assert milliseconds(value) == expected


def test_a_size_is_not_asked_of_what_is_unknown(shadow):
    unknown = Case("unknown", [SIZE, INDEXED], [PET], size=None, expected=[("pets_pet", "error")])
    assert [name for name, _ in assert_case("MP501", shadow, unknown)[0].evidence] == [
        "lock taken by", "statement",
    ]  # fmt: skip
