from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modeler.diagrams.graph import ColumnMode, JoinMode, Row, graph_of
from modeler.diagrams.packing import pack
from modeler.diagrams.types import short_type
from tests.modeler.diagrams.samples import SHOP


def test_every_table_but_the_swapped_is_a_box_and_every_relation_an_edge():
    graph = graph_of(SHOP)
    assert [box.key for box in graph.boxes] == [
        "catalog.Category", "catalog.Product", "catalog.Product_tags", "catalog.Tag",
        "orders.Order", "shop.Customer", "shop.Vip",
    ]  # fmt: skip
    assert [edge.key for edge in graph.edges] == [
        "catalog.Category.parent",
        "catalog.Product.category",
        "catalog.Product_tags.product",
        "catalog.Product_tags.tag",
        "orders.Order.customer",
        "orders.Order.payer",
        "shop.Vip.proxy",
    ]


def test_a_join_table_can_be_an_edge_instead():
    graph = graph_of(SHOP, joins=JoinMode.EDGE)
    assert "catalog.Product_tags" not in {box.key for box in graph.boxes}
    assert "catalog.Product.tags" in {edge.key for edge in graph.edges}


@pytest.mark.parametrize(
    ("mode", "rows", "hidden"),
    [
        (ColumnMode.ALL, ["id", "parent_id", "slug"], 0),
        (ColumnMode.KEYS, ["id", "parent_id", "slug"], 0),
        (ColumnMode.NAMES, [], 3),
    ],
)
def test_columns_shown(mode, rows, hidden):
    box = graph_of(SHOP, columns=mode).boxes[0]
    assert ([row.name for row in box.rows], box.hidden) == (rows, hidden)


def test_keys_are_marked():
    assert graph_of(SHOP).boxes[0].rows == (
        Row("id", "uuid", primary=True),
        Row("parent_id", "uuid", foreign=True, null=True),
        Row("slug", "varchar(64)", unique=True),
    )


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("character varying(64)", "varchar(64)"),
        ("character varying", "varchar"),
        ("timestamp(3) with time zone", "timestamptz(3)"),
        ("timestamp with time zone", "timestamptz"),
        ("time(0) without time zone", "time(0)"),
        ("numeric(12,2)[]", "numeric(12,2)[]"),
        ("character varying(8)[][]", "varchar(8)[][]"),
        ("double precision", "float8"),
        ("geometry(Point,4326)", "geometry(Point,4326)"),
        ('"my type"', '"my type"'),
        ("", ""),
    ],
)
def test_short_types(long, short):
    assert short_type(long) == short


SIZES = st.lists(
    st.tuples(st.floats(1, 900), st.floats(1, 900)).map(lambda s: (s[0], *s)), max_size=30
)


@given(SIZES, st.floats(0, 40))
def test_packed_rectangles_keep_their_distance(items, gap):
    packing = pack(items, gap=gap)
    assert [(p.item, p.width, p.height) for p in packing.placed] == items
    for position, a in enumerate(packing.placed):
        assert a.x + a.width <= packing.width + 1e-6
        assert a.y + a.height <= packing.height + 1e-6
        for b in packing.placed[:position]:
            apart = (
                a.x + a.width + gap <= b.x + 1e-6
                or b.x + b.width + gap <= a.x + 1e-6
                or a.y + a.height + gap <= b.y + 1e-6
                or b.y + b.height + gap <= a.y + 1e-6
            )
            assert apart
