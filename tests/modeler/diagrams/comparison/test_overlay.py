"""The picture of changes: nothing is lost, every change has one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeler.diagrams.comparison.marks import Overlay, changed_and_near, to_document
from modeler.diagrams.comparison.overlay import overlay
from modeler.schema.changes import ChangeKind, Part
from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.database_view import table_of_location
from modeler.schema.differences import differences
from modeler.schema.expression import ColumnRef, Literal, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import App, DomainType, Origin, OriginKind, Schema
from modeler.schema.table import Table, TableKind

OWNER = Table(
    "people.Owner", Location("default", "", "people_owner"), TableKind.MODEL, "Owner", "people",
    primary_key=("id",), columns=(Column("id", "bigint", field="id"),),
)  # fmt: skip
LINK = Relation(
    "shop.Item", "owner", RelationKind.FOREIGN_KEY, ("owner_id",), "people.Owner",
    OWNER.location, ("id",),
)  # fmt: skip
PRICE = Column("price", "numeric(10,2)", field="price")
ITEM = Table(
    "shop.Item", Location("default", "", "shop_item"), TableKind.MODEL, "Item", "shop",
    primary_key=("id",),
    columns=(
        Column("id", "bigint", field="id"), PRICE, Column("owner_id", "bigint", field="owner")
    ),
    relations=(LINK,),
    indexes=(Index("by_price", (IndexPart("price"),)),),
    constraints=(
        Constraint("", ConstraintKind.FOREIGN_KEY, ("owner_id",), target=OWNER.location,
                   target_columns=("id",), source="field"),
    ),
)  # fmt: skip
APPS = (App("people", "people", "People"), App("shop", "shop", "The shop"))
VENDORS = (("default", "postgresql", ""),)
SCHEMA = Schema((OWNER, ITEM), APPS, vendors=VENDORS, origin=Origin(OriginKind.REGISTRY))
LOW = Constraint(
    "low", ConstraintKind.CHECK, ("value",),
    expression=Operation(">", (ColumnRef("value"), Literal("integer", "0"))),
)  # fmt: skip
HIGH = replace(LOW, name="high")
YEAR = DomainType(Location("default", "", "year"), "integer", not_null=True, checks=(LOW,))
ACTIVE = Operation("=", (ColumnRef("price"), Literal("integer", "0")))


def with_item(**parts: object) -> Schema:
    return replace(SCHEMA, tables=(OWNER, replace(ITEM, **parts)))  # type: ignore[arg-type]


def live(*tables: Table) -> Schema:
    """The same tables as a server shows them."""
    made = tuple(
        replace(
            table, key=str(table.location), kind=TableKind.TABLE, app="",
            name=table.location.table,
            columns=tuple(replace(c, field="") for c in table.columns),
            relations=tuple(
                replace(r, owner=str(table.location), field="item_owner_fk",
                        target=str(r.target_location))
                for r in table.relations
            ),
            constraints=tuple(replace(c, name="item_owner_fk", source="database")
                              for c in table.constraints),
            managed=False,
        )
        for table in tables if table.location
    )  # fmt: skip
    return Schema(made, vendors=VENDORS, origin=Origin(OriginKind.DATABASE))


def lines(found: Overlay) -> list[str]:
    return [
        f"{table.key}: {entry.sentence}"
        for app in found.apps
        for table in app.tables
        for entry in table.entries
    ]


COLUMNS = ITEM.columns
SENTENCES: dict[str, tuple[Schema, Schema, list[str]]] = {
    "type": (
        SCHEMA, with_item(columns=(COLUMNS[0], replace(PRICE, database_type="numeric(12,2)"),
                                   COLUMNS[2])),
        ["shop.Item: column price: numeric(10,2) → numeric(12,2)"],
    ),
    "null": (
        SCHEMA, with_item(columns=(COLUMNS[0], replace(PRICE, null=True), COLUMNS[2])),
        ["shop.Item: column price: NOT NULL → may be NULL"],
    ),
    "default": (
        SCHEMA,
        with_item(columns=(COLUMNS[0],
                           replace(PRICE, database_default=Literal("integer", "0")), COLUMNS[2])),
        ["shop.Item: column price: database default added: 0"],
    ),
    "predicate": (
        SCHEMA, with_item(indexes=(replace(ITEM.indexes[0], condition=ACTIVE),)),
        ["shop.Item: index by_price: predicate added: WHERE (price = 0)"],
    ),
    "column removed": (
        SCHEMA, with_item(columns=(COLUMNS[0], COLUMNS[2]), indexes=()),
        [
            "shop.Item: column price removed: numeric(10,2) NOT NULL",
            "shop.Item: index by_price removed: btree (price)",
        ],
    ),
    "column renamed": (
        SCHEMA, with_item(columns=(COLUMNS[0], replace(PRICE, name="cost"), COLUMNS[2]),
                          indexes=(Index("by_price", (IndexPart("cost"),)),)),
        ["shop.Item: column cost: renamed price → cost"],
    ),
    "relation": (
        SCHEMA, with_item(relations=(replace(LINK, on_delete="CASCADE"),)),
        ["shop.Item: relation owner: on delete added: CASCADE"],
    ),
    "domain came": (
        SCHEMA, replace(SCHEMA, domains=(YEAR,)),
        [": domain default:year added: integer NOT NULL check (value > 0)"],
    ),
    "domain left": (
        replace(SCHEMA, domains=(YEAR,)), SCHEMA,
        [": domain default:year removed: integer NOT NULL check (value > 0)"],
    ),
    "domain": (
        replace(SCHEMA, domains=(YEAR,)),
        replace(SCHEMA, domains=(replace(YEAR, base="bigint", not_null=False, checks=(HIGH,)),)),
        [
            ": domain default:year: base integer → bigint",
            ": domain default:year: check high added: check (value > 0)",
            ": domain default:year: check low removed: check (value > 0)",
            ": domain default:year: NOT NULL → may be NULL",
        ],
    ),
    "table": (
        SCHEMA, replace(SCHEMA, tables=(OWNER,)), ["shop.Item: table removed: 3 columns"],
    ),
    "table renamed": (
        SCHEMA,
        replace(SCHEMA, tables=(OWNER, replace(ITEM, key="shop.Good", name="Good"))),
        ["shop.Good: table: renamed shop.Item → shop.Good"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), SENTENCES.values(), ids=list(SENTENCES))
def test_a_change_is_one_plain_sentence(old: Schema, new: Schema, expected: list[str]) -> None:
    assert lines(overlay(old, new)) == expected


def test_what_was_removed_stays_in_its_place() -> None:
    found = overlay(SCHEMA, with_item(columns=(COLUMNS[0], COLUMNS[2]), relations=()))
    item = found.schema.table("shop.Item")
    assert [c.name for c in item.columns] == ["id", "price", "owner_id"]
    assert item.relations == (LINK,)
    assert found.kind_of(Part.COLUMN, "shop.Item", "price") is ChangeKind.REMOVED
    assert found.kind_of(Part.RELATION, "shop.Item", "owner") is ChangeKind.REMOVED
    assert found.kind_of(Part.COLUMN, "shop.Item", "id") is None
    assert found.tables == {"shop.Item": ChangeKind.ALTERED}


def test_a_removed_relation_leads_to_the_new_name_of_its_target() -> None:
    lender = replace(OWNER, key="people.Lender", name="Lender")
    found = overlay(SCHEMA, replace(SCHEMA, tables=(lender,)))
    assert [t.key for t in found.schema.tables] == ["people.Lender", "shop.Item"]
    (link,) = found.schema.relations
    assert (link.owner, link.target) == ("shop.Item", "people.Lender")
    assert found.kind_of(Part.RELATION, "shop.Item", "owner") is ChangeKind.REMOVED


EXTRA = replace(
    ITEM, key="x", location=Location("default", "", "item_old"), name="item_old", relations=()
)


@pytest.mark.parametrize("turned", [False, True])
def test_models_and_a_database_are_drawn_under_the_models_names(turned: bool) -> None:
    proxy = replace(
        OWNER, key="people.Boss", kind=TableKind.PROXY, name="Boss", columns=(), primary_key=()
    )
    models = replace(SCHEMA, tables=(proxy, *SCHEMA.tables))
    note = Column("note", "text")
    changed = replace(ITEM, columns=(*COLUMNS[:2], note, COLUMNS[2]), constraints=())
    database = live(OWNER, changed, replace(EXTRA, constraints=()))
    database = replace(database, tables=tuple(replace(t, relations=()) for t in database.tables))
    found = overlay(*((database, models) if turned else (models, database)))
    assert [t.key for t in found.schema.tables] == [
        "default:item_old", "people.Boss", "people.Owner", "shop.Item",
    ]  # fmt: skip
    item = found.schema.table("shop.Item")
    assert [c.name for c in item.columns] == ["id", "price", "note", "owner_id"]
    came, left = (
        (ChangeKind.REMOVED, ChangeKind.ADDED)
        if turned
        else (ChangeKind.ADDED, ChangeKind.REMOVED)
    )
    assert found.kind_of(Part.COLUMN, "shop.Item", "note") is came
    assert found.kind_of(Part.COLUMN, "default:item_old", "price") is came
    # The database's constraint is what the relation's line in the picture stands for.
    assert found.kind_of(Part.RELATION, "shop.Item", "owner") is left
    assert [app.title for app in found.apps] == ["The shop", "Of the database alone"]


def test_two_databases_may_take_the_names_of_models() -> None:
    before, after = live(OWNER, ITEM), live(OWNER, replace(ITEM, constraints=(), relations=()))
    found = overlay(before, after, models=SCHEMA)
    assert [t.key for t in found.schema.tables] == ["people.Owner", "shop.Item"]
    (link,) = found.schema.relations
    assert (link.owner, link.field, link.target) == ("shop.Item", "item_owner_fk", "people.Owner")
    assert [app.title for app in found.apps] == ["The shop"]
    assert lines(found) == [
        "shop.Item: relation item_owner_fk removed: "
        "foreign key (owner_id) → default:people_owner (id)"
    ]


def test_one_hop_shows_the_partners_of_what_changed() -> None:
    third = replace(OWNER, key="people.Third", location=Location("default", "", "third"))
    base = replace(SCHEMA, tables=(*SCHEMA.tables, third))
    other = replace(base, tables=(OWNER, replace(ITEM, comment="sold"), third))
    assert changed_and_near(overlay(base, other)) == {"shop.Item", "people.Owner"}
    assert changed_and_near(overlay(base, base)) == frozenset()


EDITS: list[Callable[[Table], Table | None]] = [
    lambda t: None,
    lambda t: replace(t, comment=t.comment + "x"),
    lambda t: replace(t, columns=t.columns[1:]),
    lambda t: replace(t, columns=tuple(replace(c, null=not c.null) for c in t.columns)),
    lambda t: replace(t, columns=tuple(replace(c, name=f"{c.name}_x") for c in t.columns)),
    lambda t: replace(t, indexes=tuple(replace(i, name=f"x{i.name}") for i in t.indexes)),
    lambda t: replace(t, relations=t.relations[1:], constraints=t.constraints[:1]),
    lambda t: replace(t, key=f"{t.key}x", name=f"{t.name}x"),
    lambda t: replace(t, location=t.location and replace(t.location, table=f"{t.name}_moved")),
]
KINDS = [
    (OriginKind.REGISTRY, OriginKind.REGISTRY), (OriginKind.REGISTRY, OriginKind.DATABASE),
    (OriginKind.DATABASE, OriginKind.REGISTRY), (OriginKind.DATABASE, OriginKind.DATABASE),
]  # fmt: skip


def as_read(schema: Schema, kind: OriginKind) -> Schema:
    """A database has one table a place: no proxies, nothing swapped."""
    read = replace(schema, origin=Origin(kind))
    if kind is OriginKind.DATABASE:
        tables = (
            replace(table, key=str(place), location=place, also_at=())
            for place, table in table_of_location(schema).items()
        )
        read = replace(read, tables=tuple(tables))
    return read


def by_path(schema: Schema, *, live: bool) -> dict[str, Table]:
    if not live:
        return {table.key: table for table in schema.tables}
    return {str(place): table for place, table in table_of_location(schema).items()}


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_nothing_is_lost_and_every_change_has_one_place(
    registry: Schema, data: st.DataObject
) -> None:
    keys = [table.key for table in registry.tables]
    chosen = data.draw(
        st.dictionaries(st.sampled_from(keys), st.sampled_from(range(len(EDITS))), max_size=3)
    )
    tables = [
        EDITS[chosen[table.key]](table) if table.key in chosen else table
        for table in registry.tables
    ]
    left, right = data.draw(st.sampled_from(KINDS))
    old = as_read(registry, left)
    new = as_read(replace(registry, tables=tuple(t for t in tables if t)), right)
    changes = differences(old, new)
    found = overlay(old, new, changes)
    assert overlay(old, old).marks == overlay(old, old).apps == ()

    entries = [e for app in found.apps for table in app.tables for e in table.entries]
    assert len(entries) == len(changes)
    spots = [(mark.part, mark.table, mark.name) for mark in found.marks]
    assert len(spots) == len(set(spots))
    assert {(e.part, e.table, e.name) for e in entries} == set(spots)

    drawn = {table.key: table for table in found.schema.tables}
    assert len(drawn) == len(found.schema.tables)
    live = OriginKind.DATABASE in {left, right}
    renamed = {
        (change.part, change.before) for change in changes if change.kind is ChangeKind.RENAMED
    }
    there = by_path(found.schema, live=live)
    for side in (old, new):
        named = by_path(side, live=live)
        for path, table in named.items():
            if (Part.TABLE, path) in renamed or path not in there:
                # Drawn under its other name.
                assert any(path in (c.before, c.after) for c in changes), path
                continue
            missing = {c.name for c in table.columns} - {c.name for c in there[path].columns}
            assert all(
                (Part.COLUMN, name) in renamed or (live and (Part.COLUMN, name[:-2]) in renamed)
                for name in missing
            )
    for mark in found.marks:
        if mark.part is Part.COLUMN:
            assert mark.name in {c.name for c in drawn[mark.table].columns}
        elif mark.part is Part.RELATION:
            assert mark.name in {r.field for r in drawn[mark.table].relations}
    assert json.loads(json.dumps(to_document(found)))["tables"].keys() <= drawn.keys()


@pytest.fixture(scope="session")
def registry() -> Schema:
    return read_registry()
