"""Rules of constraints, each by a table of cases on the shadow."""

from __future__ import annotations

import django
import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

from modeler.previews.hazards import counting
from modeler.previews.sql.definitions import Constraint, Name, Reference
from tests.modeler.previews.hazards.rehearsed import SMALL, Case, assert_case

ID = ("id", models.BigAutoField(primary_key=True))
OWNER = migrations.CreateModel("Owner", [ID, ("name", models.CharField(max_length=20))])
PET = migrations.CreateModel(
    "Pet",
    [
        ID,
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
        ("owner_number", models.BigIntegerField(null=True)),
    ],
)
OWNED = migrations.AddField(
    "pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True)
)
LOOSE = models.ForeignKey("pets.Owner", models.CASCADE, null=True, db_constraint=False)
FIRM = models.ForeignKey("pets.Owner", models.CASCADE, null=True)
CHECK = "condition" if django.VERSION >= (5, 1) else "check"
POSITIVE = models.CheckConstraint(**{CHECK: Q(age__gte=0)}, name="age_positive")
ALONE = models.UniqueConstraint(fields=["name", "age"], name="alone")
ONE_OLD = models.UniqueConstraint(fields=["name"], condition=Q(age=1), name="one_old")
KEY = (
    "ALTER TABLE pets_pet ADD CONSTRAINT owned FOREIGN KEY (owner_number) "
    "REFERENCES pets_owner (id)"
)


def sql(text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text, "")


CASES = {
    "MP301": [
        Case(
            "a check", [migrations.AddConstraint("pet", POSITIVE)], [PET],
            expected=[("pets_pet.age_positive", "error")],
        ),
        Case(
            "the second of two, measured",
            [
                migrations.AddConstraint("pet", POSITIVE),
                sql("ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name <> '')"),
            ],
            [PET], trace=True,
            expected=[("pets_pet.age_positive", "error"), ("pets_pet.named", "error")],
        ),
        Case(
            "a small table", [migrations.AddConstraint("pet", POSITIVE)], [PET], size=SMALL,
            expected=[("pets_pet.age_positive", "info")],
        ),
        Case("without proof", [AddConstraintNotValid("pet", POSITIVE)], [PET]),
        Case("a table that is made here", [PET, migrations.AddConstraint("pet", POSITIVE)]),
        Case(
            "a check that is there but not valid",
            [sql("ALTER TABLE pets_pet VALIDATE CONSTRAINT c")], [PET],
            sql="ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0) NOT VALID",
        ),
    ],
    "MP302": [
        Case(
            "both in one", [
                AddConstraintNotValid("pet", POSITIVE), ValidateConstraint("pet", "age_positive"),
            ],
            [PET], expected=[("pets_pet.age_positive", "error")],
        ),
        Case(
            "both in one, measured", [
                AddConstraintNotValid("pet", POSITIVE), ValidateConstraint("pet", "age_positive"),
            ],
            [PET], trace=True, expected=[("pets_pet.age_positive", "error")],
        ),
        Case(
            "a foreign key", [
                sql(f"{KEY} NOT VALID"), sql("ALTER TABLE pets_pet VALIDATE CONSTRAINT owned"),
            ],
            [PET, OWNER], expected=[("pets_pet.owned", "error")],
        ),
        Case(
            "alone", [sql("ALTER TABLE pets_pet VALIDATE CONSTRAINT c")], [PET],
            sql="ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0) NOT VALID",
        ),
        Case(
            "validated already: nothing to read", [
                sql("ALTER TABLE pets_pet ALTER age SET DEFAULT 1"),
                sql("ALTER TABLE pets_pet VALIDATE CONSTRAINT c"),
            ],
            [PET], sql="ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0)",
        ),
        Case(
            "each in a transaction of its own", [
                AddConstraintNotValid("pet", POSITIVE), ValidateConstraint("pet", "age_positive"),
            ],
            [PET], atomic=False,
        ),
    ],
    "MP303": [
        Case("by SQL", [sql(KEY)], [PET, OWNER], expected=[("pets_pet.owned", "error")]),
        Case(
            "measured", [sql(KEY)], [PET, OWNER], trace=True,
            expected=[("pets_pet.owned", "error")],
        ),
        Case(
            "a key that was loose",
            [migrations.AlterField("pet", "owner", FIRM)],
            [OWNER, PET, migrations.AddField("pet", "owner", LOOSE)],
            expected=[("pets_pet.pets_pet_owner_id_ed468d8b_fk_pets_owner_id", "error")],
        ),
        Case(
            "made anew by Django",
            [migrations.AlterField(
                "pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, default=1)
            )],
            [OWNER, PET, OWNED],
        ),
        Case("a new column without rows", [OWNED], [OWNER, PET]),
        Case("without proof", [sql(f"{KEY} NOT VALID")], [PET, OWNER]),
        Case("a table that is made here", [PET, sql(KEY)], [OWNER]),
    ],
    "MP304": [
        Case("locks two", [sql(f"{KEY} NOT VALID")], [PET, OWNER],
             expected=[("pets_pet.owned", "info")]),
        Case("the other is new", [OWNER, sql(f"{KEY} NOT VALID")], [PET]),
    ],
    "MP305": [
        Case(
            "a constraint", [migrations.AddConstraint("pet", ALONE)], [PET],
            expected=[("pets_pet.alone", "error")],
        ),
        Case(
            "together", [migrations.AlterUniqueTogether("pet", {("name", "age")})], [PET],
            trace=True, expected=[("pets_pet.pets_pet_name_age_a99b79d3_uniq", "error")],
        ),
        Case(
            "a field", [
                migrations.AlterField("pet", "age", models.IntegerField(null=True, unique=True))
            ],
            [PET], expected=[("pets_pet.pets_pet_age_6d8ffafd_uniq", "error")],
        ),
        Case("a small table", [migrations.AddConstraint("pet", ALONE)], [PET], size=SMALL,
             expected=[("pets_pet.alone", "info")]),
        Case(
            "with a ready index",
            [sql("ALTER TABLE pets_pet ADD CONSTRAINT alone UNIQUE USING INDEX ready")], [PET],
            sql="CREATE UNIQUE INDEX ready ON pets_pet (name)",
        ),
        Case("a table that is made here", [PET, migrations.AddConstraint("pet", ALONE)]),
    ],
    "MP306": [
        Case("a condition", [migrations.AddConstraint("pet", ONE_OLD)], [PET],
             expected=[("pets_pet.one_old", "error")]),
        Case("concurrently", [sql("CREATE UNIQUE INDEX CONCURRENTLY u ON pets_pet (name)")],
             [PET], atomic=False),
        Case("a table that is made here", [PET, migrations.AddConstraint("pet", ONE_OLD)]),
    ],
    "MP307": [
        Case(
            "built before",
            [sql("ALTER TABLE pets_pet ADD CONSTRAINT alone UNIQUE USING INDEX ready")], [PET],
            sql="CREATE UNIQUE INDEX ready ON pets_pet (name)",
            expected=[("pets_pet.ready", "info")],
        ),
        Case(
            "not unique: MP198 tells it",
            [sql("ALTER TABLE pets_pet ADD CONSTRAINT alone UNIQUE USING INDEX ready")], [PET],
            sql="CREATE INDEX ready ON pets_pet (name)",
        ),
        Case(
            "built here", [
                sql("CREATE UNIQUE INDEX CONCURRENTLY ready ON pets_pet (name)"),
                sql("ALTER TABLE pets_pet ADD CONSTRAINT alone UNIQUE USING INDEX ready"),
            ],
            [PET], atomic=False,
        ),
    ],
    "MP308": [
        Case(
            "builds", [sql("ALTER TABLE pets_pet ADD PRIMARY KEY (name)")], [PET],
            sql="ALTER TABLE pets_pet DROP CONSTRAINT pets_pet_pkey",
            expected=[("pets_pet.name", "error")],
        ),
        Case(
            "with a ready index", [sql("ALTER TABLE pets_pet ADD PRIMARY KEY USING INDEX i")],
            [PET], sql="ALTER TABLE pets_pet DROP CONSTRAINT pets_pet_pkey;"
            "CREATE UNIQUE INDEX i ON pets_pet (id)",
        ),
    ],
    "MP309": [
        Case(
            "a column that may be NULL",
            [sql("ALTER TABLE pets_pet ADD PRIMARY KEY USING INDEX i")], [PET],
            sql="ALTER TABLE pets_pet DROP CONSTRAINT pets_pet_pkey;"
            "CREATE UNIQUE INDEX i ON pets_pet (age)",
            expected=[("pets_pet.i", "error")],
        ),
        Case(
            "a column that is NOT NULL",
            [sql("ALTER TABLE pets_pet ADD PRIMARY KEY USING INDEX i")], [PET],
            sql="ALTER TABLE pets_pet DROP CONSTRAINT pets_pet_pkey;"
            "CREATE UNIQUE INDEX i ON pets_pet (id)",
        ),
    ],
    "MP310": [
        Case(
            "builds",
            [sql("ALTER TABLE pets_pet ADD CONSTRAINT apart EXCLUDE USING btree (age WITH =)")],
            [PET], expected=[("pets_pet.apart", "error")],
        ),
        Case(
            "a table that is made here",
            [PET,
             sql("ALTER TABLE pets_pet ADD CONSTRAINT apart EXCLUDE USING btree (age WITH =)")],
        ),
    ],
    "MP311": [
        Case(
            "loosened", [migrations.AlterField("pet", "owner", LOOSE)], [OWNER, PET, OWNED],
            expected=[("pets_pet.pets_pet_owner_id_ed468d8b_fk_pets_owner_id", "warning")],
        ),
        Case("measured", [sql("ALTER TABLE pets_pet DROP CONSTRAINT owned")], [OWNER, PET],
             sql=KEY, trace=True, expected=[("pets_pet.owned", "warning")]),
        Case(
            "made anew by Django",
            [migrations.AlterField(
                "pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, default=1)
            )],
            [OWNER, PET, OWNED],
        ),
        Case("with its column", [migrations.RemoveField("pet", "owner")], [OWNER, PET, OWNED]),
        Case(
            "a check locks its own table alone",
            [sql("ALTER TABLE pets_pet DROP CONSTRAINT c")], [OWNER, PET],
            sql="ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0)",
        ),
    ],
    "MP312": [
        Case(
            "a check", [migrations.RemoveConstraint("pet", "age_positive")],
            [PET, migrations.AddConstraint("pet", POSITIVE)],
            expected=[("pets_pet.age_positive", "info")],
        ),
        Case(
            "put in another's place", [
                sql("ALTER TABLE pets_pet DROP CONSTRAINT age_positive, "
                    "ADD CONSTRAINT older CHECK (age > 1) NOT VALID"),
            ],
            [PET, migrations.AddConstraint("pet", POSITIVE)],
        ),
        Case("a foreign key", [sql("ALTER TABLE pets_pet DROP CONSTRAINT owned")], [OWNER, PET],
             sql=KEY),
    ],
    "MP313": [
        Case("left", [AddConstraintNotValid("pet", POSITIVE)], [PET],
             expected=[("pets_pet.age_positive", "info")]),
        Case("proved", [
            AddConstraintNotValid("pet", POSITIVE), ValidateConstraint("pet", "age_positive"),
        ], [PET]),
        Case("proved at once", [migrations.AddConstraint("pet", POSITIVE)], [PET]),
    ],
    "MP314": [
        Case("a unique index", [sql("CREATE UNIQUE INDEX CONCURRENTLY u ON pets_pet (name)")],
             [PET], atomic=False, expected=[("pets_pet.u", "info")]),
        Case(
            "validated", [
                AddConstraintNotValid("pet", POSITIVE), ValidateConstraint("pet", "age_positive"),
            ],
            [PET], atomic=False, expected=[("pets_pet.age_positive", "info")],
        ),
        Case("an index that is not unique",
             [sql("CREATE INDEX CONCURRENTLY u ON pets_pet (name)")], [PET], atomic=False),
    ],
    "MP315": [
        Case(
            "none", [migrations.AddField(
                "pet", "owner",
                models.ForeignKey("pets.Owner", models.CASCADE, null=True, db_index=False),
            )],
            [OWNER, PET], packs=("style",), expected=[("pets_pet.owner_id", "warning")],
        ),
        Case("Django's own", [OWNED], [OWNER, PET], packs=("style",)),
        Case(
            "the column begins an index that is there", [sql(KEY)],
            [OWNER, PET,
             migrations.AddIndex("pet", models.Index(fields=["owner_number", "age"], name="i"))],
            packs=("style",),
        ),
        Case(
            "nobody asked", [migrations.AddField(
                "pet", "owner",
                models.ForeignKey("pets.Owner", models.CASCADE, null=True, db_index=False),
            )],
            [OWNER, PET],
        ),
    ],
    "MP316": [
        Case("cascades", [sql(f"{KEY} ON DELETE CASCADE NOT VALID")], [OWNER, PET],
             packs=("style",), expected=[("pets_pet.owner_number", "warning")]),
        Case("does not", [sql(f"{KEY} NOT VALID")], [OWNER, PET], packs=("style",)),
    ],
    "MP317": [
        Case(
            "a domain that is used",
            [sql("ALTER DOMAIN years ADD CONSTRAINT few CHECK (VALUE < 100)")], [PET],
            sql="CREATE DOMAIN years AS integer;"
            "ALTER TABLE pets_pet ALTER age TYPE years",
            expected=[("pets_pet.years", "error")],
        ),
        Case(
            "a domain that nobody uses",
            [sql("ALTER DOMAIN years ADD CONSTRAINT few CHECK (VALUE < 100)")], [PET],
            sql="CREATE DOMAIN years AS integer",
        ),
        Case(
            "without proof",
            [sql("ALTER DOMAIN years ADD CONSTRAINT few CHECK (VALUE < 100) NOT VALID")], [PET],
            sql="CREATE DOMAIN years AS integer;"
            "ALTER TABLE pets_pet ALTER age TYPE years",
        ),
    ],
    "MP318": [
        Case("for ever", [sql("ALTER TABLE pets_pet DISABLE TRIGGER ALL")], [PET],
             expected=[("pets_pet.all", "error")]),
        Case(
            "for a while", [
                sql("ALTER TABLE pets_pet DISABLE TRIGGER ALL"),
                sql("ALTER TABLE pets_pet ENABLE TRIGGER ALL"),
            ],
            [PET], expected=[("pets_pet.all", "warning")],
        ),
        Case(
            "those of users, for a while", [
                sql("ALTER TABLE pets_pet DISABLE TRIGGER USER"),
                sql("ALTER TABLE pets_pet ENABLE TRIGGER USER"),
            ],
            [PET],
        ),
    ],
    "MP319": [
        Case("renamed", [sql("ALTER TABLE pets_pet RENAME CONSTRAINT c TO d")], [PET],
             sql="ALTER TABLE pets_pet ADD CONSTRAINT c CHECK (age > 0)",
             expected=[("pets_pet.c", "info")]),
        Case("a table that is made here",
             [PET, sql("ALTER TABLE pets_pet RENAME CONSTRAINT pets_pet_pkey TO d")]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "case"),
    [pytest.param(code, case, id=f"{code} {case}") for code in CASES for case in CASES[code]],
)
def test_rule(shadow, code, case):
    assert_case(code, shadow, case)


PETS, OWNERS = "pets", "owners"
COUNTED = [
    (Constraint("check", expression="age > 0"), 1),
    (Constraint("unique", columns=("name",)), 2),
    (Constraint("unique", columns=("age",)), 0),
    (Constraint("unique", columns=("age",), nulls_distinct=False), 2),
    (Constraint("primary key", columns=("age",)), 2),
    (Constraint("not null", columns=("age",)), 2),
    (Constraint("foreign key", columns=("owner",),
                references=Reference(Name("owners"), ("id",))), 1),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "count"), COUNTED, ids=str)
def test_counting_queries(shadow, constraint, count):
    with (
        shadow.clone("hazard") as clone,
        clone.registered("default") as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "CREATE TABLE owners (id int); INSERT INTO owners VALUES (1);"
            "CREATE TABLE pets (name text, age int, owner int);"
            "INSERT INTO pets VALUES ('a', 1, 1), ('a', NULL, NULL), ('b', NULL, 2),"
            " ('c', -1, 1), (NULL, 7, 1), (NULL, 8, NULL)"
        )
        cursor.execute(counting.breaking(PETS, constraint, parent=OWNERS))
        assert cursor.fetchone() == (count,)
