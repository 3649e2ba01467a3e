"""Models of a legacy database, completed by what their tables say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.schema.column import Choice, Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.database_rules import aliases_to_ask, is_unmanaged, with_database_rules
from modeler.schema.expression import ColumnRef, Literal, Opaque, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import EnumType, Schema
from modeler.schema.table import Partition, Partitioning, Table, TableKind

PLACE, OTHER = Location("default", "", "film"), Location("default", "", "studio")
ONE = Literal("integer", "1")


def more(*names: str) -> Operation:
    return Operation("and", tuple(Operation(">", (ColumnRef(name), ONE)) for name in names))


def to_studio(owner: str, **facts: object) -> Relation:
    return Relation(
        owner, "studio", RelationKind.FOREIGN_KEY, ("studio_id",), "x", OTHER, ("id",), **facts
    )  # type: ignore[arg-type]


MODEL = Table(
    "legacy.Film", PLACE, TableKind.UNMANAGED, "Film", app="legacy", label="film",
    primary_key=("id",), managed=False,
    columns=(
        Column("id", "integer", field="id", field_type="AutoField"),
        Column("title", "text", null=True, field="title", field_type="TextField", label="title",
               choices=(Choice("a", "A"),), max_length=90),
        Column("studio_id", "integer", field="studio"),
        Column("gone", "text", field="gone"),
    ),
    relations=(
        to_studio("legacy.Film", enforced=False, on_delete="DO_NOTHING", accessor="films"),
    ),
    constraints=(Constraint("of_code", ConstraintKind.CHECK, expression=more("id")),),
)  # fmt: skip
LIVE = Table(
    "default:film", PLACE, TableKind.TABLE, "film", managed=False, primary_key=("id", "studio_id"),
    columns=(
        Column("id", "bigint", identity="always"),
        Column("title", "character varying(9)", collation="C"),
        Column("studio_id", "integer", null=True),
        Column("beside", "integer"),
    ),
    relations=(
        to_studio("default:film", enforced=True, on_delete="DB_CASCADE",
                  at_owner=Cardinality.ZERO_OR_ONE, at_target=Cardinality.ZERO_OR_ONE),
    ),
    constraints=(
        Constraint("film_pkey", ConstraintKind.PRIMARY_KEY, ("id", "studio_id")),
        Constraint("film_id", ConstraintKind.CHECK, ("id",), expression=more("id")),
        Constraint("film_beside", ConstraintKind.CHECK, ("id", "beside"),
                   expression=more("id", "beside")),
        Constraint("film_key", ConstraintKind.UNIQUE, ("title", "beside")),
    ),
    indexes=(
        Index("by_title", (IndexPart("title"),), unique=True),
        Index("by_both", (IndexPart("title"), IndexPart("beside")), include=("beside", "id")),
        Index("some", (IndexPart("title"),), condition=more("beside")),
    ),
)  # fmt: skip
MOOD = EnumType(Location("default", "", "mood"), ("calm", "wild"))
LEFT_OUT = "its model leaves the column beside out"


def read(**changes: object) -> Schema:
    """Return what becomes of the model, changed."""
    models = Schema((replace(MODEL, **changes),))  # type: ignore[arg-type]
    live = Schema((LIVE,), enums=(MOOD,), vendors=(("default", "postgresql", "15.4"),))
    return with_database_rules(models, live)


@pytest.fixture
def film():
    return read().table("legacy.Film")


def test_a_column_is_what_the_table_has_with_the_words_of_the_model(film):
    assert film.columns == (
        Column("id", "bigint", identity="always", field="id"),
        Column(
            "title", "character varying(9)", collation="C", field="title", label="title",
            choices=(Choice("a", "A"),),
        ),
        Column("studio_id", "integer", null=True, field="studio"),
    )  # fmt: skip


def test_key_and_foreign_key_are_the_tables(film):
    assert film.informed
    assert film.primary_key == ("id", "studio_id")
    (relation,) = film.relations
    assert relation == to_studio(
        "legacy.Film", enforced=True, on_delete="DB_CASCADE", accessor="films",
        at_owner=Cardinality.ZERO_OR_ONE, at_target=Cardinality.ZERO_OR_ONE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "held", "kind"),
    [
        (RelationKind.ONE_TO_ONE, RelationKind.FOREIGN_KEY, RelationKind.FOREIGN_KEY),
        (RelationKind.FOREIGN_KEY, RelationKind.ONE_TO_ONE, RelationKind.ONE_TO_ONE),
        (RelationKind.PARENT_LINK, RelationKind.ONE_TO_ONE, RelationKind.PARENT_LINK),
    ],
)
def test_the_kind_is_that_of_the_key(said, held, kind):
    model = replace(MODEL, relations=(replace(MODEL.relations[0], kind=said),))
    live = replace(LIVE, relations=(replace(LIVE.relations[0], kind=held),))
    found = with_database_rules(Schema((model,)), Schema((live,)))
    assert found.tables[0].relations[0].kind == kind


def test_what_django_deletes_it_goes_on_deleting():
    found = read(relations=(to_studio("legacy.Film", on_delete="CASCADE"),))
    assert found.table("legacy.Film").relations[0].on_delete == "CASCADE"


@pytest.mark.parametrize(
    "facts",
    [
        {"inherited": True},
        {"partition": Partition(OTHER, "FOR VALUES IN (1)")},
        {"partitioning": Partitioning("list", (ColumnRef("id"),))},
    ],
)
def test_where_rows_lie_is_the_tables(facts):
    live = Schema((replace(LIVE, **facts),))
    (table,) = with_database_rules(Schema((MODEL,)), live).tables
    assert {name: getattr(table, name) for name in facts} == facts


def test_a_relation_without_a_foreign_key_is_held_by_nothing():
    models = Schema((MODEL,))
    live = Schema((replace(LIVE, relations=()),))
    (relation,) = with_database_rules(models, live).table("legacy.Film").relations
    assert (relation.enforced, relation.on_delete) == (False, "DO_NOTHING")


def test_rules_are_the_tables_and_those_of_an_unknown_column_cannot_be_read(film):
    by_name = {rule.name: rule for rule in (*film.constraints, *film.indexes)}
    assert "of_code" not in by_name
    assert by_name["film_id"].expression == more("id")
    check = by_name["film_beside"]
    assert check.columns == ("id",)
    assert check.expression == Opaque("id > 1 AND beside > 1", LEFT_OUT)
    unread = IndexPart(expression=Opaque("beside", LEFT_OUT))
    assert by_name["film_key"].parts == (IndexPart("title"), unread)
    assert by_name["by_title"] == LIVE.indexes[0]
    assert by_name["by_both"].parts == (IndexPart("title"), unread)
    assert by_name["by_both"].include == ("id",)
    assert by_name["some"].condition == Opaque("beside > 1", LEFT_OUT)


def test_a_column_that_is_not_there_is_left_out_and_told():
    found = read()
    assert found.unread == (("legacy.Film.gone", f"left out: {PLACE} has no such column"),)
    over_it = read(
        primary_key=("gone",), relations=(replace(MODEL.relations[0], columns=("gone",)),)
    ).table("legacy.Film")
    assert (over_it.primary_key, over_it.relations) == (("id", "studio_id"), ())


@pytest.mark.parametrize(
    ("model", "live", "key"),
    [
        (("id",), (), ("id",)),  # a view, or a table without a key: the model's word
        (("gone",), (), ()),  # Django's own id, where a table has none
        (("id",), ("id", "beside"), ()),  # a part of it is not in the model
    ],
)
def test_the_key(model, live, key):
    models = Schema((replace(MODEL, primary_key=model),))
    found = with_database_rules(models, Schema((replace(LIVE, primary_key=live),)))
    assert found.tables[0].primary_key == key


@pytest.mark.parametrize(
    "changes",
    [
        {"managed": True, "kind": TableKind.MODEL},
        {"kind": TableKind.PROXY},
        {"app": "", "kind": TableKind.TABLE},
        {"location": Location("events", "", "film")},
        {"location": None},
    ],
)
def test_any_other_table_stays_as_it_is(changes):
    model = replace(MODEL, **changes)
    found = read(**changes)
    assert found.tables == (model,)
    assert found.enums == (MOOD,)


def test_made_twice_it_stays_the_same():
    live = Schema((LIVE,), enums=(MOOD,))
    once = with_database_rules(Schema((MODEL,)), live)
    assert with_database_rules(once, live) == once


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, {"default"}),
        ({"managed": True}, set()),
        ({"managed": True, "columns": (Column("m", "mood"),)}, {"default"}),
        ({"managed": True, "columns": (Column("m", "other.mood"),)}, {"default"}),
        ({"managed": True, "columns": (Column("m", "mood[]", element=Column("", "mood")),)},
         {"default"}),
        ({"managed": True, "columns": (Column("m", '"Mood"'),)}, {"default"}),
        ({"managed": True, "columns": tuple(
            Column(str(n), kind) for n, kind in enumerate((
                "integer", "double precision", "character varying(9)", "numeric(9,2)",
                "timestamp with time zone", "timestamp(3) without time zone", "bit varying(9)",
                "text[]", "time with time zone", "interval", "int4range", "tsvector", "",
                "bit(3)", "hstore", "citext",
            ))
        )}, set()),
        ({"location": None}, set()),
    ],
)  # fmt: skip
def test_only_a_database_that_knows_more_is_asked(changes, asked):
    assert aliases_to_ask(Schema((replace(MODEL, **changes),))) == asked


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, True),
        ({"kind": TableKind.JOIN}, True),
        ({"kind": TableKind.CHILD}, True),
        ({"kind": TableKind.PROXY}, False),
        ({"app": ""}, False),
        ({"managed": True}, False),
    ],
)
def test_what_is_unmanaged(changes, said):
    assert is_unmanaged(replace(MODEL, **changes)) is said
