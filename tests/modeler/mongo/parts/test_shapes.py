"""Shapes that fit a schema, and those that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from modeler.mongo.aggregate import (
    Aggregate,
    Computed,
    DeclaredIndex,
    Measure,
    Part,
    PartKind,
    ShapeError,
)
from modeler.mongo.spec import aggregate_specs
from modeler.schema.live import read_database
from tests.modeler.mongo.sync.domain import SHAPES, TABLES

pytestmark = pytest.mark.django_db
A = PartKind


@pytest.fixture
def schema():
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    return read_database(connection, alias="default")


def sale(*parts: Part, **more: object) -> Aggregate:
    return Aggregate("default:sale", "sales", parts=parts, **more)


LINES = Part("lines", A.ARRAY, "default:line.line_sale")
TAKEN = (
    "a field of that name is there already, or the name has a meaning in MongoDB. Choose another "
    "name."
)
# name: the shape, what is said of it
WRONG = {
    "no such relation": (
        sale(replace(LINES, relation="default:line.nowhere")),
        "There is no relation default:line.nowhere. Name one as app.Model.field, such as "
        "orders.OrderItem.order.",
    ),
    "a relation to another table": (
        sale(Part("x", A.ARRAY, "default:step.step_line")),
        "default:step.step_line does not lead to default:sale, so its rows cannot lie there.",
    ),
    "a copy by a relation of another table": (
        sale(Part("x", A.COPY, "default:line.line_sale")),
        "default:line.line_sale does not start at default:sale, so it copies nothing.",
    ),
    "no such column": (
        sale(replace(LINES, columns=("weight",))),
        "default:line has no column 'weight' for 'lines'. It has id, pieces, price, sale_id, sku.",
    ),
    "a field's name twice": (
        sale(LINES, LINES),
        f"default:sale cannot embed default:line.line_sale as 'lines': {TAKEN}",
    ),
    "a column's name": (
        sale(replace(LINES, field="total")),
        f"default:sale cannot embed default:line.line_sale as 'total': {TAKEN}",
    ),
    "a name with a dot": (
        sale(replace(LINES, field="a.b")),
        f"default:sale cannot embed default:line.line_sale as 'a.b': {TAKEN}",
    ),
    "values of several columns": (
        sale(Part("x", A.VALUES, "default:line.line_sale")),
        "'x' is an array of values and takes one column of default:line, not 4. Name it, or make "
        "it an array of documents.",
    ),
    "a path that leads elsewhere": (
        Aggregate("default:buyer", parts=(
            Part("x", A.PATH, "default:buyer.buyer_area", up="default:buyer.buyer_area"),)),
        "default:buyer.buyer_area does not lead from default:area to itself, so 'x' is no path.",
    ),
    "parts of a path": (
        Aggregate("default:buyer", parts=(
            Part("x", A.PATH, "default:buyer.buyer_area", up="default:area.area_above",
                 parts=(Part("y", A.COPY, "default:area.area_above"),)),)),
        "'x' is a path; its rows take columns, no further parts.",
    ),
    "a figure of rows that do not refer to it": (
        sale(computed=(Computed("n", "default:step.step_line"),)),
        "'n' counts rows by default:step.step_line, which is no relation to default:sale.",
    ),
    "a sum of texts": (
        sale(computed=(Computed("n", "default:line.line_sale", Measure.SUM, "sku"),)),
        "default:line.sku is no number, so it has no sum.",
    ),
    "a figure called like a part": (
        sale(LINES, computed=(Computed("lines", "default:line.line_sale"),)),
        "default:sale has a field 'lines' already.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("shape", "said"), WRONG.values(), ids=WRONG)
def test_a_shape_that_does_not_fit_is_one_sentence(schema, shape, said):
    with pytest.raises(ShapeError) as raised:
        aggregate_specs(schema, [shape])
    assert str(raised.value) == said


def test_two_collections_of_one_name(schema):
    with pytest.raises(ShapeError, match="Two collections are called sales"):
        aggregate_specs(schema, [sale(), replace(sale(), table="default:seat")])


def test_columns_of_the_root_are_chosen_and_the_key_is_always_there(schema):
    (spec,) = aggregate_specs(schema, [sale(columns=("code",))])
    assert [field.name for field in (*spec.key, *spec.fields)] == ["_id", "code"]
    with pytest.raises(ShapeError, match="default:sale has no column 'weight'"):
        aggregate_specs(schema, [sale(columns=("weight",))])


def test_what_indexes_and_unique_keys_of_embedded_tables_become(schema):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX line_by_sku ON line (sku, pieces DESC);"
            "CREATE UNIQUE INDEX line_sku ON line (sku) WHERE pieces > 1;"
            "CREATE UNIQUE INDEX line_price ON line (price);"
            "ALTER TABLE card ADD code text UNIQUE"
        )
    schema = read_database(connection, alias="default")
    sales, buyers, _ = sorted(
        aggregate_specs(schema, SHAPES),
        key=lambda spec: ["sales", "buyers", "seats"].index(spec.name),
    )
    assert {index.source: (index.keys, dict(index.options)) for index in sales.indexes} == {
        "sale_code": ((("code", 1),), {"unique": True}),
        "line_by_sku": ((("lines.sku", 1), ("lines.pieces", -1)), {}),
        "line_price": (
            (("lines.price", 1),),
            {
                "unique": True,
                "partialFilterExpression": {
                    "lines.price": {
                        "$gte": {"$numberDecimal": "-9E+6111"},
                        "$lte": {"$numberDecimal": "9E+6111"},
                    }
                },
            },
        ),
    }
    assert [check.name for check in sales.parts[0].checks] == [
        "line_pieces", "line_once", "line_price", "line_sku",
    ]  # fmt: skip
    assert [finding.message for finding in sales.findings if finding.code == "MS201"] == [
        "line_sku is not carried: a partial filter cannot choose single elements of an array."
    ]
    # The only row of a buyer: null where there is none, which must not count as a value.
    ((keys, options),) = [
        (index.keys, dict(index.options)) for index in buyers.indexes if "card" in index.source
    ]
    there = {"card.code": {"$gte": ""}}
    assert keys == (("card.code", 1),)
    assert options == {"unique": True, "partialFilterExpression": there}


def test_indexes_that_only_documents_need(schema):
    declared = DeclaredIndex((("lines.sku", 1),), (("sparse", True),), "by sku")
    (spec,) = aggregate_specs(schema, [sale(LINES, indexes=(declared,))])
    assert [(one.keys, dict(one.options)) for one in spec.indexes if one.source == "by sku"] == [
        ((("lines.sku", 1),), {"sparse": True})
    ]
