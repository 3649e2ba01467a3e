"""Rules of data operations, each by a table of cases on the shadow."""

from __future__ import annotations

import textwrap

import pytest
from django.contrib.auth import models as auth_models
from django.db import migrations, models

from tests.modeler.previews.hazards.rehearsed import BIG, SMALL, Case, assert_case

assert auth_models
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
# A model that bears the name of one of Django's, so that importing that one can be tried.
GROUP = migrations.CreateModel("Group", [ID, ("name", models.CharField(max_length=150))])
DATA = {"MP602", "MP603", "MP606", "MP609", "MP610"}


def sql(text, reverse="", state=()):
    return migrations.RunSQL(text, reverse, state_operations=state)


def python(name, text, *, called="fill", **facts):
    """A case whose migration runs a function of its file."""
    source = textwrap.dedent(text)
    names: dict[str, object] = {}
    exec(compile(source, "0002_pending.py", "exec"), names)
    run = migrations.RunPython(names[called], migrations.RunPython.noop)
    return Case(name, [run], facts.pop("before", [PET]), source=source, **facts)


def noop(apps, schema_editor):
    pass


CASES = {
    "MP601": [
        Case("Python", [migrations.RunPython(noop)], expected=[("noop 1", "warning")]),
        Case("SQL", [migrations.RunSQL("UPDATE pets_pet SET age = 1")], [PET],
             expected=[("RunSQL 1", "warning")]),
        Case("SQL that changes nothing", [migrations.RunSQL("SET lock_timeout = 0")],
             expected=[("RunSQL 1", "info")]),
        Case("both ways", [migrations.RunPython(noop, noop), sql("SELECT 1")]),
    ],
    "MP602": [
        python("imported", """
            from django.contrib.auth.models import Group
            def fill(apps, schema_editor):
                str(Group.objects.all().query)
            """, before=[GROUP], expected=[("fill.Group", "warning")]),
        python("by its module, under another name, in a helper", """
            from django.contrib.auth import models as m
            def fill(apps, schema_editor):
                helper()
            def helper():
                Old = m.Group
                str(Old.objects.all().query)
            """, before=[GROUP], expected=[("helper.Group", "warning")]),
        python("the user model", """
            def fill(apps, schema_editor):
                from django.contrib.auth import get_user_model
                get_user_model()
            """, expected=[("fill.the user model", "warning")]),
        python("the registry of today", """
            from django.apps import apps as registry
            def fill(apps, schema_editor):
                registry.get_model("auth", "Group")
            """, expected=[("fill.a model of django.apps.apps", "warning")]),
        python("the parameter hides the import", """
            from django.apps import apps
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.count()
            """),
        python("a constant of the class", """
            from django.contrib.auth.models import Group
            def fill(apps, schema_editor):
                Group.__name__
            """, before=[GROUP]),
        python("not used by this function", """
            from django.contrib.auth.models import Group
            def other(apps, schema_editor):
                str(Group.objects.all().query)
            def fill(apps, schema_editor):
                pass
            """, before=[GROUP]),
    ],
    "MP603": [
        python("one by one", """
            def fill(apps, schema_editor):
                Pet = apps.get_model("pets", "Pet")
                for pet in Pet.objects.filter(age=None).iterator():
                    pet.age = 1
                    pet.save()
            """, expected=[("fill.pets_pet", "warning")]),
        python("by way of variables and a helper", """
            def fill(apps, schema_editor):
                helper(apps.get_model("pets", "Pet"))
            def helper(model):
                manager = model.objects
                rows = manager.all()
                for number, pet in enumerate(rows):
                    pet.save()
            """, expected=[("fill.pets_pet", "warning")]),
        python("all at once", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.exclude(age=2).update(age=1)
            """, atomic=False, expected=[("fill.pets_pet", "warning")]),
        python("a small table", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.update(age=1)
            """, size=SMALL, expected=[("fill.pets_pet", "info")]),
        python("in batches, in one transaction", """
            def fill(apps, schema_editor):
                Pet = apps.get_model("pets", "Pet")
                while Pet.objects.filter(age=None).exists():
                    Pet.objects.filter(age__lt=9).update(age=1)
            """, expected=[("fill.pets_pet", "warning")]),
        python("in batches", """
            def fill(apps, schema_editor):
                Pet = apps.get_model("pets", "Pet")
                while Pet.objects.filter(age=None).exists():
                    Pet.objects.filter(age__lt=9).update(age=1)
            """, atomic=False),
        python("one row", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.filter(pk=1).update(age=1)
            """),
        python("only read", """
            def fill(apps, schema_editor):
                for pet in apps.get_model("pets", "Pet").objects.all():
                    print(pet)
            """),
        python("a dictionary's update", """
            def fill(apps, schema_editor):
                seen = {}
                for pet in apps.get_model("pets", "Pet").objects.all():
                    pass
                seen.update(a=1)
            """),
        python("it sends nothing", """
            def fill(apps, schema_editor):
                if schema_editor.connection.vendor != "postgresql":
                    apps.get_model("pets", "Pet").objects.update(age=1)
            """),
    ],
    "MP604": [
        Case("a delete", [sql("DELETE FROM pets_pet")], [PET],
             expected=[("pets_pet", "error")]),
        Case("an update", [sql("UPDATE pets_pet SET age = 1")], [PET],
             expected=[("pets_pet", "warning")]),
        Case("few rows", [sql("DELETE FROM pets_pet")], [PET], size=SMALL,
             expected=[("pets_pet", "info")]),
        python("Python code", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.all().delete()
            """, expected=[("pets_pet", "error")]),
        Case("some rows", [sql("DELETE FROM pets_pet WHERE age > 3")], [PET]),
        Case("a table that is made here", [PET, sql("DELETE FROM pets_pet")]),
    ],
    "MP605": [
        Case("a condition on a big table", [sql("UPDATE pets_pet SET age = 1 WHERE age > 3")],
             [PET], expected=[("pets_pet", "info")]),
        Case("estimated", [sql("UPDATE pets_pet SET age = 1 WHERE age > 3")], [PET],
             more={"estimates": {("pets.0002_pending", 0): 2e6}},
             expected=[("pets_pet", "warning")]),
        Case("estimated as few", [sql("UPDATE pets_pet SET age = 1 WHERE age > 3")], [PET],
             more={"estimates": {("pets.0002_pending", 0): 9}}),
        Case("few rows", [sql("UPDATE pets_pet SET age = 1 WHERE age > 3")], [PET], size=SMALL),
        Case("nobody knows the size", [sql("UPDATE pets_pet SET age = 1 WHERE age > 3")], [PET],
             size=None),
        Case("filled from a big table",
             [sql("INSERT INTO pets_owner (name) SELECT name FROM pets_pet")], [PET, OWNER],
             more={"sizes": {"pets_owner": SMALL, "pets_pet": BIG}},
             expected=[("pets_owner", "info")]),
        Case("rows that are written out",
             [sql("INSERT INTO pets_owner (name) VALUES ('Ann')")], [OWNER]),
        python("captured from Python code", """
            def fill(apps, schema_editor):
                apps.get_model("pets", "Pet").objects.filter(age__gt=3).update(age=1)
            """, more={"estimates": {("pets.0002_pending", 0): 2e6}},
            expected=[("pets_pet", "warning")]),
    ],
    "MP606": [
        python("an f-string", """
            def fill(apps, schema_editor):
                with schema_editor.connection.cursor() as cursor:
                    for name in cursor.connection.notifies(timeout=0):
                        cursor.execute(f"UPDATE pets_pet SET name = '{name}'")
            """, expected=[("fill.execute", "warning")]),
        python("put together before", """
            def fill(apps, schema_editor):
                helper(schema_editor, str(3))
            def helper(editor, age):
                text = "UPDATE pets_pet SET age = %s" % age
                editor.execute(text)
            """, expected=[("helper.execute", "warning")]),
        python("parameters", """
            def fill(apps, schema_editor):
                schema_editor.execute("UPDATE pets_pet SET age = %s", [3])
            """),
        python("names that Django made, and constants", """
            COLUMN = "age"
            def fill(apps, schema_editor):
                Pet = apps.get_model("pets", "Pet")
                table = schema_editor.quote_name(Pet._meta.db_table)
                for value in (1, 2):
                    schema_editor.execute(f"UPDATE {table} SET {COLUMN} = {value} WHERE age = 0")
                schema_editor.execute("UPDATE %s SET age = 1" % Pet._meta.db_table)
            """),
    ],
    "MP607": [
        Case("a block", [sql("DO $$ BEGIN PERFORM 1; END $$")],
             expected=[("statement 1", "warning")]),
        Case("measured", [sql("DO $$ BEGIN PERFORM 1; END $$")], trace=True,
             expected=[("statement 1", "info")]),
        Case("a plain statement", [sql("SELECT 1")]),
    ],
    "MP608": [
        Case("a dropped column", [sql("ALTER TABLE pets_pet DROP COLUMN age")], [PET],
             expected=[("pets_pet.age", "error")]),
        Case("said", [sql("ALTER TABLE pets_pet DROP COLUMN age",
                          state=[migrations.RemoveField("pet", "age")])], [PET]),
        Case("said of another column", [
            sql("ALTER TABLE pets_pet DROP COLUMN age",
                state=[migrations.RemoveField("pet", "name")]),
        ], [PET], expected=[("pets_pet.age", "error")]),
        Case("said around", [migrations.SeparateDatabaseAndState(
            [sql("ALTER TABLE pets_pet RENAME COLUMN age TO years")],
            [migrations.RenameField("pet", "age", "years")],
        )], [PET]),
        Case("said beside", [
            sql("ALTER TABLE pets_pet ALTER age TYPE bigint"),
            migrations.SeparateDatabaseAndState([], [
                migrations.AlterField("pet", "age", models.BigIntegerField(null=True)),
            ]),
        ], [PET]),
        Case("a type", [sql("ALTER TABLE pets_pet ALTER age TYPE bigint")], [PET],
             expected=[("pets_pet.age", "warning")]),
        Case("a column for the database alone",
             [sql("ALTER TABLE pets_pet ADD COLUMN words tsvector")], [PET],
             expected=[("pets_pet.words", "info")]),
        Case("another column in its place", [
            sql("ALTER TABLE pets_pet DROP COLUMN age; "
                "ALTER TABLE pets_pet RENAME COLUMN years TO age"),
        ], [PET], sql="ALTER TABLE pets_pet ADD years bigint"),
        Case("a column that no model knows", [sql("ALTER TABLE pets_pet DROP COLUMN words")],
             [PET], sql="ALTER TABLE pets_pet ADD COLUMN words tsvector"),
        Case("the field says so already", [sql("ALTER TABLE pets_pet ALTER name SET NOT NULL")],
             [PET], sql="ALTER TABLE pets_pet ALTER name DROP NOT NULL"),
        Case("against the field", [sql("ALTER TABLE pets_pet ALTER name DROP NOT NULL")],
             [PET], expected=[("pets_pet.name", "warning")]),
        Case("the table", [sql("DROP TABLE pets_pet")], [PET], expected=[("pets_pet", "error")]),
        Case("the table, said", [sql("ALTER TABLE pets_pet RENAME TO animals", state=[
            migrations.AlterModelTable("pet", "animals")])], [PET]),
        Case("there and back", [
            sql("ALTER TABLE pets_pet DROP COLUMN age; ALTER TABLE pets_pet ADD COLUMN age int"),
        ], [PET]),
        Case("an index", [sql("CREATE INDEX i ON pets_pet (age)")], [PET]),
        Case("Django's own operation", [migrations.RemoveField("pet", "age")], [PET]),
    ],
    "MP609": [
        python("no dependency", """
            def fill(apps, schema_editor):
                if schema_editor is None:
                    apps.get_model("shop", "Order")
            """, apps=frozenset({"pets"}), expected=[("fill.shop", "warning")]),
        python("in one text, in a helper", """
            def fill(apps, schema_editor):
                helper(apps, run=False)
            def helper(registry, run):
                if run:
                    registry.get_model("shop.Order")
            """, apps=frozenset({"pets"}), expected=[("fill.shop", "warning")]),
        python("by way of another", """
            def fill(apps, schema_editor):
                if schema_editor is None:
                    apps.get_model("shop", "Order")
            """, apps=frozenset({"pets", "shop"})),
        python("its own app", """
            def fill(apps, schema_editor):
                apps.get_model(app_label="pets", model_name="Pet")
            """, apps=frozenset()),
    ],
    "MP610": [
        python("mail", """
            from django.core import mail as post
            def fill(apps, schema_editor):
                if schema_editor is None:
                    post.send_mail("a", "b", "c", ["d"])
            """, expected=[("fill.django.core.mail.send_mail", "warning")]),
        python("the network, in a helper", """
            import urllib.request
            def fill(apps, schema_editor):
                helper if schema_editor else helper()
            def helper():
                urllib.request.urlopen("http://localhost")
            """, expected=[("fill.urllib.request.urlopen", "warning")]),
        python("imported, and not called", """
            from django.core.cache import cache
            def fill(apps, schema_editor):
                pass
            """),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "case"),
    [pytest.param(code, case, id=f"{code} {case}") for code in CASES for case in CASES[code]],
)
def test_rule(shadow, code, case):
    assert_case(code, shadow, case)
