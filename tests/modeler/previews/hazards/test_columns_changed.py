"""Rules of columns that change or go, rehearsed on the shadow; all findings are compared."""

from __future__ import annotations

import pytest
from django.db import migrations, models

from tests.blog.versions import HAS_DATABASE_DEFAULTS
from tests.modeler.previews.hazards.pets import OWNED, OWNER, PET, owner
from tests.modeler.previews.hazards.rehearsed import SMALL, Case, said_of

NAMED = migrations.CreateModel(
    "Tag",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("label", models.CharField(max_length=20, db_index=True)),
        ("rank", models.PositiveIntegerField(default=0)),
        ("price", models.DecimalField(max_digits=8, decimal_places=2, null=True)),
        ("at", models.DateTimeField(null=True)),
    ],
)


def alter(name: str, field: models.Field, model: str = "tag") -> migrations.AlterField:
    return migrations.AlterField(model, name, field)


def sql(text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text)


def in_state(*operations: object) -> migrations.SeparateDatabaseAndState:
    return migrations.SeparateDatabaseAndState(state_operations=list(operations))


DROPPED = [
    # MP215, MP219
    Case("dropped", [migrations.RemoveField("pet", "age")], [PET],
         expected=[("MP215 pets_pet.age", "error")]),
    Case("dropped from a small table", [migrations.RemoveField("pet", "age")], [PET], size=SMALL,
         expected=[("MP215 pets_pet.age", "error")]),
    Case("dropped though required", [migrations.RemoveField("pet", "name")], [PET],
         expected=[("MP215 pets_pet.name", "error"), ("MP219 pets_pet.name", "warning")]),
    Case("dropped one deploy after the field", [sql("ALTER TABLE pets_pet DROP COLUMN age")],
         [PET, in_state(migrations.RemoveField("pet", "age"))],
         expected=[("MP215 pets_pet.age", "info")]),
    Case("dropped from the state alone", [in_state(migrations.RemoveField("pet", "age"))], [PET]),
    Case("dropped right after it was added",
         [migrations.AddField("pet", "code", models.IntegerField(null=True)),
          migrations.RemoveField("pet", "code")], [PET]),
    # MP216
    Case("a foreign key dropped", [migrations.RemoveField("pet", "owner")], OWNED,
         expected=[("MP215 pets_pet.owner_id", "error"), ("MP216 pets_pet.owner_id", "warning")]),
    Case("a foreign key dropped in SQL, measured",
         [sql("ALTER TABLE pets_pet DROP COLUMN owner_id")], OWNED, trace=True,
         expected=[("MP215 pets_pet.owner_id", "error"), ("MP216 pets_pet.owner_id", "warning")]),
    Case("a foreign key that the database does not know",
         [migrations.RemoveField("pet", "owner")],
         [PET, OWNER, migrations.AddField("pet", "owner", owner(null=True, db_constraint=False))],
         expected=[("MP215 pets_pet.owner_id", "error")]),
    # MP217
    Case("an index of two columns", [migrations.RemoveField("pet", "age")], [PET],
         sql="CREATE INDEX twofold ON pets_pet (name, age)",
         expected=[("MP215 pets_pet.age", "error"), ("MP217 pets_pet.twofold", "warning")]),
    Case("an index of its own", [migrations.RemoveField("pet", "age")], [PET],
         sql="CREATE INDEX own ON pets_pet (age)", expected=[("MP215 pets_pet.age", "error")]),
    Case("an index of two columns, with another one in its place",
         [sql("ALTER TABLE pets_pet DROP COLUMN age; "
              "ALTER TABLE pets_pet RENAME COLUMN years TO age; "
              "ALTER INDEX twofold_new RENAME TO twofold")], [PET],
         sql="ALTER TABLE pets_pet ADD years bigint; "
             "CREATE INDEX twofold ON pets_pet (name, age);"
             "CREATE INDEX twofold_new ON pets_pet (name, years)",
         expected=[("MP215 pets_pet.age", "info")]),
    Case("another column takes the name in the same transaction",
         [sql("ALTER TABLE pets_pet DROP COLUMN age; "
              "ALTER TABLE pets_pet RENAME COLUMN years TO age")], [PET],
         sql="ALTER TABLE pets_pet ADD years bigint",
         expected=[("MP215 pets_pet.age", "info")]),
    Case("another required column takes the name of a required one",
         [sql("ALTER TABLE pets_pet ADD title varchar(40)"),
          sql("ALTER TABLE pets_pet ALTER title SET NOT NULL; "
              "ALTER TABLE pets_pet DROP COLUMN name; "
              "ALTER TABLE pets_pet RENAME COLUMN title TO name")], [PET],
         expected=[("MP215 pets_pet.name", "info"), ("MP222 pets_pet.title", "error")]),
    Case("another column takes the name, a transaction later",
         [sql("ALTER TABLE pets_pet DROP COLUMN age"),
          sql("ALTER TABLE pets_pet RENAME COLUMN years TO age")], [PET], atomic=False,
         sql="ALTER TABLE pets_pet ADD years bigint",
         expected=[("MP215 pets_pet.age", "error")]),
    # MP218
    Case("a view", [sql("ALTER TABLE pets_pet DROP COLUMN age CASCADE")], [PET],
         sql="CREATE VIEW ages AS SELECT age FROM pets_pet",
         expected=[("MP215 pets_pet.age", "error"), ("MP218 pets_pet.age", "error")]),
    Case("a view of other columns", [sql("ALTER TABLE pets_pet DROP COLUMN age CASCADE")], [PET],
         sql="CREATE VIEW names AS SELECT name FROM pets_pet",
         expected=[("MP215 pets_pet.age", "error")]),
    # MP220
    Case("renamed", [migrations.RenameField("pet", "age", "years")], [PET],
         expected=[("MP220 pets_pet.age", "error")]),
    Case("renamed in Python alone",
         [migrations.AlterField("pet", "age", models.IntegerField(null=True, db_column="age")),
          migrations.RenameField("pet", "age", "years")], [PET]),
]  # fmt: skip

TYPES = [
    # MP221
    Case("integer to bigint", [alter("age", models.BigIntegerField(null=True), "pet")], [PET],
         expected=[("MP221 pets_pet.age", "error")]),
    Case("integer to bigint, a small table",
         [alter("age", models.BigIntegerField(null=True), "pet")], [PET], size=SMALL,
         expected=[("MP221 pets_pet.age", "info")]),
    Case("integer to bigint, measured", [alter("age", models.BigIntegerField(null=True), "pet")],
         [PET], trace=True, expected=[("MP221 pets_pet.age", "error")]),
    Case("longer", [alter("name", models.CharField(max_length=40), "pet")], [PET]),
    Case("text", [alter("name", models.TextField(), "pet")], [PET]),
    Case("more digits",
         [alter("price", models.DecimalField(max_digits=10, decimal_places=2, null=True))],
         [NAMED]),
    Case("help and labels",
         [alter("name", models.CharField(max_length=20, help_text="…", verbose_name="n"), "pet")],
         [PET]),
    # MP225
    Case("with a check", [alter("name", models.CharField(max_length=40), "pet")], [PET],
         sql="ALTER TABLE pets_pet ADD CHECK (name <> '')",
         expected=[("MP225 pets_pet.name", "error")]),
    # MP226
    Case("another collation, with an index",
         [alter("name", models.CharField(max_length=20, db_collation="C"), "pet")], [PET],
         sql="CREATE INDEX by_name ON pets_pet (name)",
         expected=[("MP226 pets_pet.name", "error")]),
    Case("another collation, without an index",
         [alter("name", models.CharField(max_length=20, db_collation="C"), "pet")], [PET]),
    # MP227
    Case("text, with an index", [alter("label", models.TextField(db_index=True))], [NAMED],
         expected=[("MP227 pets_tag.pets_tag_label_d0281aa6_like", "error")]),
    # MP228
    Case("a primary key",
         [migrations.AlterField("owner", "id", models.AutoField(primary_key=True))], OWNED,
         expected=[("MP228 pets_owner.id", "error"), ("MP229 pets_owner.id", "error")]),
    Case("a primary key, wider",
         [migrations.AlterField("owner", "id", models.BigAutoField(primary_key=True))],
         [migrations.CreateModel("Owner", [("id", models.AutoField(primary_key=True))]), PET,
          migrations.AddField("pet", "owner", owner(null=True))],
         expected=[("MP228 pets_owner.id", "error")]),
    # MP229
    Case("shorter", [alter("name", models.CharField(max_length=10), "pet")], [PET], size=SMALL,
         expected=[("MP221 pets_pet.name", "info"), ("MP229 pets_pet.name", "error")]),
    Case("shorter, of a column that nobody's code uses",
         [sql("ALTER TABLE pets_pet ALTER name TYPE varchar(10)")],
         [PET, in_state(migrations.RemoveField("pet", "name"))],
         expected=[("MP221 pets_pet.name", "error")]),
    # MP230
    Case("a zone that is not UTC",
         [sql("SET LOCAL TIME ZONE 'Asia/Tokyo'; ALTER TABLE pets_tag ALTER at TYPE timestamp")],
         [NAMED], expected=[("MP230 pets_tag.at", "error")]),
    Case("UTC", [sql("SET LOCAL TIME ZONE 'UTC'; ALTER TABLE pets_tag ALTER at TYPE timestamp")],
         [NAMED]),
    # MP231
    Case("a view in the way", [alter("age", models.BigIntegerField(null=True), "pet")], [PET],
         sql="CREATE VIEW ages AS SELECT age FROM pets_pet",
         expected=[("MP231 pets_pet.age", "error"), ("MP221 pets_pet.age", "error")]),
    # MP232
    Case("no number any more",
         [migrations.AlterField("pet", "id", models.BigIntegerField(primary_key=True))], [PET],
         expected=[("MP232 pets_pet.id", "error")]),
    Case("numbered from now on",
         [migrations.AlterField("pet", "id", models.BigAutoField(primary_key=True))],
         [migrations.CreateModel("Pet", [("id", models.BigIntegerField(primary_key=True))])]),
    # MP235
    Case("a comment", [alter("age", models.IntegerField(null=True, db_comment="years"), "pet")],
         [PET], expected=[("MP235 pets_pet.age", "info")]),
    # MP237
    Case("another expression",
         [sql("ALTER TABLE pets_pet ALTER older SET EXPRESSION AS (age + 2)")], [PET],
         sql="ALTER TABLE pets_pet ADD older integer GENERATED ALWAYS AS (age + 1) STORED",
         since=17, expected=[("MP237 pets_pet.older", "error")]),
    Case("no expression any more",
         [sql("ALTER TABLE pets_pet ALTER older DROP EXPRESSION")], [PET],
         sql="ALTER TABLE pets_pet ADD older integer GENERATED ALWAYS AS (age + 1) STORED"),
]  # fmt: skip

NULLS_AND_KEYS = [
    # MP222
    Case("NOT NULL", [sql("ALTER TABLE pets_pet ALTER age SET NOT NULL")], [PET],
         expected=[("MP222 pets_pet.age", "error"), ("MP222 pets_pet.age", "error")]),
    Case("NOT NULL, a small table", [sql("ALTER TABLE pets_pet ALTER age SET NOT NULL")], [PET],
         size=SMALL, expected=[("MP222 pets_pet.age", "info"), ("MP222 pets_pet.age", "error")]),
    Case("NOT NULL, proven by a check", [sql("ALTER TABLE pets_pet ALTER age SET NOT NULL")],
         [PET], sql="ALTER TABLE pets_pet ADD CHECK (age IS NOT NULL)"),
    Case("NOT NULL, with a check that is not valid",
         [sql("ALTER TABLE pets_pet ALTER age SET NOT NULL")], [PET],
         sql="ALTER TABLE pets_pet ADD CHECK (age IS NOT NULL) NOT VALID",
         expected=[("MP222 pets_pet.age", "error"), ("MP222 pets_pet.age", "error")]),
    # MP223
    Case("NOT NULL with a default", [alter("age", models.IntegerField(default=3), "pet")], [PET],
         expected=[("MP223 pets_pet.age", "error"), ("MP222 pets_pet.age", "error")]),
    # MP224
    Case("NULL allowed", [alter("name", models.CharField(max_length=20, null=True), "pet")], [PET],
         expected=[("MP224 pets_pet.name", "info")]),
    Case("NULL allowed where it was", [sql("ALTER TABLE pets_pet ALTER age DROP NOT NULL")],
         [PET]),
    # MP233
    Case("a foreign key's index", [alter("owner", owner(null=True, db_index=False), "pet")], OWNED,
         expected=[("MP233 pets_pet.owner_id", "error")]),
    Case("a foreign key may be NULL", [alter("owner", owner(null=True), "pet")],
         [PET, OWNER, migrations.AddField("pet", "owner", owner(default=1))],
         expected=[("MP233 pets_pet.owner_id", "error"), ("MP224 pets_pet.owner_id", "info")]),
    Case("a foreign key renamed", [migrations.RenameField("pet", "owner", "keeper")], OWNED,
         expected=[("MP220 pets_pet.owner_id", "error"), ("MP233 pets_pet.keeper_id", "error")]),
    Case("a foreign key to another table",
         [alter("owner", models.ForeignKey("pets.tag", models.CASCADE, null=True), "pet")],
         [*OWNED, NAMED], expected=[("MP233 pets_pet.owner_id", "error")]),
    Case("a foreign key's on_delete",
         [alter("owner", models.ForeignKey("pets.owner", models.SET_NULL, null=True), "pet")],
         OWNED),
    Case("a foreign key that is new",
         [sql("ALTER TABLE pets_pet ADD FOREIGN KEY (age) REFERENCES pets_owner NOT VALID")],
         [PET, OWNER]),
    # MP234
    Case("one to one",
         [alter("owner", models.OneToOneField("pets.owner", models.CASCADE, null=True), "pet")],
         OWNED, expected=[("MP233 pets_pet.owner_id", "error"),
                          ("MP234 pets_pet.owner_id", "error")]),
]  # fmt: skip

STYLE = [
    # MP238
    Case("types", [sql(
        "CREATE TABLE t (id serial PRIMARY KEY, code char(3), price money, at timestamp, "
        "ratio real, seen timestamptz, name varchar(20))")],
        expected=[("MP238 t.id", "info"), ("MP238 t.code", "info"), ("MP238 t.price", "info"),
                  ("MP238 t.at", "info"), ("MP238 t.ratio", "info")]),
    Case("Django's own", [PET]),
    # MP113
    Case("padding", [sql("CREATE TABLE t (a boolean, id bigint PRIMARY KEY, b bool, c bigint)")],
         expected=[("MP113 t", "info")]),
    Case("no padding", [sql("CREATE TABLE t (id bigint PRIMARY KEY, c bigint, a boolean)")]),
]  # fmt: skip

COMMENTS = [
    Case("no comment", [PET], expected=[("MP241 pets_pet", "info")]),
    Case("a comment",
         [migrations.AddField("pet", "code", models.IntegerField(null=True, db_comment="a code"))],
         [PET]),
]  # fmt: skip

DEFAULTS = []
if HAS_DATABASE_DEFAULTS:
    FILLED = [
        NAMED,
        migrations.AddField("tag", "kind", models.CharField(max_length=5, db_default="a")),
        migrations.AddField(
            "tag", "note", models.CharField(max_length=5, null=True, db_default="a")
        ),
    ]
    # MP219, MP236
    DEFAULTS += [
        Case("dropped though required, with a default in the database",
             [migrations.RemoveField("tag", "kind")], FILLED,
             expected=[("MP215 pets_tag.kind", "error")]),
        Case("a default dropped", [alter("kind", models.CharField(max_length=5))], FILLED,
             expected=[("MP236 pets_tag.kind", "error")]),
        Case("a default dropped, nullable",
             [alter("note", models.CharField(max_length=5, null=True))],
             FILLED, expected=[("MP236 pets_tag.note", "warning")]),
        Case("another default",
             [alter("kind", models.CharField(max_length=5, db_default="b"))],
             FILLED, expected=[("MP236 pets_tag.kind", "info")]),
        Case("a first default",
             [alter("age", models.IntegerField(null=True, db_default=1), "pet")],
             [PET]),
    ]  # fmt: skip


@pytest.mark.parametrize("case", [*DROPPED, *TYPES, *NULLS_AND_KEYS, *DEFAULTS], ids=str)
def test_rules(shadow, case):
    assert said_of(shadow, case, ("MP1", "MP2")) == sorted(case.expected)


@pytest.mark.parametrize("case", STYLE, ids=str)
def test_the_pack_of_style(shadow, case):
    assert said_of(shadow, case, ("MP113", "MP238"), packs=["style"]) == sorted(case.expected)


@pytest.mark.parametrize("case", COMMENTS, ids=str)
def test_the_pack_of_comments(shadow, case):
    assert said_of(shadow, case, ("MP241",), packs=["comments"]) == sorted(case.expected)
