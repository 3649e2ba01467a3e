"""Schema changes of every sort: what breaks for code that still runs, and what goes first.

Each expectation is written down from PostgreSQL's and Django's documented behaviour, with the
reason; none is copied from a run.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import django
import pytest
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.models import F, Q

from modeler.previews.replay.replay import Meeting, Order

EITHER, MIGRATE, CODE, NEITHER = (
    Order.EITHER, Order.MIGRATE_FIRST, Order.CODE_FIRST, Order.NEITHER,
)  # fmt: skip
NEW_DJANGO = django.VERSION >= (5, 0)
CONDITION = "condition" if django.VERSION >= (5, 1) else "check"


@dataclass(frozen=True)
class Case:
    """One change.

    Attributes:
        name: of the case.
        change: the operations.
        order: what goes first.
        old: what breaks for the old code, ``model verb sqlstate column``, a line each.
        why: the reason for the expectation.
        given: operations that went before.
        tables: names of tables that only SQL of the change names.
    """

    name: str
    change: list[Any]
    order: Order
    old: str
    why: str
    given: list[Any] = field(default_factory=list)
    tables: tuple[str, ...] = ()


def check(**lookups: Any) -> models.CheckConstraint:
    return models.CheckConstraint(name="sane", **{CONDITION: Q(**lookups)})


def state_only(*operations: Any) -> SeparateDatabaseAndState:
    return SeparateDatabaseAndState(state_operations=list(operations))


def pet(name: str, altered: models.Field) -> list[Any]:
    return [AlterField("Pet", name, altered)]


CHAR, INT = models.CharField, models.IntegerField
OWNER = ("pets.Owner", models.CASCADE)
GONE = """
Pet read 42703 {0}
Pet insert 42703 {0}
Pet update 42703 {0}
"""
GONE_TABLE = """
Pet read 42P01
Pet insert 42P01
Pet update 42P01
Pet delete 42P01
"""

CASES = [
    # Columns.
    Case("add nullable", [AddField("Pet", "x", INT(null=True))], MIGRATE, "",
         "old INSERTs leave it out and it is NULL; the new SELECT names it"),
    Case("add NOT NULL with a Python default", [AddField("Pet", "x", INT(default=1))], NEITHER,
         "Pet insert 23502 x", "Django drops the database default after filling the rows"),
    Case("add text NOT NULL", [AddField("Pet", "x", CHAR(max_length=5, default=""))], NEITHER,
         "Pet insert 23502 x", "the same for texts"),
    Case("two added NOT NULL to one",
         [AddField("Pet", "x", INT(default=1)), AddField("Pet", "y", INT(default=1))], NEITHER,
         "Pet insert 23502 x\nPet insert 23502 y", "the server names only the first"),
    Case("two added NOT NULL",
         [AddField("Pet", "x", INT(default=1)), AddField("Owner", "y", INT(default=1))], NEITHER,
         "Owner insert 23502 y\nPet insert 23502 x", "each model has a break of its own"),
    Case("drop NOT NULL column", [RemoveField("Pet", "note")], NEITHER, GONE.format("note"),
         "the old SELECT names it; the new INSERT leaves out what has no database default (C19)"),
    Case("drop nullable column", [RemoveField("Pet", "nick")], CODE, GONE.format("nick"),
         "the new INSERT leaves it NULL until it is gone"),
    Case("drop two columns", [RemoveField("Pet", "nick"), RemoveField("Pet", "born")], CODE,
         "Pet read 42703 nick\nPet read 42703 born\nPet insert 42703 nick\n"
         "Pet update 42703 nick\nPet update 42703 born",
         "PostgreSQL names only the first one in an INSERT; the others are tried one by one"),
    Case("rename column", [RenameField("Pet", "age", "years")], NEITHER, GONE.format("age"),
         "each side names a column that the other schema has not"),
    Case("rename field, keep column",
         [SeparateDatabaseAndState(state_operations=[
             RenameField("Pet", "age", "years"),
             AlterField("Pet", "years", INT(default=1, db_column="age"))])],
         EITHER, "", "the statements stay as they are"),
    Case("column removed from the state alone, nullable", [state_only(RemoveField("Pet", "nick"))],
         EITHER, "", "the column is still there and takes NULL"),
    Case("column removed from the state alone, NOT NULL", [state_only(RemoveField("Pet", "note"))],
         NEITHER, "", "no INSERT of the new code can succeed on either schema"),
    Case("add and drop in one", [RemoveField("Pet", "nick"), AddField("Pet", "x", INT(null=True))],
         NEITHER, GONE.format("nick"), "one break on each side"),
    # Types.
    Case("widen text", pet("name", CHAR(max_length=50)), MIGRATE, "",
         "old code reads longer values well; new code writes what varchar(20) refuses"),
    Case("widen unique text", pet("name", CHAR(max_length=50, unique=True)), MIGRATE, "",
         "as widening, of values that differ",
         given=pet("name", CHAR(max_length=20, unique=True))),
    Case("narrow text below ordinary values", pet("name", CHAR(max_length=3)), CODE,
         "Pet insert 22001 name\nPet update 22001 name", "no name of usual length fits"),
    Case("narrow unique text", pet("name", CHAR(max_length=10, unique=True)), CODE,
         "Pet insert 22001 name", "as narrowing, of values that differ",
         given=pet("name", CHAR(max_length=20, unique=True))),
    Case("narrow text", pet("name", CHAR(max_length=10)), CODE, "Pet insert 22001 name",
         "20 characters do not fit into varchar(10)"),
    Case("varchar to text", pet("name", models.TextField()), MIGRATE, "",
         "as widening"),
    Case("text to varchar", pet("note", CHAR(max_length=100, default="")), CODE,
         "Pet insert 22001 note", "as narrowing"),
    Case("integer to bigint", pet("age", models.BigIntegerField(default=1)), MIGRATE, "",
         "old numbers fit; new ones may not fit before"),
    Case("integer to smallint", pet("age", models.SmallIntegerField(default=1)), CODE,
         "Pet insert 22003 age", "2**31-1 is no smallint"),
    Case("integer to positive", pet("age", models.PositiveIntegerField(default=1)), CODE,
         "Pet insert 23514 age", "the inline CHECK refuses negative numbers"),
    Case("fewer digits", pet("weight", models.DecimalField(max_digits=4, decimal_places=2,
                                                           default=1)), CODE,
         "Pet insert 22003 weight", "9999.99 is no numeric(4, 2)"),
    Case("more digits", pet("weight", models.DecimalField(max_digits=9, decimal_places=2,
                                                          default=1)), MIGRATE, "", "widening"),
    Case("integer to text", pet("age", CHAR(max_length=30, default="")), NEITHER,
         "Pet read 42883 age",
         "an INSERT casts by assignment, but varchar = integer is no operator"),
    Case("datetime to date", pet("born", models.DateField(null=True)), EITHER, "",
         "a timestamp is cast by assignment; that it comes back as a date is a caution"),
    Case("text to integer by SQL",
         [RunSQL("ALTER TABLE pets_pet ALTER name TYPE integer USING 1",
                 state_operations=pet("name", INT(default=1)))], NEITHER,
         "Pet read 22P02 name\nPet insert 22P02 name\nPet update 22P02 name",
         "a word is no integer"),
    Case("primary key to bigint",
         [AlterField("Owner", "id", models.BigAutoField(primary_key=True))], EITHER, "",
         "the server makes the keys, and they fit both ways"),
    # NULL.
    Case("DROP NOT NULL", pet("name", CHAR(max_length=20, null=True)), MIGRATE, "",
         "old statements work; NULL of the new code is refused before (C24 is a caution)"),
    Case("SET NOT NULL", pet("nick", CHAR(max_length=20, default="")), CODE,
         "Pet insert 23502 nick", "old code writes NULL"),
    Case("FK nullable to NOT NULL",
         [AlterField("Pet", "sitter", models.ForeignKey(*OWNER, related_name="sits"))], CODE,
         "Pet insert 23502 sitter_id", "old code writes NULL"),
    Case("FK NOT NULL to nullable",
         [AlterField("Pet", "owner", models.ForeignKey(*OWNER, null=True))], MIGRATE, "",
         "as DROP NOT NULL"),
    # Defaults, choices and all that is Python's alone.
    Case("choices", pet("kind", CHAR(max_length=9, choices=[("dog", "Dog"), ("elk", "Elk")])),
         EITHER, "", "PostgreSQL knows no choices"),
    Case("Python default", pet("age", INT(default=7)), EITHER, "", "Django writes it itself"),
    Case("help text", pet("age", INT(default=1, help_text="years")), EITHER, "", "state only"),
    Case("index", [AddIndex("Pet", models.Index(fields=["age"], name="by_age"))], EITHER, "",
         "an index changes no result"),
    Case("index on long text", [AddIndex("Pet", models.Index(fields=["note"], name="by_note"))],
         EITHER, "", "only incompressible texts over 2,704 bytes would be refused"),
    Case("db_index", pet("name", CHAR(max_length=20, db_index=True)), EITHER, "", "as an index"),
    # Constraints.
    Case("unique added", pet("name", CHAR(max_length=20, unique=True)), CODE,
         "Pet insert 23505", "old code may write a name twice"),
    Case("unique dropped", pet("name", CHAR(max_length=20)), MIGRATE, "",
         "new code may write a name twice, which is refused before",
         given=pet("name", CHAR(max_length=20, unique=True))),
    Case("unique_together added", [AlterUniqueTogether("Pet", {("owner", "name")})], CODE,
         "Pet insert 23505", "the same owner and name twice"),
    Case("unique constraint",
         [AddConstraint("Pet", models.UniqueConstraint(fields=["age", "kind"], name="one"))], CODE,
         "Pet insert 23505", "the same values twice"),
    Case("conditional unique on a boolean",
         [AddConstraint("Pet", models.UniqueConstraint(
             fields=["name"], condition=Q(alive=False), name="one"))], CODE,
         "Pet insert 23505", "two dead pets of one name"),
    Case("conditional unique on a number",
         [AddConstraint("Pet", models.UniqueConstraint(
             fields=["name"], condition=Q(age__gt=90), name="one"))], CODE,
         "Pet insert 23505", "two old pets of one name"),
    Case("unique on what is fresh", [AddConstraint("Pet", models.UniqueConstraint(
        fields=["code"], name="one"))], EITHER, "",
         "a random default never comes twice",
         given=[AddField("Pet", "code", models.UUIDField(default=uuid.uuid4))]),
    Case("check added", [AddConstraint("Pet", check(age__gte=0))], CODE,
         "Pet insert 23514 age", "old code may write -1"),
    Case("check that choices keep", [AddConstraint("Pet", check(kind__in=["dog", "cat"]))],
         EITHER, "", "old code offers nothing else"),
    Case("check of two columns", [AddConstraint("Pet", check(weight__lte=F("age")))], CODE,
         "Pet insert 23514 age", "nothing in old code says so"),
    Case("check dropped", [RemoveConstraint("Pet", "sane")], MIGRATE, "",
         "new code may write what is refused before",
         given=[AddConstraint("Pet", check(age__gte=0))]),
    Case("NOT VALID check by SQL",
         [RunSQL("ALTER TABLE pets_pet ADD CONSTRAINT young CHECK (age < 100) NOT VALID")], CODE,
         "Pet insert 23514 age", "it is enforced for new rows at once", tables=("pets_pet",)),
    # Foreign keys and joins.
    Case("nullable FK added", [AddField("Pet", "vet", models.ForeignKey(
        *OWNER, null=True, related_name="cures"))], MIGRATE, "", "as a nullable column"),
    Case("FK without constraint gets one",
         [AlterField("Pet", "vet", models.ForeignKey(*OWNER, null=True, related_name="cures"))],
         CODE, "Pet insert 23503", "old code may point at nothing",
         given=[AddField("Pet", "vet", models.ForeignKey(
             *OWNER, null=True, related_name="cures", db_constraint=False))]),
    Case("FK to one-to-one", [AlterField("Pet", "owner", models.OneToOneField(*OWNER))], CODE,
         "Pet insert 23505", "two pets of one owner"),
    Case("one-to-one to FK", [AlterField("Pet", "owner", models.ForeignKey(*OWNER))], MIGRATE, "",
         "two pets of one owner are refused before",
         given=[AlterField("Pet", "owner", models.OneToOneField(*OWNER))]),
    Case("many-to-many added", [AddField("Owner", "likes", models.ManyToManyField("pets.Pet"))],
         MIGRATE, "", "a new table"),
    Case("many-to-many removed", [RemoveField("Owner", "likes")], CODE,
         "Owner delete 42P01\nOwner_likes read 42P01\nOwner_likes insert 42P01\n"
         "Owner_likes update 42P01\nOwner_likes delete 42P01\nPet delete 42P01",
         "the join table is gone, and deleting either side empties it first",
         given=[AddField("Owner", "likes", models.ManyToManyField("pets.Pet"))]),
    # Tables.
    Case("model created", [CreateModel("Vet", [("id", models.AutoField(primary_key=True))])],
         MIGRATE, "", "old code does not know it"),
    Case("model with FK created", [CreateModel("Vet", [
        ("id", models.AutoField(primary_key=True)), ("pet", models.ForeignKey("pets.Pet",
                                                                              models.CASCADE))])],
         MIGRATE, "", "old code does not know it"),
    Case("model deleted", [DeleteModel("Pet")], CODE, "Owner delete 42P01" + GONE_TABLE,
         "its table is gone, and deleting an owner would delete the pets"),
    Case("model renamed", [RenameModel("Pet", "Animal")], NEITHER,
         "Owner delete 42P01" + GONE_TABLE, "the table has another name"),
    Case("model renamed, table kept",
         [SeparateDatabaseAndState(state_operations=[
             RenameModel("Pet", "Animal"), AlterModelTable("Animal", "pets_pet")])],
         EITHER, "", "the statements stay as they are"),
    Case("table renamed", [AlterModelTable("Pet", "animals")], NEITHER,
         "Owner delete 42P01" + GONE_TABLE, "the table has another name"),
    Case("model deleted from the state alone", [state_only(DeleteModel("Pet"))], EITHER, "",
         "the table is still there"),
    Case("proxy", [CreateModel("Dog", [], options={"proxy": True}, bases=("pets.pet",))], EITHER,
         "", "a proxy has no table"),
    Case("multi-table child", [CreateModel("Dog", [("pet_ptr", models.OneToOneField(
        "pets.Pet", models.CASCADE, parent_link=True, primary_key=True, serialize=False))],
        bases=("pets.pet",))], MIGRATE, "", "a new table"),
    Case("column of a parent dropped", [RemoveField("Pet", "nick")], CODE,
         "Dog read 42703 nick" + GONE.format("nick"),
         "the child reads its parent's columns",
         given=[CreateModel("Dog", [("pet_ptr", models.OneToOneField(
             "pets.Pet", models.CASCADE, parent_link=True, primary_key=True, serialize=False)),
             ("good", models.BooleanField(default=True))],
             bases=("pets.pet",))]),
    # SQL and Python.
    Case("trigger that refuses",
         [RunSQL("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
                 " $$ BEGIN RAISE EXCEPTION 'closed since %', now(); END $$;"
                 "CREATE TRIGGER no BEFORE UPDATE ON pets_pet FOR EACH ROW"
                 " EXECUTE FUNCTION no()")], CODE, "Pet update P0001",
         "code that does not update any more can go first", tables=("pets_pet",)),
    Case("trigger that refuses, beside a check of two columns",
         [RunSQL("CREATE TRIGGER no_update AFTER UPDATE ON pets_pet EXECUTE FUNCTION no()")],
         CODE, "Pet update P0001",
         "a column that is updated without the other was refused before as well",
         given=[AddConstraint("Pet", models.CheckConstraint(
                    name="same", **{CONDITION: Q(weight=F("age"))})),
                RunSQL("INSERT INTO pets_owner (name) VALUES ('Ann');"
                       "INSERT INTO pets_pet (name, note, age, weight, alive, kind, owner_id)"
                       " SELECT 'Rex', '', 8, 8, true, 'dog', id FROM pets_owner;"
                       "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
                       " $$ BEGIN RAISE 'no'; END $$;"
                       "CREATE TRIGGER no_insert BEFORE INSERT ON pets_pet FOR EACH ROW"
                       " EXECUTE FUNCTION no()")], tables=("pets_pet",)),
    Case("row-level security that hides",
         [RunSQL("ALTER TABLE pets_pet ENABLE ROW LEVEL SECURITY;"
                 "ALTER TABLE pets_pet FORCE ROW LEVEL SECURITY")], CODE,
         "Pet insert 42501", "without a policy no row passes; the owner is not exempt",
         tables=("pets_pet",)),
    Case("trigger that helps",
         [RunSQL("CREATE FUNCTION up() RETURNS trigger LANGUAGE plpgsql AS"
                 " $$ BEGIN NEW.name = upper(NEW.name); RETURN NEW; END $$;"
                 "CREATE TRIGGER up BEFORE INSERT ON pets_pet FOR EACH ROW"
                 " EXECUTE FUNCTION up()")], EITHER, "", "everything is accepted",
         tables=("pets_pet",)),
    Case("column by SQL that the state does not know",
         [RunSQL("ALTER TABLE pets_pet ADD COLUMN x int NOT NULL DEFAULT 3")], EITHER, "",
         "the default fills it", tables=("pets_pet",)),
    Case("required column by SQL",
         [RunSQL("ALTER TABLE pets_pet ADD COLUMN x int NOT NULL")], NEITHER,
         "Pet insert 23502 x", "no code gives it", tables=("pets_pet",)),
    Case("renamed behind a view",
         [RunSQL("ALTER TABLE pets_pet RENAME TO animals; CREATE VIEW pets_pet AS"
                 " SELECT * FROM animals")], EITHER, "",
         "a simple view is read and written like its table", tables=("pets_pet", "animals")),
    Case("data alone", [RunPython(lambda apps, editor: apps.get_model("pets", "Owner")
                                  .objects.create(name="Ann"))], EITHER, "", "no schema changes"),
]  # fmt: skip
if NEW_DJANGO:
    CASES += [
        Case("add NOT NULL with a database default",
             [AddField("Pet", "x", INT(db_default=1))], MIGRATE, "", "the server fills it"),
        Case("drop a column with a database default", [RemoveField("Pet", "x")], CODE,
             GONE.format("x"), "the server fills it until it is gone",
             given=[AddField("Pet", "x", INT(db_default=1))]),
        Case("database default added", pet("age", INT(db_default=1)), MIGRATE, "",
             "DEFAULT is NULL before"),
        Case("database default removed", pet("x", INT(default=1)), CODE, "Pet insert 23502 x",
             "old code writes DEFAULT, which is NULL now (C36)",
             given=[AddField("Pet", "x", INT(db_default=1))]),
        Case("generated column",
             [AddField("Pet", "twice", models.GeneratedField(
                 expression=F("age") * 2, output_field=INT(), db_persist=True))], MIGRATE, "",
             "old code does not name it; only the greatest ages overflow"),
    ]  # fmt: skip


def test_a_value_that_comes_back_as_another_type_is_a_caution(pets):
    replay = pets.cross(pet("born", models.DateField(null=True)))
    assert replay.order.cautions == (
        "Code that still runs and rows of new code, pets.Pet: column born writes datetime, reads "
        "date.",
        "New code and rows written before the migration, pets.Pet: column born writes date, reads "
        "datetime.",
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_change(pets, case: Case):
    if case.given:
        pets.apply(case.given)
    replay = pets.cross(case.change, tables=case.tables)
    found = [
        f"{b.model.removeprefix('pets.')} {b.kind} {b.sqlstate or '-'}"
        f" {b.cause.column or ' '.join(b.fields)}".strip()
        for b in replay.breaks
        if b.meeting is Meeting.OLD_ON_NEW
    ]
    assert sorted(found) == sorted(line for line in case.old.splitlines() if line), replay.breaks
    assert replay.order.order is case.order, replay.order
    assert (replay.coverage.share, replay.coverage.gaps) == (1.0, ())
