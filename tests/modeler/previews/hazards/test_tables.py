"""Rules of tables and of whatever no other rule names, rehearsed on the shadow."""

from __future__ import annotations

import pytest
from django.db import migrations, models

from modeler.previews.hazards.rules import hazards_of
from tests.modeler.previews.hazards.pets import OWNED, OWNER, PET, owner
from tests.modeler.previews.hazards.rehearsed import BIG, SMALL, Case, plan_of_case, said_of

EMPTY = type(BIG)(0.0, 8192)
TOY = migrations.CreateModel(
    "Toy", [("id", models.BigAutoField(primary_key=True)), ("owner", owner())]
)
PARTITIONED = """
    CREATE TABLE visit (id bigint NOT NULL, year int NOT NULL, PRIMARY KEY (id, year))
        PARTITION BY LIST (year);
    CREATE TABLE visit_2025 PARTITION OF visit FOR VALUES IN (2025);
    CREATE TABLE visit_2026 (id bigint NOT NULL, year int NOT NULL, PRIMARY KEY (id, year));
"""
MATERIALIZED = """
    CREATE MATERIALIZED VIEW ages AS SELECT id, age FROM pets_pet;
    CREATE UNIQUE INDEX ages_id ON ages (id);
"""


def sql(text: str) -> migrations.RunSQL:
    return migrations.RunSQL(text)


def in_state(*operations: object) -> migrations.SeparateDatabaseAndState:
    return migrations.SeparateDatabaseAndState(state_operations=list(operations))


TABLES = [
    # MP101
    Case("a new table", [TOY], [OWNER], expected=[("MP101 pets_owner", "info")]),
    Case("a new table, measured", [TOY], [OWNER], trace=True,
         expected=[("MP101 pets_owner", "info")]),
    Case("a new table, and work after it",
         [sql("CREATE TABLE toy (id bigint PRIMARY KEY, owner bigint REFERENCES pets_owner);"
              "CREATE INDEX by_age ON pets_pet (age)")], [PET, OWNER],
         expected=[("MP101 pets_owner", "error")]),
    Case("a new table, and work on a small one after it",
         [sql("CREATE TABLE toy (id bigint PRIMARY KEY, owner bigint REFERENCES pets_owner);"
              "CREATE INDEX by_age ON pets_pet (age)")], [PET, OWNER], size=SMALL,
         expected=[("MP101 pets_owner", "info")]),
    Case("new tables that refer to each other", [OWNER, TOY]),
    # MP102
    Case("a table dropped", [migrations.DeleteModel("Pet")], [PET],
         expected=[("MP102 pets_pet", "error")]),
    Case("a table dropped one deploy after its model", [sql("DROP TABLE pets_pet")],
         [*OWNED, in_state(migrations.DeleteModel("Pet"))],
         expected=[("MP102 pets_pet", "warning")]),
    Case("a table without keys dropped one deploy after its model", [sql("DROP TABLE pets_pet")],
         [PET, in_state(migrations.DeleteModel("Pet"))], expected=[("MP102 pets_pet", "info")]),
    Case("a table of many to many dropped", [migrations.RemoveField("pet", "owners")],
         [PET, OWNER, migrations.AddField("pet", "owners", models.ManyToManyField("pets.owner"))],
         expected=[("MP102 pets_pet_owners", "error")]),
    Case("a new table dropped again", [PET, migrations.DeleteModel("Pet")]),
    Case("a model of the state alone", [in_state(migrations.DeleteModel("Pet"))], [PET]),
    # MP103
    Case("a view goes along", [migrations.DeleteModel("Pet")], [PET],
         sql="CREATE VIEW ages AS SELECT age FROM pets_pet",
         expected=[("MP102 pets_pet", "error"), ("MP103 pets_pet", "error")]),
    Case("a foreign key of another goes along", [sql("DROP TABLE pets_owner CASCADE")], OWNED,
         expected=[("MP102 pets_owner", "error"), ("MP103 pets_owner", "warning")]),
    # MP104
    Case("a table renamed", [migrations.AlterModelTable("pet", "animal")], [PET],
         expected=[("MP104 pets_pet", "error")]),
    Case("a model renamed", [migrations.RenameModel("Owner", "Keeper")], OWNED,
         expected=[("MP104 pets_owner", "error"), ("MP233 pets_pet.owner_id", "error")]),
    Case("a model renamed, not its table", [migrations.RenameModel("Pet", "Animal")],
         [migrations.CreateModel("Pet", [("id", models.BigAutoField(primary_key=True))],
                                 {"db_table": "pet"})]),
    Case("a table renamed, with a view in its place",
         [sql("ALTER TABLE pets_pet RENAME TO animal;"
              "CREATE VIEW pets_pet AS SELECT * FROM animal")], [PET]),
    Case("a table renamed that no model has", [sql("ALTER TABLE legacy RENAME TO old")],
         sql="CREATE TABLE legacy (id bigint PRIMARY KEY)"),
    # MP105
    Case("a table moved", [sql("ALTER TABLE pets_pet SET SCHEMA other")], [PET],
         sql="CREATE SCHEMA other", expected=[("MP105 pets_pet", "error")]),
    Case("a table moved that no model has", [sql("ALTER TABLE legacy SET SCHEMA other")],
         sql="CREATE SCHEMA other; CREATE TABLE legacy (id bigint PRIMARY KEY)"),
    # MP106
    Case("another tablespace", [sql("ALTER TABLE pets_pet SET TABLESPACE pg_default")], [PET],
         expected=[("MP106 pets_pet", "error")]),
    Case("another tablespace of an index",
         [sql("ALTER INDEX pets_pet_pkey SET TABLESPACE pg_default")], [PET],
         expected=[("MP106 pets_pet_pkey", "error")]),
    # MP107
    Case("unlogged", [sql("ALTER TABLE pets_pet SET UNLOGGED")], [PET],
         expected=[("MP107 pets_pet", "error")]),
    Case("logged as it was", [sql("ALTER TABLE pets_pet SET LOGGED")], [PET]),
    # MP108
    Case("emptied", [sql("TRUNCATE pets_pet")], [PET], expected=[("MP108 pets_pet", "error")]),
    Case("emptied though small", [sql("TRUNCATE pets_pet")], [PET], size=SMALL,
         expected=[("MP108 pets_pet", "error")]),
    Case("emptied though empty", [sql("TRUNCATE pets_pet")], [PET], size=EMPTY,
         expected=[("MP108 pets_pet", "info")]),
    Case("emptied though new", [PET, sql("TRUNCATE pets_pet")]),
    Case("a schema dropped", [sql("DROP SCHEMA other CASCADE")],
         sql="CREATE SCHEMA other; CREATE TABLE other.legacy (id bigint PRIMARY KEY)",
         expected=[("MP108 other.legacy", "error")]),
    # MP110, MP111
    Case("no primary key", [sql("CREATE TABLE t (id bigint UNIQUE NOT NULL)")],
         expected=[("MP110 t", "warning")]),
    Case("a primary key later",
         [sql("CREATE TABLE t (id bigint); ALTER TABLE t ADD PRIMARY KEY (id)")]),
    Case("a temporary table", [sql("CREATE TEMPORARY TABLE t (id bigint)")]),
    Case("a table that is there", [sql("CREATE TABLE IF NOT EXISTS pets_pet (id bigint)")], [PET],
         expected=[("MP111 pets_pet", "warning")]),
    Case("a table that is not there",
         [sql("CREATE TABLE IF NOT EXISTS t (id bigint PRIMARY KEY)")]),
    # MP112
    Case("made anew", [migrations.DeleteModel("Pet"), PET], [PET],
         expected=[("MP112 pets_pet", "error")]),
    Case("made anew though empty", [migrations.DeleteModel("Pet"), PET], [PET], size=EMPTY,
         expected=[("MP112 pets_pet", "info")]),
    # MP114
    Case("CLUSTER", [sql("CLUSTER pets_pet USING pets_pet_pkey")], [PET],
         expected=[("MP114 pets_pet", "error")]),
    Case("VACUUM FULL", [sql("VACUUM FULL pets_pet")], [PET], atomic=False,
         expected=[("MP114 pets_pet", "error")]),
    Case("VACUUM", [sql("VACUUM pets_pet")], [PET], atomic=False),
    # MP115
    Case("a view refreshed", [sql("REFRESH MATERIALIZED VIEW ages")], [PET], sql=MATERIALIZED,
         expected=[("MP115 ages", "error")]),
    Case("a view refreshed concurrently", [sql("REFRESH MATERIALIZED VIEW CONCURRENTLY ages")],
         [PET], sql=MATERIALIZED),
    # MP116, MP117, MP118
    Case("attached",
         [sql("ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES IN (2026)")],
         sql=PARTITIONED, expected=[("MP116 visit_2026", "error")]),
    Case("attached, proven by a check",
         [sql("ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES IN (2026)")],
         sql=f"{PARTITIONED}; ALTER TABLE visit_2026 ADD CHECK (year = 2026)"),
    Case("detached", [sql("ALTER TABLE visit DETACH PARTITION visit_2025")], sql=PARTITIONED,
         expected=[("MP117 visit", "warning")]),
    Case("detached concurrently",
         [sql("ALTER TABLE visit DETACH PARTITION visit_2025 CONCURRENTLY")], sql=PARTITIONED,
         atomic=False),
    Case("a new partition",
         [sql("CREATE TABLE visit_2027 PARTITION OF visit FOR VALUES IN (2027)")],
         sql=PARTITIONED, expected=[("MP118 visit", "warning")]),
    # MP119
    Case("row security", [sql("ALTER TABLE pets_pet ENABLE ROW LEVEL SECURITY")], [PET],
         expected=[("MP119 pets_pet", "info"), ("MP119 pets_pet", "warning")]),
    Case("a trigger", [sql("CREATE TRIGGER t BEFORE UPDATE ON pets_pet FOR EACH ROW "
                           "EXECUTE FUNCTION suppress_redundant_updates_trigger()")], [PET],
         expected=[("MP119 pets_pet", "info")]),
    Case("a trigger of a new table",
         [PET, sql("CREATE TRIGGER t BEFORE UPDATE ON pets_pet FOR EACH ROW "
                   "EXECUTE FUNCTION suppress_redundant_updates_trigger()")]),
    # MP120, a guard
    Case("comments", [migrations.AlterModelTableComment("pet", "animals")], [PET]),
]  # fmt: skip

REST = [
    # MP197
    Case("not analysed", [sql("VACUUM")], atomic=False,
         expected=[("MP197 statement 1", "info")]),
    # MP198
    Case("a column that is not there", [sql("ALTER TABLE pets_pet DROP COLUMN size")], [PET],
         expected=[("MP198 statement 1", "error")]),
    Case("a column that may be missing",
         [sql("ALTER TABLE pets_pet DROP COLUMN IF EXISTS size")], [PET]),
    # MP199
    Case("rows under a lock are told by MP503",
         [sql("LOCK TABLE pets_owner IN EXCLUSIVE MODE; UPDATE pets_pet SET age = 1")],
         [PET, OWNER]),
    Case("an index under a lock of another table",
         [sql("ALTER TABLE pets_owner ADD code integer; CREATE INDEX by_age ON pets_pet (age)")],
         [PET, OWNER], expected=[("MP199 pets_owner", "error")]),
    Case("an index under a lock of another table, a small one",
         [sql("ALTER TABLE pets_owner ADD code integer; CREATE INDEX by_age ON pets_pet (age)")],
         [PET, OWNER], size=SMALL, expected=[("MP199 pets_owner", "info")]),
    Case("an index in another transaction",
         [sql("ALTER TABLE pets_owner ADD code integer"),
          sql("CREATE INDEX by_age ON pets_pet (age)")], [PET, OWNER], atomic=False),
]  # fmt: skip


@pytest.mark.parametrize("case", [*TABLES, *REST], ids=str)
def test_rules(shadow, case):
    assert said_of(shadow, case, ("MP1", "MP2")) == sorted(case.expected)


def test_the_same_wait_is_said_once(shadow):
    """An index that a field brings along: neither that an index is built, nor that writes wait."""
    code = migrations.AddField("pet", "code", models.IntegerField(null=True, db_index=True))
    findings = hazards_of(plan_of_case(shadow, Case("an index", [code], [PET]))).findings
    # MP506 speaks of the wait for the lock, not of the lock.
    found, timeout = findings
    assert (found.code, timeout.code) == ("MP208", "MP506")
    assert found.message == (
        "Reads and writes of pets_pet wait while the index pets_pet_code_643511fa is built, "
        "because the new column locks the table until the migration ends."
    )
    assert found.evidence == (
        ("statement", 'CREATE INDEX "pets_pet_code_643511fa" ON "pets_pet" ("code");'),
        ("lock", "access exclusive on pets_pet until its transaction ends, because the column "
                 "code is added"),
        ("work", "the index pets_pet_code_643511fa of pets_pet is built"),
        ("size", "pets_pet has about 5,000,000 rows (800 MB)"),
    )  # fmt: skip


def test_a_migration_with_two_waits_says_both(shadow):
    """The special rule speaks of its table, and the general one of the other."""
    operations = [
        sql("ALTER TABLE pets_owner ADD code integer"),
        migrations.AddField("pet", "code", models.PositiveIntegerField(null=True)),
    ]
    findings = hazards_of(plan_of_case(shadow, Case("two", operations, [PET, OWNER]))).findings
    assert [found.message for found in findings if found.code in {"MP199", "MP212", "MP501"}] == [
        "Reads and writes of pets_owner wait while every row of pets_pet is read, because an "
        "earlier operation's lock is kept.",
        "Reads and writes of pets_pet wait while every row is read, because the new column code "
        "has a check.",
    ]
