from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.spec import collection_specs
from modeler.schema.column import Choice, Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Cast, ColumnRef, Function, Literal, Opaque, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

STATUS = ColumnRef("status")
VECTOR = Function("to_tsvector", (ColumnRef("name"),))
TABLE = Table(
    "shop.Order", Location("default", "", "shop_order"), TableKind.MODEL, "Order", app="shop",
    primary_key=("id",),
    columns=(
        Column("id", "uuid", field_type="UUIDField"),
        Column("status", "character varying(8)", field_type="CharField",
               choices=(Choice("open", "Open"), Choice("paid", "Paid"), Choice("gone", "Gone"))),
        Column("name", "text", field_type="TextField"),
        Column("email", "text", field_type="TextField", null=True),
        Column("total", "numeric(9,2)", field_type="DecimalField", max_digits=9, decimal_places=2),
        Column("active", "boolean", field_type="BooleanField"),
        Column("deleted", "timestamp with time zone", field_type="DateTimeField", null=True),
        Column("extra", "jsonb", field_type="JSONField"),
        Column("marks", "integer[]", field_type="ArrayField",
               element=Column("", "integer", field_type="IntegerField")),
        Column("vector", "tsvector", field_type="SearchVectorField", generated=Generated(VECTOR)),
    ),
)  # fmt: skip


def part(*names: str) -> tuple[IndexPart, ...]:
    return tuple(IndexPart(name.lstrip("-"), descending=name.startswith("-")) for name in names)


def text(value: str) -> Literal:
    return Literal("text", value)


def plan(*, indexes: tuple[Index, ...] = (), constraints: tuple[Constraint, ...] = ()):
    table = replace(TABLE, indexes=indexes, constraints=constraints)
    (spec,) = collection_specs(Schema((table,)))
    made = [(index.keys, dict(index.options)) for index in spec.indexes]
    lost = [f.message for f in spec.findings if f.code == "MS201"]
    return made, lost


EQUAL_OPEN = Operation("=", (STATUS, text("open")))
CARRIED = [
    ("order kept", Index("i", part("status", "-total")), [((("status", 1), ("total", -1)), {})]),
    ("condition", Index("i", part("name"), condition=EQUAL_OPEN),
     [((("name", 1),), {"partialFilterExpression": {"status": "open"}})]),
    ("casts of the server", Index("i", part("name"), condition=Operation(
        "=", (Cast(STATUS, "text"), Cast(text("open"), "text")))),
     [((("name", 1),), {"partialFilterExpression": {"status": "open"}})]),
    ("choices", Index("i", part("name"), condition=Operation(
        "in", (STATUS, text("open"), text("paid")))),
     [((("name", 1),), {"partialFilterExpression": {"status": {"$in": ["open", "paid"]}}})]),
    ("negated choice", Index("i", part("name"), condition=Operation("not", (EQUAL_OPEN,))),
     [((("name", 1),), {"partialFilterExpression": {"status": {"$in": ["paid", "gone"]}}})]),
    ("boolean", Index("i", part("name"), condition=ColumnRef("active")),
     [((("name", 1),), {"partialFilterExpression": {"active": True}})]),
    ("null", Index("i", part("name"), condition=Operation("is-null", (ColumnRef("deleted"),))),
     [((("name", 1),), {"partialFilterExpression": {"deleted": None}})]),
    ("mirrored comparison", Index("i", part("name"), condition=Operation(
        "<", (Literal("decimal", "5.00"), ColumnRef("total")))),
     [((("name", 1),), {"partialFilterExpression": {
         "total": {"$gt": {"$numberDecimal": "5.00"}}}})]),
    ("and", Index("i", part("name"), condition=Operation(
        "and", (EQUAL_OPEN, ColumnRef("active")))),
     [((("name", 1),), {"partialFilterExpression": {"status": "open", "active": True}})]),
    ("lower", Index("i", (IndexPart(expression=Function("lower", (ColumnRef("name"),))),),
                    unique=True),
     [((("name", 1),), {"collation": {"locale": "en", "strength": 2}, "unique": True})]),
    ("include", Index("i", part("status"), include=("total",)),
     [((("status", 1), ("total", 1)), {})]),
    ("unique include", Index("i", part("status"), include=("total",), unique=True),
     [((("status", 1),), {"unique": True}), ((("status", 1), ("total", 1)), {})]),
    ("hash", Index("i", part("name"), method="hash"), [((("name", "hashed"),), {})]),
    ("brin", Index("i", part("deleted"), method="brin"), [((("deleted", 1),), {})]),
    ("gin json", Index("i", part("extra"), method="gin"), [((("extra.$**", 1),), {})]),
    ("gin array", Index("i", part("marks"), method="gin"), [((("marks", 1),), {})]),
    ("search", Index("i", part("vector"), method="gin"),
     [((("name", "text"),), {"default_language": "none"})]),
    ("like twin", Index("i", part("name"), source="like"), []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "index", "made"), CARRIED, ids=[case[0] for case in CARRIED])
def test_carried(name, index, made):
    assert plan(indexes=(index,)) == (made, [])


LOST = [
    ("expression", Index("i", (IndexPart(expression=Operation("+", (STATUS, STATUS))),)),
     "an expression would need a field that stores its result"),
    ("columns compared", Index("i", part("name"), condition=Operation(
        "=", (STATUS, ColumnRef("name")))),
     "it compares columns with each other or with what changes, not with constants"),
    ("free negation", Index("i", part("name"), condition=Operation(
        "not", (Operation("=", (ColumnRef("name"), text("x"))),))),
     "MongoDB's partial filters have no negation, and name no choices"),
    ("opaque", Index("i", part("name"), condition=Opaque("f(x)")),
     "the condition has a part that only PostgreSQL can evaluate"),
    ("json path", Index("i", part("name"), condition=Operation(
        "=", (ColumnRef("extra", ("a",)), text("x")))),
     "it looks inside the JSON of extra"),
    ("gist", Index("i", part("name"), method="gist"),
     "MongoDB has no counterpart of the method gist"),
    ("trigram", Index("i", (IndexPart("name", operator_class="gin_trgm_ops"),), method="gin"),
     "trigrams need Atlas Search or a field of n-grams"),
    ("two cases", Index("i", (IndexPart(expression=Function("lower", (ColumnRef("name"),))),
                              IndexPart("status"))),
     "it compares one text with and another without case; a collation rules all"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "index", "reason"), LOST, ids=[case[0] for case in LOST])
def test_not_carried_is_said_with_the_reason(name, index, reason):
    assert plan(indexes=(index,)) == ([], [f"i is not carried: {reason}."])


@pytest.mark.parametrize(
    ("constraint", "options"),
    [
        (Constraint("u", ConstraintKind.UNIQUE, ("name",)), {"unique": True}),
        (
            Constraint("u", ConstraintKind.UNIQUE, ("email",)),
            {"unique": True, "partialFilterExpression": {"email": {"$gte": ""}}},
        ),
        (
            Constraint("u", ConstraintKind.UNIQUE, ("email",), nulls_distinct=False),
            {"unique": True},
        ),
        (
            Constraint("u", ConstraintKind.UNIQUE, ("email",), condition=EQUAL_OPEN),
            {
                "unique": True,
                "partialFilterExpression": {"status": "open", "email": {"$gte": ""}},
            },
        ),
    ],
)
def test_unique_constraints(constraint, options):
    made, lost = plan(constraints=(constraint,))
    assert ([m[1] for m in made], lost) == ([options], [])


def test_exclusion_is_said():
    constraint = Constraint("apart", ConstraintKind.EXCLUSION, ("name",), method="gist")
    assert plan(constraints=(constraint,)) == (
        [], ["apart is not carried: MongoDB has no exclusion constraints."],
    )  # fmt: skip


def test_an_index_that_begins_another_is_left_out_but_a_unique_one_stays():
    short, long = Index("a", part("status")), Index("b", part("status", "total"))
    assert [keys for keys, _ in plan(indexes=(short, long))[0]] == [(("status", 1), ("total", 1))]
    assert len(plan(indexes=(replace(short, unique=True), long))[0]) == 2
    assert len(plan(indexes=(short, replace(long, unique=True)))[0]) == 1
    partial = replace(long, unique=True, condition=EQUAL_OPEN)
    assert len(plan(indexes=(short, partial))[0]) == 2


def test_a_second_text_index_is_said():
    first = Index("first", part("vector"), method="gin")
    other = Index("second", (IndexPart(expression=Function("f", (STATUS,))),), method="gin")
    made, lost = plan(indexes=(first, other))
    assert [keys for keys, _ in made] == [(("name", "text"),)]
    assert lost == [
        "second is not carried: a collection can have one text index alone; "
        "merge it into the first by hand."
    ]


def test_names_follow_from_what_the_index_is():
    (first,), (second,) = (
        [i.name for i in collection_specs(Schema((replace(TABLE, indexes=(index,)),)))[0].indexes]
        for index in (Index("a", part("name")), Index("b", part("name")))
    )
    assert first == second


def test_a_unique_index_stands_for_a_plain_one_of_the_same_key():
    # The server would refuse the second (IndexOptionsConflict).
    made, lost = plan(
        indexes=(Index("plain", part("name")), Index("one", part("name"), unique=True))
    )
    assert (made, lost) == ([((("name", 1),), {"unique": True})], [])
