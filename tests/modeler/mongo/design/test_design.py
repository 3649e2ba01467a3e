"""The whole: every table has one place, whatever the schema, the numbers and the decisions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modeler.mongo.aggregate import Aggregate, Computed, Part, PartKind
from modeler.mongo.design.card import documents, to_document, to_json
from modeler.mongo.design.decision import Origin
from modeler.mongo.design.design import Design, design
from modeler.mongo.design.measures import TableMeasures
from modeler.mongo.design.override import Override
from modeler.mongo.design.stored import stored
from modeler.mongo.design.text import to_text
from modeler.mongo.design.verdict import EMBEDDED, Verdict
from modeler.mongo.design.weights import Weights
from modeler.mongo.spec import aggregate_specs
from modeler.mongo.validator import validator
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

from .figures import fan_out, measures, measures_of
from .schemas import inlined, orders, refers, schema, schemas, table, text, unique

BELOW = (PartKind.ARRAY, PartKind.ONE, PartKind.VALUES)


def verdicts(made: Design) -> dict[str, Verdict]:
    return {one.relation: one.verdict for one in made.decisions}


def shape(made: Design, key: str) -> Aggregate:
    (found,) = [one for one in made.aggregates if one.table == key]
    return found


def assert_covers(made: Design) -> None:
    """Each table is a root or lies in exactly one; and every shape has a specification."""
    ground = stored(made.schema)
    owners = {relation.key: relation.owner for relation in ground.relations}
    places = [one.table for one in made.aggregates]
    for aggregate in made.aggregates:
        places += [
            owners[part.relation]
            for _, part in aggregate.walk()
            if part.kind in BELOW and part.first is None
        ]
    assert sorted(places) == sorted(ground.tables)
    for spec in aggregate_specs(made.schema, made.aggregates):
        assert validator(spec)
    embedded = {
        owners[part.relation]
        for aggregate in made.aggregates
        for _, part in aggregate.walk()
        if part.kind in BELOW and part.first is None
    }
    by_verdict = {one.child for one in made.decisions if one.verdict in EMBEDDED}
    assert embedded == by_verdict


@settings(max_examples=50, deadline=None)
@given(schemas())
def test_any_schema_is_covered_from_its_models_alone(given_schema):
    assert_covers(design(given_schema))


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_any_schema_is_covered_whatever_was_measured_and_decided(data):
    drawn = data.draw(schemas())
    overrides = [
        Override(relation.key, data.draw(st.sampled_from(list(Verdict))))
        for relation in stored(drawn).relations
        if data.draw(st.booleans())
    ]
    overrides = [one for one in overrides if one.verdict is not Verdict.ASK]
    figures = data.draw(measures_of(drawn))
    made = design(drawn, figures, overrides)
    assert_covers(made)
    again = design(drawn, figures, reversed(overrides))
    assert to_json(made) == to_json(again)
    assert to_text(made)
    for one in made.decisions:
        followed = one.origin is Origin.PERSON and one.verdict is one.override.verdict
        assert one.override is None or followed or one.refused


@pytest.fixture(scope="module")
def blog() -> Schema:
    return read_registry()


def test_the_awkward_models_are_covered(blog):
    assert_covers(design(blog))


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_the_awkward_models_are_covered_whatever_was_measured(data):
    drawn = read_registry()
    assert_covers(design(drawn, data.draw(measures_of(drawn))))


def test_the_awkward_models(blog):
    made = verdicts(design(blog))
    assert {
        key: made[key]
        for key in (
            "blog.Article.post_ptr", "blog.Review.base", "blog.Comment.post",
            "blog.Comment.answer_to", "blog.Category.parent", "blog.Post_readers.post",
            "blog.Post_readers.account", "blog.PostTag.post", "blog.HistoricalTag.history_user",
            "blog.Event.account", "blog.Attachment.target", "blog.PostSummary.post",
            "admin.LogEntry.user", "auth.Permission.content_type",
        )
    } == {
        "blog.Article.post_ptr": "embed one",
        "blog.Review.base": "embed one",
        "blog.Comment.post": "embed array",
        "blog.Comment.answer_to": "reference",
        "blog.Category.parent": "path",
        "blog.Post_readers.post": "array of ids",
        "blog.Post_readers.account": "reference",
        "blog.PostTag.post": "embed array",
        "blog.HistoricalTag.history_user": "reference",
        "blog.Event.account": "reference",  # in another database
        "blog.Attachment.target": "reference",
        "blog.PostSummary.post": "ask",  # nothing holds the reference
        "admin.LogEntry.user": "reference",
        "auth.Permission.content_type": "reference",
    }  # fmt: skip


def test_a_shop_from_its_models_alone():
    made = design(orders())
    assert made.aggregates == (
        Aggregate("a.Order", parts=(
            Part("order_items", PartKind.ARRAY, "a.OrderItem.order"),
        )),
        Aggregate("a.Product", parts=(
            Part("tags", PartKind.VALUES, "a.Product_tags.product", columns=("tag_id",)),
        )),
        Aggregate("a.Tag"),
    )  # fmt: skip
    assert {one.notes for one in made.decisions} == {
        ("from the models alone: no database was asked",)
    }


def test_a_measured_shop_copies_what_is_read_with_its_items():
    seen = TableMeasures("a.Product", rows=500, read=100_000, updated=20)
    made = design(orders(), measures(fan_out("a.OrderItem.order", 2, 5, 9, 30), seen))
    assert shape(made, "a.Order").parts == (
        Part(
            "order_items", PartKind.ARRAY, "a.OrderItem.order",
            parts=(Part("product", PartKind.COPY, "a.OrderItem.product", columns=("name",)),),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("most", "p99", "verdict", "first"),
    [(30, 9, "embed array", None), (5000, 9, "outlier", 100), (5000, 900, "subset", 10)],
)
def test_large_parents_keep_a_part_of_their_children(most, p99, verdict, first):
    made = design(orders(), measures(fan_out("a.OrderItem.order", 2, 5, p99, most)))
    assert verdicts(made)["a.OrderItem.order"] == verdict
    (part,) = shape(made, "a.Order").parts
    assert (part.first, part.order) == (first, () if first is None else ("-id",))
    assert ("a.OrderItem" in [one.table for one in made.aggregates]) == (first is not None)
    counted = (Computed("order_items_count", "a.OrderItem.order"),)
    assert shape(made, "a.Order").computed == (counted if verdict == "outlier" else ())


def test_tables_that_refer_to_each_other_never_embed():
    left, right = table("Left"), table("Right")
    left, right = refers(left, "right", right, one=True), refers(right, "left", left, one=True)
    made = design(schema(left, right))
    assert set(verdicts(made).values()) == {"reference"}
    assert "refer to each other in a cycle" in made.decisions[0].because


def test_a_pointer_back_to_a_favourite_is_no_cycle():
    person = table("Person")
    address = unique(refers(table("Address", text("line")), "person", person), "person_id", "line")
    person = refers(inlined(person, address), "favourite", address, null=True,
                    on_delete="SET_NULL")  # fmt: skip
    made = verdicts(design(schema(person, address)))
    assert made == {"a.Address.person": "embed array", "a.Person.favourite": "reference"}


def test_a_tree_is_copied_as_a_path():
    group = table("Group", text("name"))
    group = refers(group, "parent", group, null=True, on_delete="PROTECT")
    thing = refers(table("Thing"), "group", group, on_delete="PROTECT")
    rows = TableMeasures("a.Group", rows=40, read=999, updated=0)
    made = design(schema(group, thing), measures(rows, TableMeasures("a.Thing", rows=99)))
    columns = ("id", "name")
    assert shape(made, "a.Group").parts == (
        Part("ancestors", PartKind.PATH, "a.Group.parent", columns=columns, up="a.Group.parent"),
    )
    assert shape(made, "a.Thing").parts == (
        Part("group_path", PartKind.PATH, "a.Thing.group", columns=columns, up="a.Group.parent"),
    )


def test_a_path_that_code_declares_is_shown_by_the_tree_that_it_climbs():
    group = refers(table("Group", text("name")), "parent", table("Group"), null=True)
    thing = refers(table("Thing"), "group", group)
    path = Part("groups", PartKind.PATH, "a.Thing.group", up="a.Group.parent")
    ours = [Aggregate("a.Group"), Aggregate("a.Thing", parts=(path,))]
    made = design(schema(group, thing), declared=ours)
    card = next(one for one in made.decisions if one.relation == "a.Thing.group")
    assert card.verdict == "path"
    assert documents(made, card)["child"] == {
        "_id": {"$numberLong": "1"},
        "group_id": {"$numberLong": "1"},
        "group_path": [{"id": {"$numberLong": "1"}, "name": "name"}],
    }


def test_nothing_is_copied_within_one_document():
    order = inlined(table("Order", text("name")))
    line = refers(table("OrderLine", text("name")), "order", order)
    price = refers(refers(table("OrderLinePrice"), "line", line), "order", order)
    other = refers(price, "like", line, on_delete="PROTECT")
    seen = [
        TableMeasures(f"a.{name}", rows=500, read=100_000, updated=0)
        for name in ("Order", "OrderLine", "OrderLinePrice")
    ]
    line = inlined(line, other)
    order = inlined(order, line)
    made = design(schema(order, line, other), measures(*seen))
    assert verdicts(made)["a.OrderLinePrice.line"] == "embed array"
    assert verdicts(made)["a.OrderLinePrice.order"] == "reference"
    # Of two references to one table, the second leads to another row.
    assert verdicts(made)["a.OrderLinePrice.like"] == "extended reference"


def test_an_address_of_one_order_is_copied_whole():
    address = table("Address", text("street", sensitive=True), text("name"))
    order = refers(table("Order"), "address", address, null=True, on_delete="SET_NULL")
    rows = TableMeasures("a.Order", rows=500)
    made = design(schema(address, order), measures(rows, fan_out("a.Order.address", 1, 1, 1, 1)))
    assert shape(made, "a.Order").parts == (Part("address", PartKind.COPY, "a.Order.address"),)


def test_siblings_that_crowd_a_document_give_way():
    parent = table("Parent")
    first = refers(table("ParentFirst"), "parent", parent)
    second = refers(table("ParentSecond"), "parent", parent)
    bytes_ = {"row_mean": 900.0, "row_p99": 10_000.0, "row_max": 10_000.0}
    figures = measures(
        TableMeasures("a.ParentFirst", rows=9000, **bytes_),
        TableMeasures("a.ParentSecond", rows=9000, **bytes_),
        fan_out("a.ParentFirst.parent", 2, 5, 9, 700),
        fan_out("a.ParentSecond.parent", 2, 5, 9, 800),
    )
    made = design(schema(parent, first, second), figures)
    assert verdicts(made) == {
        "a.ParentFirst.parent": "embed array",
        "a.ParentSecond.parent": "reference",
    }
    assert made.sizes[0].bytes.maximum <= Weights().veto_document


def test_two_arrays_that_one_index_needs_do_not_lie_side_by_side():
    parent = table("Parent")
    first = refers(table("ParentFirst", text("name")), "parent", parent)
    second = refers(table("ParentSecond", text("name")), "parent", parent)
    both = schema(parent, first, second)
    assert set(verdicts(design(both)).values()) == {"embed array"}
    made = verdicts(design(both, indexes=[("a.ParentFirst.name", "a.ParentSecond.name")]))
    assert sorted(made.values()) == ["embed array", "reference"]
    made = verdicts(design(both, indexes=[("a.Parent.id", "a.ParentSecond.name")]))
    assert set(made.values()) == {"embed array"}


def test_what_is_declared_in_code_goes_before_points_and_people():
    ours = Aggregate("a.Order", "sales", parts=(
        Part("lines", PartKind.ARRAY, "a.OrderItem.order", columns=("id",)),
        Part("nothing_else", PartKind.ARRAY, "a.OrderItem.order", first=1),
    ))  # fmt: skip
    against = Override("a.OrderItem.order", Verdict.REFERENCE)
    made = design(orders(), overrides=[against], declared=[ours])
    assert shape(made, "a.Order") == ours
    card = next(one for one in made.decisions if one.relation == "a.OrderItem.order")
    assert (card.verdict, card.origin, card.because) == (
        "embed array", Origin.CODE, "declared in code",
    )  # fmt: skip
    assert_covers(replace(made, aggregates=tuple(
        replace(one, parts=one.parts[:1]) if one is ours else one for one in made.aggregates
    )))  # fmt: skip


def test_a_declared_collection_takes_nothing_else_in():
    made = design(orders(), declared=[Aggregate("a.Order")])
    card = next(one for one in made.decisions if one.relation == "a.OrderItem.order")
    assert card.verdict == "reference"
    assert card.because == "the collection of a.Order is declared in code, without it"


def test_a_decision_is_followed_and_asked_again_when_numbers_move():
    then = fan_out("a.OrderItem.order", 2, 5, 9, 30)
    said = Override(
        "a.OrderItem.order", Verdict.REFERENCE, "they are reported on", "ana", "2026", then
    )
    same = design(orders(), measures(then), [said])
    assert verdicts(same)["a.OrderItem.order"] == "reference"
    assert same.findings == ()
    double = design(orders(), measures(fan_out("a.OrderItem.order", 2, 10, 18, 60)), [said])
    assert double.findings == ()
    more = design(orders(), measures(fan_out("a.OrderItem.order", 2, 5, 9, 61)), [said])
    (finding,) = more.findings
    assert (finding.code, finding.subject) == ("MS401", "a.OrderItem.order")
    assert "children of the largest parent: 30 then, 61 now" in finding.message


def test_two_decisions_that_embed_tables_in_each_other_are_not_both_followed():
    left, right = table("Left"), table("Right")
    left, right = refers(left, "right", right, null=True), refers(right, "left", left, null=True)
    said = [Override(key, Verdict.EMBED_ARRAY) for key in ("a.Left.right", "a.Right.left")]
    made = design(schema(left, right), overrides=said)
    assert sorted(one.verdict for one in made.decisions) == ["embed array", "reference"]
    assert [one.code for one in made.findings] == ["MS402"]
    assert_covers(made)


def test_a_decision_that_no_document_can_hold_is_said():
    said = Override("a.OrderItem.order", Verdict.PATH)
    made = design(orders(), overrides=[said])
    assert [one.code for one in made.findings] == ["MS402"]
    assert verdicts(made)["a.OrderItem.order"] == "embed array"


def test_a_card_has_both_documents():
    (card,) = to_document(design(orders()), ["a.OrderItem.order"])["cards"]
    long = {"$numberLong": "1"}
    moment = {"$date": "2026-01-31T12:00:00Z"}
    assert card["documents"] == {
        "together": {
            "_id": long, "created_at": moment, "order_items": [{"id": long, "product_id": long}],
        },
        "parent": {"_id": long, "created_at": moment},
        "child": {"_id": long, "order_id": long, "product_id": long},
    }  # fmt: skip
