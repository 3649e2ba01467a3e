"""Differences between two schemas: one edit, one named change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.differences import differences
from modeler.schema.expression import ColumnRef, Literal, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import DomainType, EnumType, Schema
from modeler.schema.table import Table, TableKind, Trigger

POSITIVE = Operation(">", (ColumnRef("price"), Literal("integer", "0")))
PRICE = Column("price", "integer", field="price")
NAME = Column("name", "text", field="name")
CHECK = Constraint("positive", ConstraintKind.CHECK, ("price",), expression=POSITIVE)
INDEX = Index("by_price", (IndexPart("price"), IndexPart("name")))
OWNER = Relation("shop.Item", "owner", RelationKind.FOREIGN_KEY, ("owner_id",), "shop.Owner")
TRIGGER = Trigger("moved", "before", ("update",), "row", "touch")
ITEM = Table(
    "shop.Item", Location("default", "", "shop_item"), TableKind.MODEL, "Item", "shop",
    primary_key=("id",), columns=(Column("id", "bigint"), NAME, PRICE), relations=(OWNER,),
    indexes=(INDEX,), constraints=(CHECK,), triggers=(TRIGGER,),
)  # fmt: skip
SCHEMA = Schema((ITEM,))
COLOUR = EnumType(Location("default", "", "colour"), ("red",))
LOW = Constraint("low", ConstraintKind.CHECK, ("value",), expression=ColumnRef("value"))
EVEN = replace(LOW, name="even")
YEAR = DomainType(Location("default", "", "year"), "integer", checks=(LOW,))


def edited(**parts: object) -> Schema:
    return Schema((replace(ITEM, **parts),))  # type: ignore[arg-type]


def with_price(price: Column) -> Schema:
    return edited(columns=(*ITEM.columns[:2], price))


ADDED, REMOVED, RENAMED, ALTERED = ChangeKind
COST = replace(PRICE, name="cost", field="cost")
CASES: dict[str, tuple[Schema, Schema, list[Change]]] = {
    "table added": (Schema(), SCHEMA, [Change(ADDED, Part.TABLE, "shop.Item", after=ITEM)]),
    "table removed": (SCHEMA, Schema(), [Change(REMOVED, Part.TABLE, "shop.Item", before=ITEM)]),
    "table renamed": (
        SCHEMA,
        Schema((replace(ITEM, key="shop.Thing", name="Thing"),)),
        [Change(RENAMED, Part.TABLE, "shop.Thing", before="shop.Item", after="shop.Thing")],
    ),
    "column added": (
        edited(columns=ITEM.columns[:2]), SCHEMA,
        [Change(ADDED, Part.COLUMN, "shop.Item.price", after=PRICE)],
    ),
    "column altered": (
        SCHEMA, with_price(replace(PRICE, null=True, database_type="bigint")),
        [
            Change(ALTERED, Part.COLUMN, "shop.Item.price", "database_type", "integer", "bigint"),
            Change(ALTERED, Part.COLUMN, "shop.Item.price", "null", before=False, after=True),
        ],
    ),
    "column renamed, with the index and the check that speak of it": (
        SCHEMA,
        edited(
            columns=(*ITEM.columns[:2], COST),
            indexes=(replace(INDEX, parts=(IndexPart("cost"), IndexPart("name"))),),
            constraints=(replace(
                CHECK, columns=("cost",),
                expression=Operation(">", (ColumnRef("cost"), Literal("integer", "0"))),
            ),),
        ),
        [
            Change(RENAMED, Part.COLUMN, "shop.Item.cost", before="price", after="cost"),
            Change(ALTERED, Part.COLUMN, "shop.Item.cost", "field", "price", "cost"),
        ],
    ),
    "comment": (
        SCHEMA, edited(comment="sold"),
        [Change(ALTERED, Part.TABLE, "shop.Item", "comment", "", "sold")],
    ),
    "index renamed": (
        SCHEMA, edited(indexes=(replace(INDEX, name="by_cost"),)),
        [Change(RENAMED, Part.INDEX, "shop.Item.by_cost", before="by_price", after="by_cost")],
    ),
    "constraint altered": (
        SCHEMA, edited(constraints=(replace(CHECK, valid=False),)),
        [
            Change(
                ALTERED, Part.CONSTRAINT, "shop.Item.positive", "valid", before=True, after=False
            )
        ],
    ),
    "relation altered": (
        SCHEMA, edited(relations=(replace(OWNER, on_delete="CASCADE"),)),
        [Change(ALTERED, Part.RELATION, "shop.Item.owner", "on_delete", "", "CASCADE")],
    ),
    "trigger removed": (
        SCHEMA, edited(triggers=()),
        [Change(REMOVED, Part.TRIGGER, "shop.Item.moved", before=TRIGGER)],
    ),
    "enum altered": (
        Schema(enums=(COLOUR,)), Schema(enums=(replace(COLOUR, values=("red", "blue")),)),
        [Change(ALTERED, Part.ENUM, "default:colour", "values", ("red",), ("red", "blue"))],
    ),
    "domain removed": (
        Schema(domains=(YEAR,)), Schema(),
        [Change(REMOVED, Part.DOMAIN, "default:year", before=YEAR)],
    ),
    "domain altered": (
        Schema(domains=(YEAR,)),
        Schema(domains=(replace(YEAR, not_null=True, checks=(LOW, EVEN)),)),
        [
            Change(ALTERED, Part.DOMAIN, "default:year", "check even", None, EVEN),
            Change(ALTERED, Part.DOMAIN, "default:year", "not_null", before=False, after=True),
        ],
    ),
    "domain of an extension": (
        Schema(), Schema(domains=(replace(YEAR, compared=False),)), [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=list(CASES))
def test_one_edit_is_one_named_change(old: Schema, new: Schema, expected: list[Change]) -> None:
    assert sorted(differences(old, new), key=str) == sorted(expected, key=str)


def test_two_columns_of_one_shape_are_no_renames() -> None:
    old = edited(columns=(Column("a", "text"), Column("b", "text")), primary_key=())
    new = edited(columns=(Column("c", "text"), Column("d", "text")), primary_key=())
    assert [(str(c.kind), c.path) for c in differences(old, new)] == [
        ("removed", "shop.Item.a"), ("removed", "shop.Item.b"),
        ("added", "shop.Item.c"), ("added", "shop.Item.d"),
    ]  # fmt: skip


def test_lines_for_people() -> None:
    changes = differences(SCHEMA, with_price(replace(PRICE, null=True)))
    assert [str(change) for change in changes] == [
        "altered column shop.Item.price: null False -> True"
    ]


EDITS: list[Callable[[Table], Table]] = [
    lambda t: replace(t, comment=t.comment + "x"),
    lambda t: replace(t, columns=t.columns[1:]),
    lambda t: replace(t, columns=tuple(replace(c, null=not c.null) for c in t.columns)),
    lambda t: replace(t, indexes=()),
    lambda t: replace(t, constraints=t.constraints[:1]),
    lambda t: replace(t, managed=not t.managed),
]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_nothing_changes_into_itself_and_edits_are_seen_both_ways(
    registry: Schema, data: st.DataObject
) -> None:
    assert differences(registry, registry) == ()
    table = data.draw(st.sampled_from(registry.tables))
    edit = data.draw(st.sampled_from(EDITS))
    changed = edit(table)
    other = replace(registry, tables=tuple(changed if t is table else t for t in registry.tables))
    there, back = differences(registry, other), differences(other, registry)
    assert (there == ()) == (changed == table)
    assert {c.path for c in there} == {c.path for c in back}
    assert there == differences(registry, other)
    turned = {ADDED: REMOVED, REMOVED: ADDED, RENAMED: RENAMED, ALTERED: ALTERED}
    assert sorted((turned[c.kind], c.part, c.path) for c in back) == sorted(
        (c.kind, c.part, c.path) for c in there
    )
