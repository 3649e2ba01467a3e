"""What holds of the layout of any graph."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import Layout, moved
from tests.modeler.diagrams.layout.graphs import (
    box,
    edge,
    graphs,
    hidden,
    near,
    outside,
    overlapping,
    through,
    undocked,
    width,
)

SOME = settings(max_examples=120, deadline=None)


def faults(graph: Graph, layout: Layout) -> dict[str, list]:
    found: dict[str, list] = {
        "overlapping boxes": overlapping(layout),
        "edges through boxes": through(layout),
        "edges beside their rows": undocked(graph, layout),
        "outside the picture": outside(layout),
    }
    return {name: value for name, value in found.items() if value}


@SOME
@given(graphs())
def test_every_box_and_edge_has_its_place(graph):
    layout = arrange(graph, width_of=width)
    keys = {box.key for box in graph.boxes}
    assert [box.key for box in layout.boxes] == sorted(keys)
    assert sorted(edge.key for edge in layout.edges) == sorted(
        edge.key for edge in graph.edges if edge.target in keys
    )
    assert faults(graph, layout) == {}


@SOME
@given(graphs())
def test_parallel_edges_are_apart(graph):
    assert hidden(arrange(graph, width_of=width)) == []


FOUR_COME_BACK = (
    [("T0", "T0")] * 5 + [("T0", "T1")] * 2 + [("T1", "T1")] + [("T1", "T0")] * 2
    + [("T0", "T1")] * 2 + [("T1", "T0")] * 2
)  # fmt: skip


@SOME
@given(st.lists(st.sampled_from([("T0", "T0"), ("T0", "T1"), ("T1", "T0")]), max_size=24))
@example(FOUR_COME_BACK)
def test_many_loops_beside_edges_of_one_row_are_apart(ends):
    boxes = (box("a.T0"), box("a.T1"))
    edges = tuple(
        edge(f"f{n}", f"a.{source}", f"a.{target}", "id")
        for n, (source, target) in enumerate(ends)
    )
    assert hidden(arrange(Graph(boxes, edges), width_of=width)) == []


@SOME
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_means_nothing(graph, chance: random.Random):
    boxes, edges = list(graph.boxes), list(graph.edges)
    chance.shuffle(boxes)
    chance.shuffle(edges)
    assert arrange(Graph(tuple(boxes), tuple(edges))) == arrange(graph)


@SOME
@given(graphs(), st.data())
def test_saved_positions_stay_and_new_tables_find_a_place(graph, data):
    laid = arrange(graph, width_of=width)
    kept = data.draw(st.sets(st.sampled_from([box.key for box in laid.boxes]), min_size=1))
    fixed = {box.key: (box.x + 1000, box.y - 500) for box in laid.boxes if box.key in kept}
    layout = arrange(graph, fixed=fixed, width_of=width)
    assert {box.key: (box.x, box.y) for box in layout.boxes if box.key in kept} == fixed
    assert faults(graph, layout) == {}


@SOME
@given(graphs(), st.integers(-3000, 3000), st.integers(-3000, 3000))
def test_positions_saved_as_they_came_give_the_same_picture(graph, dx, dy):
    laid = arrange(graph, width_of=width)
    fixed = {box.key: (box.x + dx, box.y + dy) for box in laid.boxes}
    found, expected = arrange(graph, fixed=fixed, width_of=width), moved(laid, dx, dy)
    assert replace(found, bundles=()) == replace(expected, bundles=())
    for one, two in zip(found.bundles, expected.bundles, strict=True):
        assert (one.source, one.target, one.count) == (two.source, two.target, two.count)
        for before, after in zip(one.points, two.points, strict=True):
            assert before == pytest.approx(after)


@SOME
@given(graphs())
def test_positions_that_a_page_rounded_give_the_same_picture(graph):
    laid = arrange(graph, width_of=width)
    fixed = {box.key: (round(box.x, 1), round(box.y, 1)) for box in laid.boxes}
    layout = arrange(graph, fixed=fixed, width_of=width)
    assert faults(graph, layout) == {}
    for old, new in zip(laid.edges, layout.edges, strict=True):
        assert len(old.points) == len(new.points)
        for before, after in zip(old.points, new.points, strict=True):
            assert after == pytest.approx(before, abs=0.11)


@SOME
@given(graphs(), st.data())
def test_a_table_that_is_moved_a_little_changes_its_own_edges_alone(graph, data):
    laid = arrange(graph, width_of=width)
    key = data.draw(st.sampled_from([box.key for box in laid.boxes]))
    fixed = {box.key: (box.x, box.y) for box in laid.boxes}
    fixed[key] = (fixed[key][0] + 3, fixed[key][1] + 5)
    layout = arrange(graph, fixed=fixed, width_of=width)
    assert faults(graph, layout) == {}
    old = {way.key: way.points for way in laid.edges}
    (area,) = (box for box in layout.boxes if box.key == key)
    others = [way for way in layout.edges if key not in (way.source, way.target)]
    assert {way.key for way in others if way.points != old[way.key]} <= {
        way.key for way in others if near(old[way.key], area)
    }


@SOME
@given(graphs(), st.data())
def test_tables_put_anywhere_apart(graph, data):
    """Each saved box in a cell of its own, in any order, somewhere in it."""
    cells = data.draw(st.permutations(range(len(graph.boxes))))
    saved = data.draw(st.sets(st.sampled_from([box.key for box in graph.boxes]), min_size=1))
    off = st.integers(0, 60)
    fixed = {
        box.key: (
            cell % 4 * 300 + data.draw(off) / 2,
            cell // 4 * 220 + data.draw(off) / 2,
        )
        for box, cell in zip(graph.boxes, cells, strict=True)
        if box.key in saved
    }
    layout = arrange(graph, fixed=fixed, width_of=width)
    assert {box.key: (box.x, box.y) for box in layout.boxes if box.key in saved} == fixed
    assert faults(graph, layout) == {}
    assert hidden(layout) == []
    assert layout == arrange(graph, fixed=fixed, width_of=width)
    # No way leads astray: to where a box stood before it was put here.
    low, high = min(box.x for box in layout.boxes), max(box.x + box.width for box in layout.boxes)
    assert all(low - 300 <= x <= high + 300 for way in layout.edges for x, _ in way.points)


@SOME
@given(graphs(), st.data())
def test_positions_that_overlap_are_kept_too(graph, data):
    spot = st.tuples(st.integers(-300, 300), st.integers(-300, 300))
    fixed = {box.key: data.draw(spot) for box in graph.boxes}
    layout = arrange(graph, fixed=fixed, width_of=width)
    assert {box.key: (box.x, box.y) for box in layout.boxes} == fixed
    assert outside(layout) == []


@SOME
@given(graphs())
def test_keys_that_are_gone_mean_nothing(graph):
    assert arrange(graph, fixed={"gone.Table": (5.0, 5.0)}) == arrange(graph)
