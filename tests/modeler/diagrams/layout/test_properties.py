"""What holds of the layout of any graph."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from modeler.diagrams.graph import Graph
from modeler.diagrams.layout.arrange import arrange
from modeler.diagrams.layout.placement import Layout
from tests.modeler.diagrams.layout.graphs import (
    graphs,
    hidden,
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
