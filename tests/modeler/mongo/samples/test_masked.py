"""What is sensitive is not shown: in the root, in parts, in copies, in figures."""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.aggregate import Aggregate, Computed, Measure, Part, PartKind
from modeler.mongo.samples.masked import MASK, masked, sensitive_paths
from modeler.mongo.spec import aggregate_specs
from modeler.schema.column import Column
from modeler.schema.expression import ColumnRef, Function, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


def text(name: str, *, sensitive: bool = False, null: bool = False) -> Column:
    return Column(name, "text", null, name, "TextField", sensitive=sensitive)


def table(name: str, *columns: Column, key: tuple[str, ...] = ("id",), relations=()) -> Table:
    place = Location("default", "", name.lower())
    return Table(
        f"a.{name}", place, TableKind.MODEL, name, primary_key=key,
        columns=(text("id"), *columns), relations=relations,
    )  # fmt: skip


def link(owner: str, column: str, target: str) -> Relation:
    return Relation(
        f"a.{owner}", column, RelationKind.FOREIGN_KEY, (column,), target=f"a.{target}",
        target_location=Location("default", "", target.lower()), target_columns=("id",),
    )  # fmt: skip


SCHEMA = Schema(
    (
        table("Boss", text("email", sensitive=True), text("title")),
        table("Card", text("person"), text("pin", sensitive=True),
              relations=(link("Card", "person", "Person"),)),
        table("Nick", text("person"), text("nick", sensitive=True),
              relations=(link("Nick", "person", "Person"),)),
        table("Person", text("name", sensitive=True, null=True), text("boss", null=True),
              text("plain"), relations=(link("Person", "boss", "Boss"),)),
    )
)  # fmt: skip
SHAPE = Aggregate(
    "a.Person",
    parts=(
        Part("cards", PartKind.ARRAY, "a.Card.person"),
        Part("of", PartKind.COPY, "a.Person.boss", columns=("email", "title")),
        Part("nicks", PartKind.VALUES, "a.Nick.person", columns=("nick",)),
    ),
    computed=(Computed("first_pin", "a.Card.person", Measure.MINIMUM, "pin"),
              Computed("cards_held", "a.Card.person")),
)  # fmt: skip


def test_every_place_is_masked():
    (spec,) = aggregate_specs(SCHEMA, [SHAPE])
    paths = sensitive_paths(SCHEMA, spec)
    assert paths == ("name", "cards.pin", "of.email", "nicks", "first_pin")
    document = {
        "_id": "1", "name": "Ada", "boss": "2", "plain": "x",
        "cards": [{"id": "3", "pin": "1234"}, {"id": "4", "pin": "9"}],
        "of": {"email": "b@example.org", "title": "Dr"}, "nicks": ["a", "b"],
        "first_pin": "1234", "cards_held": 2,
    }  # fmt: skip
    assert masked(document, paths) == {
        "_id": "1", "name": MASK, "boss": "2", "plain": "x",
        "cards": [{"id": "3", "pin": MASK}, {"id": "4", "pin": MASK}],
        "of": {"email": MASK, "title": "Dr"}, "nicks": [MASK, MASK],
        "first_pin": MASK, "cards_held": 2,
    }  # fmt: skip
    assert document["cards"][0]["pin"] == "1234"


def test_null_stays_null():
    (spec,) = aggregate_specs(SCHEMA, [SHAPE])
    paths = sensitive_paths(SCHEMA, spec)
    empty = {"name": None, "cards": [], "of": None, "nicks": [], "first_pin": None}
    assert masked(empty, paths) == empty


def test_a_composite_key_is_masked():
    held = Table(
        "a.Seat", Location("default", "", "seat"), TableKind.MODEL, "Seat",
        primary_key=("hall", "email"),
        columns=(text("hall"), text("email", sensitive=True)),
    )  # fmt: skip
    schema = Schema((held,))
    (spec,) = aggregate_specs(schema, [Aggregate("a.Seat")])
    paths = sensitive_paths(schema, spec)
    assert paths == ("_id.email",)
    assert masked({"_id": {"hall": "1", "email": "a@b"}}, paths) == {
        "_id": {"hall": "1", "email": MASK}
    }


def test_what_is_made_of_a_secret_is_masked():
    lowered = IndexPart(expression=Function("lower", (ColumnRef("name"),)))
    joined = IndexPart(expression=Operation("||", (ColumnRef("name"), ColumnRef("plain"))))
    open_ = IndexPart(expression=Function("upper", (ColumnRef("plain"),)))
    indexes = tuple(
        Index(name, (part,), unique=True)
        for name, part in (("lowered", lowered), ("joined", joined), ("open", open_))
    )
    person = replace(SCHEMA.table("a.Person"), indexes=indexes)
    tables = tuple(person if one.key == person.key else one for one in SCHEMA.tables)
    schema = replace(SCHEMA, tables=tables)
    (spec,) = aggregate_specs(schema, [Aggregate("a.Person")])
    assert sensitive_paths(schema, spec) == ("name", "lower__name", "name__joined__plain")
    document = {"name": "Ada", "lower__name": "ada", "name__joined__plain": "Adax",
                "upper__plain": "X"}  # fmt: skip
    assert masked(document, sensitive_paths(schema, spec)) == {
        "name": MASK, "lower__name": MASK, "name__joined__plain": MASK, "upper__plain": "X",
    }  # fmt: skip
