"""Rules of the plan and its graph, each by a table of cases on the shadow."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import migrations, models

from modeler.previews.hazards.graph_facts import (
    GraphFacts,
    HalfSquash,
    databases_of,
    graph_facts,
)
from tests.modeler.previews.hazards.rehearsed import Case, assert_case
from tests.modeler.previews.hazards.test_data import python, sql

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
SIZE = migrations.AddField("pet", "size", models.IntegerField(null=True))
NO_AGE = migrations.RemoveField("pet", "age")
PET_ROW = "INSERT INTO pets_pet (name, age) VALUES ('Rex', 3)"
TWO = {"graph": GraphFacts(aliases=2)}


def forget(apps, schema_editor):
    apps.get_model("pets", "Pet").objects.update(age=None)


def fail(apps, schema_editor):
    raise ValueError("no way back")


def noop(apps, schema_editor):
    pass


class Final(migrations.AddField):
    reversible = False


CASES = {
    "MP701": [
        Case("two", [], more={"graph": GraphFacts({"pets": ("0002_a", "0002_b")})},
             expected=[("", "error")]),
        Case("one", []),
    ],
    "MP702": [
        Case("found", [], more={"graph": GraphFacts(unwritten=("pets: Add field size to pet",))},
             expected=[("", "warning")]),
        Case("looked and found nothing", [], more={"graph": GraphFacts(unwritten=())}),
        Case("nobody looked", []),
    ],
    "MP703": [
        Case("both", [SIZE, NO_AGE], [PET],
             expected=[("pets_pet.age+pets_pet.size", "warning")]),
        Case("a new table, and a column that goes", [OWNER, NO_AGE], [PET],
             expected=[("pets_pet.age+pets_owner", "warning")]),
        Case("added", [SIZE, OWNER], [PET]),
        Case("removed", [NO_AGE], [PET]),
        Case("of a table that is made here", [PET, NO_AGE, SIZE]),
        Case("in the state alone", [SIZE, migrations.SeparateDatabaseAndState([], [NO_AGE])],
             [PET]),
    ],
    "MP705": [
        Case("in part", [], more={"graph": GraphFacts(
            half_squashed=(HalfSquash("pets.0001_squashed", ("pets.0001",), ("pets.0002",)),)
        )}, expected=[("", "warning")]),
        Case("none", []),
    ],
    "MP706": [
        Case("too long", [migrations.AddConstraint(
            "pet", models.UniqueConstraint(fields=["age"], name="i" * 64)
        )], [PET], packs=("style",), expected=[("i" * 64, "warning")]),
        Case("a word of SQL", [sql('ALTER TABLE pets_pet ADD COLUMN "user" int')], [PET],
             packs=("style",), expected=[("user", "info")]),
        Case("good ones", [PET], packs=("style",)),
    ],
    "MP707": [
        Case("loses", [migrations.RunPython(forget, noop)], [PET], sql=PET_ROW, reverse=True,
             expected=[("1 of 1 rows of pets_pet are not what they were", "warning")]),
        Case("leaves", [migrations.RunSQL(
            "ALTER TABLE pets_pet ADD COLUMN IF NOT EXISTS tail int", "")], [PET],
             reverse=True, expected=[("added column default:pets_pet.tail", "warning")]),
        Case("fails", [SIZE, migrations.RunPython(noop, fail)], [PET], reverse=True,
             expected=[("reverse", "error")]),
        Case("cannot be done again",
             [migrations.RunSQL("ALTER TABLE pets_pet ADD COLUMN tail int", "")], [PET],
             reverse=True, expected=[
                 ("again", "error"), ("added column default:pets_pet.tail", "warning"),
             ]),
        Case("fails, collected", [SIZE, migrations.RunPython(noop, fail)], [PET],
             expected=[("reverse 2", "error")]),
        Case("no way", [Final("pet", "size", models.IntegerField(null=True))], [PET],
             expected=[("reverse 1", "warning")]),
        Case(
            "blocks", [migrations.RemoveIndex("pet", "by_age")],
            [PET, migrations.AddIndex("pet", models.Index(fields=["age"], name="by_age"))],
            expected=[("pets_pet", "info")],
        ),
        Case("code without a reverse is told by MP601", [migrations.RunPython(noop)], [PET]),
        Case("all is as it was", [SIZE], [PET], sql=PET_ROW, reverse=True),
    ],
    "MP708": [
        python("two databases", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.count()
            """, more=TWO, expected=[("fill", "warning")]),
        python("it looks", """
            def fill(apps, schema_editor):
                Pet = apps.get_model("pets", "Pet")
                Pet.objects.using(schema_editor.connection.alias).count()
            """, more=TWO),
        python("one database", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.count()
            """),
        python("no query set", """
            def fill(apps, schema_editor):
                pass
            """, more=TWO),
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
        ({"default": {"NAME": "a"}}, 1),
        ({"default": {"NAME": "a"}, "other": {"NAME": "b"}}, 2),
        ({"default": {"NAME": "a"}, "replica": {"NAME": "a", "HOST": "far"}}, 1),
        ({"default": {"NAME": "a"}, "replica": {"NAME": "", "TEST": {"MIRROR": "default"}}}, 1),
    ],
)
def test_databases(settings, expected):
    assert databases_of(settings) == expected


class Squash(migrations.Migration):
    replaces = [("pets", "0001"), ("pets", "0002"), ("pets", "0003")]


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        ([], ()),
        ([("pets", "0001")],
         (HalfSquash("pets.0001_squashed", ("pets.0001",), ("pets.0002", "pets.0003")),)),
        ([("pets", "0001"), ("pets", "0002"), ("pets", "0003")], ()),
        ([("pets", "0001"), ("pets", "0001_squashed")], ()),
    ],
)  # fmt: skip
def test_half_squashed(applied, expected):
    loader = SimpleNamespace(
        applied_migrations=dict.fromkeys(applied),
        replacements={("pets", "0001_squashed"): Squash("0001_squashed", "pets")},
        detect_conflicts=lambda: {"pets": {"0002_b", "0002_a"}},
    )
    facts = graph_facts(loader, unwritten=("a",))
    assert facts.half_squashed == expected
    assert facts.conflicts == {"pets": ("0002_a", "0002_b")}
    assert facts.unwritten == ("a",)
