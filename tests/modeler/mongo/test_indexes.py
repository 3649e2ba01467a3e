from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.aggregate import Aggregate
from modeler.mongo.server_features import OLDEST
from modeler.mongo.spec import aggregate_specs, collection_specs
from modeler.mongo.validator import validator
from modeler.schema.column import Choice, Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Cast, ColumnRef, Function, Literal, Opaque, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

STATUS = ColumnRef("status")
NOT_EMPTY = Operation("<>", (ColumnRef("name"), Literal("text", "")))
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


def plan(
    *,
    indexes: tuple[Index, ...] = (),
    constraints: tuple[Constraint, ...] = (),
    server: tuple[int, ...] = OLDEST,
):
    table = replace(TABLE, indexes=indexes, constraints=constraints)
    (spec,) = collection_specs(Schema((table,)), server=server)
    made = [(index.keys, dict(index.options)) for index in spec.indexes]
    lost = [f.message for f in spec.findings if f.code == "MS201"]
    return made, lost


LOWER = Function("lower", (ColumnRef("name"),))
DOUBLE = Operation("*", (ColumnRef("total"), Literal("integer", "2")))
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
    ("lower", Index("i", (IndexPart(expression=Function("lower", (ColumnRef("name"),))),)),
     [((("name", 1),), {"collation": {"locale": "en", "strength": 2}})]),
    ("include", Index("i", part("status"), include=("total",)),
     [((("status", 1), ("total", 1)), {})]),
    ("unique include", Index("i", part("status"), include=("total",), unique=True),
     [((("status", 1),), {"unique": True}), ((("status", 1), ("total", 1)), {})]),
    ("hash", Index("i", part("name"), method="hash"), [((("name", "hashed"),), {})]),
    ("hash of some rows", Index("i", part("name"), method="hash", condition=NOT_EMPTY),
     [((("name", "hashed"),), {})]),
    ("brin", Index("i", part("deleted"), method="brin"), [((("deleted", 1),), {})]),
    ("gin json", Index("i", part("extra"), method="gin"), [((("extra.$**", 1),), {})]),
    ("gin array", Index("i", part("marks"), method="gin"), [((("marks", 1),), {})]),
    ("search", Index("i", part("vector"), method="gin"),
     [((("name", "text"),), {"default_language": "none", "language_override": "_language"})]),
    ("gin json below", Index("i", (IndexPart(expression=ColumnRef("extra", ("a", "b"))),),
                             method="gin"), [((("extra.a.b.$**", 1),), {})]),
    ("gin with a condition", Index("i", part("extra"), method="gin", condition=EQUAL_OPEN),
     [((("extra.$**", 1),), {"partialFilterExpression": {"status": "open"}})]),
    ("path of JSON", Index("i", (IndexPart(expression=ColumnRef("extra", ("a",))),)),
     [((("extra.a", 1),), {})]),
    ("hash of JSON", Index("i", part("extra"), method="hash"), [((("extra", 1),), {})]),
    ("like twin", Index("i", part("name"), source="like"), []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "index", "made"), CARRIED, ids=[case[0] for case in CARRIED])
def test_carried(name, index, made):
    assert plan(indexes=(index,)) == (made, [])


NOT_X = Operation("not", (Operation("=", (ColumnRef("name"), text("x"))),))
REWRITTEN = [
    ("unique lower", Index("i", (IndexPart(expression=LOWER),), unique=True),
     [((("lower__name", 1),), {"unique": True})], {"lower__name": "lower(name)"}),
    ("unique lower of what may be NULL",
     Index("i", (IndexPart(expression=Function("lower", (ColumnRef("email"),))),), unique=True),
     [((("lower__email", 1),), {"unique": True,
                                "partialFilterExpression": {"lower__email": {"$gte": ""}}})],
     {"lower__email": "lower(email)"}),
    ("two cases", Index("i", (IndexPart(expression=LOWER), IndexPart("status"))),
     [((("lower__name", 1), ("status", 1)), {})], {"lower__name": "lower(name)"}),
    ("descending", Index("i", (IndexPart(expression=DOUBLE, descending=True),)),
     [((("total__times__2", -1),), {})], {"total__times__2": "total * 2"}),
    ("hash", Index("i", (IndexPart(expression=DOUBLE),), method="hash"),
     [((("total__times__2", "hashed"),), {})], {"total__times__2": "total * 2"}),
    ("columns compared", Index("i", part("name"), condition=Operation(
        "=", (STATUS, ColumnRef("name")))),
     [((("name", 1),), {"partialFilterExpression": {"status__is__name": True}})],
     {"status__is__name": "status = name"}),
    ("free negation", Index("i", part("name"), condition=NOT_X),
     [((("name", 1),), {"partialFilterExpression": {"name__is_not__x": True}})],
     {"name__is_not__x": "NOT name = 'x'"}),
    ("half of it", Index("i", part("name"), condition=Operation("and", (EQUAL_OPEN, NOT_X))),
     [((("name", 1),), {"partialFilterExpression": {"status": "open",
                                                    "name__is_not__x": True}})],
     {"name__is_not__x": "NOT name = 'x'"}),
    ("order of texts", Index("i", part("status"), condition=Operation(
        ">", (ColumnRef("name"), text("m")))),
     [((("status", 1),), {"partialFilterExpression": {"name__above__m": True}})],
     {"name__above__m": "name > 'm'"}),
    ("json path", Index("i", part("name"), condition=Operation(
        "=", (ColumnRef("extra", ("a",)), Literal("json", "1")))),
     [((("name", 1),), {"partialFilterExpression": {"extra__a__is__1__8b6ee3": True}})],
     {"extra__a__is__1__8b6ee3": "extra -> 'a' = '1'::jsonb"}),
    ("array as a whole", Index("i", part("marks"), unique=True),
     [((("marks__as__text__79a215", 1),), {"unique": True})],
     {"marks__as__text__79a215": "marks::text"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "index", "made", "formulas"), REWRITTEN, ids=[case[0] for case in REWRITTEN]
)
def test_rewritten_to_a_field_that_postgresql_computes(name, index, made, formulas):
    assert plan(indexes=(index,)) == (made, [])
    (spec,) = collection_specs(Schema((replace(TABLE, indexes=(index,)),)))
    fields = {one.name: one.formula.sql for one in spec.fields if one.formula is not None}
    assert fields == formulas
    said = [one.message for one in spec.findings if one.code == "MS205"]
    told = "; ".join(f"{field} is {sql}, computed by PostgreSQL" for field, sql in fields.items())
    assert said == [f"i is rewritten: {told}."]
    assert told in spec.indexes[0].note
    assert set(formulas) <= set(validator(spec)["$jsonSchema"]["required"])


def test_a_name_that_a_column_has_is_left_to_it():
    column = Column("lower__name", "text", field_type="TextField")
    index = Index("i", (IndexPart(expression=LOWER),), unique=True)
    table = replace(TABLE, columns=(*TABLE.columns, column), indexes=(index,))
    (spec,) = collection_specs(Schema((table,)))
    assert [one.keys for one in spec.indexes] == [((("lower__name__af231f"), 1),)]


def test_two_indexes_share_the_field_of_one_expression():
    one = Index("one", (IndexPart(expression=LOWER),), unique=True)
    two = Index("two", (IndexPart(expression=LOWER), IndexPart("total")), condition=NOT_X)
    table = replace(TABLE, indexes=(one, two))
    (spec,) = collection_specs(Schema((table,)))
    fields = [field.name for field in spec.fields if field.formula is not None]
    assert fields == ["lower__name", "name__is_not__x"]


def test_a_service_that_writes_the_documents_gets_no_such_field():
    indexes = (
        Index("lowered", (IndexPart(expression=LOWER),), unique=True),
        Index("doubled", (IndexPart(expression=DOUBLE),)),
        Index("other", part("name"), condition=NOT_X),
    )
    schema = Schema((replace(TABLE, indexes=indexes),))
    (spec,) = aggregate_specs(schema, [Aggregate("shop.Order", follow=False)])
    assert [field.name for field in spec.fields if field.formula is not None] == []
    assert [(one.source, dict(one.options)) for one in spec.indexes] == [
        ("lowered", {"collation": {"locale": "en", "strength": 2}, "unique": True})
    ]
    why = "it needs a field that PostgreSQL computes, and a service writes these documents"
    assert [one.message for one in spec.findings if one.code == "MS201"] == [
        f"doubled is not carried: {why}.", f"other is not carried: {why}.",
    ]  # fmt: skip


def test_a_column_that_documents_leave_out_is_in_no_formula():
    index = Index(
        "i", (IndexPart(expression=Function("lower", (ColumnRef("email"),))),), unique=True
    )
    schema = Schema((replace(TABLE, indexes=(index,)),))
    (spec,) = aggregate_specs(schema, [Aggregate("shop.Order", columns=("id", "name"))])
    assert ([one.name for one in spec.fields], spec.indexes) == (["name"], ())
    assert [one.message for one in spec.findings if one.code == "MS201"] == [
        "i is not carried: the document does not hold the column email."
    ]


LOST = [
    ("expression without a type", Index("i", (IndexPart(expression=Function("mine", (STATUS,))),)),
     "what the function mine returns is not known"),
    ("opaque", Index("i", part("name"), condition=Opaque("f(x)", "it has a subquery")),
     "it has a subquery"),
    ("unique JSON", Index("i", part("extra"), unique=True),
     "values of jsonb are the same by other rules in MongoDB"),
    ("unique path of JSON", Index("i", (IndexPart(expression=ColumnRef("extra", ("a",))),),
                                  unique=True),
     "values of JSON are the same by other rules in MongoDB"),
    ("two arrays", Index("i", part("marks", "extra")),
     "several of its fields may hold arrays, of which MongoDB indexes one"),
    ("two arrays in GIN", Index("i", part("marks", "extra"), method="gin"),
     "MongoDB cannot index two arrays or documents together"),
    ("gist", Index("i", part("name"), method="gist"),
     "MongoDB has no counterpart of the method gist"),
    ("trigram", Index("i", (IndexPart("name", operator_class="gin_trgm_ops"),), method="gin"),
     "trigrams need Atlas Search or a field of n-grams"),
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
