"""Rules of indexes, each by a table of cases on the shadow."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from modeler.previews.hazards.session_facts import SessionFacts
from tests.modeler.previews.hazards.rehearsed import SMALL, Case, assert_case

PET = migrations.CreateModel(
    "Pet",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
    ],
)
BY_NAME = models.Index(fields=["name"], name="by_name")

INDEX_BLOCKS_WRITES = [
    Case(
        "an index of a model", [migrations.AddIndex("pet", BY_NAME)], [PET],
        expected=[("pets_pet.by_name", "error")],
    ),
    Case(
        "measured", [migrations.AddIndex("pet", BY_NAME)], [PET], trace=True,
        expected=[("pets_pet.by_name", "error")],
    ),
    Case(
        "a small table", [migrations.AddIndex("pet", BY_NAME)], [PET], size=SMALL,
        expected=[("pets_pet.by_name", "info")],
    ),
    Case("concurrently", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False),
    Case("a table that is made here", [PET, migrations.AddIndex("pet", BY_NAME)]),
    Case(
        "under a lock of another operation: MP501 tells it",
        [
            migrations.AddField("pet", "size", models.IntegerField(null=True)),
            migrations.AddIndex("pet", BY_NAME),
        ],
        [PET],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", INDEX_BLOCKS_WRITES, ids=str)
def test_index_blocks_writes(shadow, case):
    for finding in assert_case("MP401", shadow, case):
        assert finding.message == "Writes to pets_pet wait while the index by_name is built."
        assert finding.evidence[0] == (
            "statement", 'CREATE INDEX "by_name" ON "pets_pet" ("name");',
        )  # fmt: skip


INDEXED = migrations.AddIndex("pet", BY_NAME)
PARTS = (
    "CREATE TABLE parts (at date NOT NULL) PARTITION BY RANGE (at);"
    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');"
    "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"
)


def sql(text: str | list[str]) -> migrations.RunSQL:
    return migrations.RunSQL(text, "")


CASES = {
    "MP402": [
        Case("an index of a model", [migrations.RemoveIndex("pet", "by_name")], [PET, INDEXED],
             expected=[("pets_pet.by_name", "warning")]),
        Case("measured", [migrations.RemoveIndex("pet", "by_name")], [PET, INDEXED], trace=True,
             expected=[("pets_pet.by_name", "warning")]),
        Case("concurrently", [RemoveIndexConcurrently("pet", "by_name")], [PET, INDEXED],
             atomic=False),
        Case(
            "locked by an earlier statement anyway", [
                migrations.AddField("pet", "size", models.IntegerField(null=True)),
                migrations.RemoveIndex("pet", "by_name"),
            ],
            [PET, INDEXED], trace=True,
        ),
        Case("an index that is made here", [
            PET, INDEXED, migrations.RemoveIndex("pet", "by_name"),
        ]),
    ],
    "MP403": [
        Case("an index", [sql("REINDEX INDEX by_name")], [PET, INDEXED],
             expected=[("pets_pet.by_name", "error")]),
        Case("a small table", [sql("REINDEX TABLE pets_pet")], [PET, INDEXED], size=SMALL,
             trace=True, expected=[("pets_pet.pets_pet", "info")]),
        Case("concurrently", [sql("REINDEX INDEX CONCURRENTLY by_name")], [PET, INDEXED],
             atomic=False),
        Case("a table without indexes", [sql("REINDEX TABLE bare")],
             sql="CREATE TABLE bare (a int)"),
    ],
    "MP404": [
        Case("Django refuses", [AddIndexConcurrently("pet", BY_NAME)], [PET],
             expected=[("by_name", "error")]),
        Case("PostgreSQL refuses", [sql("CREATE INDEX CONCURRENTLY i ON pets_pet (name)")], [PET],
             expected=[("i", "error")]),
        Case(
            "a script is one transaction", [
                sql("SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON pets_pet (name)"),
            ],
            [PET], atomic=False, expected=[("i", "error")],
        ),
        Case(
            "one by one", [
                sql(["SET lock_timeout = 0", "CREATE INDEX CONCURRENTLY i ON pets_pet (name)"]),
            ],
            [PET], atomic=False,
        ),
        Case(
            "in the state alone", [migrations.SeparateDatabaseAndState(
                state_operations=[AddIndexConcurrently("pet", BY_NAME)]
            )],
            [PET],
        ),
    ],
    "MP405": [
        Case("hidden",
             [sql("CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON pets_pet (name)")], [PET],
             atomic=False, expected=[("pets_pet.i", "warning")]),
        Case("dropped before", [
            sql("DROP INDEX CONCURRENTLY IF EXISTS i"),
            sql("CREATE INDEX CONCURRENTLY i ON pets_pet (name)"),
        ], [PET], atomic=False),
    ],
    "MP406": [
        Case("set here", [sql("SET lock_timeout = '5s'"), AddIndexConcurrently("pet", BY_NAME)],
             [PET], atomic=False, expected=[("by_name", "warning")]),
        Case("set by the connection", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False,
             more={"session": SessionFacts({"statement_timeout": "30s"})},
             expected=[("by_name", "warning")]),
        Case("switched off again", [
            sql("SET lock_timeout = '5s'"), sql("SET lock_timeout = 0"),
            AddIndexConcurrently("pet", BY_NAME),
        ], [PET], atomic=False),
        Case("of a transaction that is over", [
            sql("SET LOCAL lock_timeout = '5s'"), AddIndexConcurrently("pet", BY_NAME),
        ], [PET], atomic=False),
    ],
    "MP407": [
        Case("waits", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False,
             expected=[("by_name", "info")]),
        Case("a plain build", [INDEXED], [PET]),
    ],
    "MP408": [
        Case("partitions", [sql("CREATE INDEX i ON parts (at)")], sql=PARTS,
             expected=[("parts.i", "error")]),
        Case("the roof alone", [sql("CREATE INDEX i ON ONLY parts (at)")], sql=PARTS),
        Case("refused: MP198 tells it", [sql("CREATE INDEX CONCURRENTLY i ON parts (at)")],
             sql=PARTS, atomic=False),
        Case("a plain table", [INDEXED], [PET]),
    ],
    "MP409": [
        Case("a beginning of another", [migrations.AddIndex("pet", BY_NAME)], [
            PET, migrations.AddIndex("pet", models.Index(fields=["name", "age"], name="both")),
        ], packs=("style",), expected=[("pets_pet.by_name", "warning")]),
        Case("another has a condition", [migrations.AddIndex("pet", BY_NAME)], [
            PET, migrations.AddIndex("pet", models.Index(
                fields=["name", "age"], name="both", condition=models.Q(age=1),
            )),
        ], packs=("style",)),
        Case("its columns come second", [migrations.AddIndex("pet", BY_NAME)], [
            PET, migrations.AddIndex("pet", models.Index(fields=["age", "name"], name="both")),
        ], packs=("style",)),
        Case("many columns", [sql("CREATE INDEX i ON pets_pet (name, age, id, name)")], [PET],
             packs=("style",), expected=[("pets_pet.i", "info")]),
    ],
    "MP410": [
        Case("as a table", [sql("ALTER TABLE by_name RENAME TO other")], [PET, INDEXED],
             expected=[("by_name", "info")]),
        Case("as an index", [migrations.RenameIndex("pet", "other", old_name="by_name")],
             [PET, INDEXED]),
        Case("a table", [sql("ALTER TABLE pets_pet RENAME TO other")], [PET, INDEXED]),
    ],
    "MP411": [
        Case("14.3", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False,
             more={"release": "14.3 (Debian 14.3-1)", "server_version": 14},
             expected=[("by_name", "error")]),
        Case("14.4", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False,
             more={"release": "14.4", "server_version": 14}),
        Case("14.3, not concurrently", [INDEXED], [PET],
             more={"release": "14.3", "server_version": 14}),
        Case("15.0", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False,
             more={"release": "15.0", "server_version": 15}),
    ],
    "MP401": [
        Case("partitions are told by MP408", [sql("CREATE INDEX i ON parts (at)")], sql=PARTS),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "case"),
    [pytest.param(code, case, id=f"{code} {case}") for code in CASES for case in CASES[code]],
)
def test_rule(shadow, code, case):
    assert_case(code, shadow, case)
