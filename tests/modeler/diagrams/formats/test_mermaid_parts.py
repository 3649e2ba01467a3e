"""Mermaid refuses what is too large: no part ever is, and nothing is lost by the cuts."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from modeler.diagrams.formats.mermaid import mermaid_parts, to_mermaid
from modeler.diagrams.formats.mermaid_parts import length
from modeler.diagrams.graph import Box, Edge, Graph, Row
from modeler.schema.table import TableKind


def graph(apps: int, tables: int, columns: int, relations: int, name: str = "T") -> Graph:
    keys = [f"app{a}.{name}{t}" for a in range(apps) for t in range(tables)]
    boxes = [
        Box(key, key, key.partition(".")[0], "", TableKind.MODEL,
            tuple(Row(f"column_{c}", "numeric(12,2)", null=True) for c in range(columns)))
        for key in keys
    ]  # fmt: skip
    edges = [
        Edge(
            f"{key}.f{r}", key, keys[(at * 7 + r * r) % len(keys)], "foreign key", ("a",), ("id",)
        )
        for at, key in enumerate(keys)
        for r in range(relations)
    ]
    titles = tuple((f"app{a}", f"App `{a}` #1") for a in range(apps))
    return Graph(tuple(sorted(boxes, key=lambda b: b.key)), tuple(edges), titles)


@pytest.mark.parametrize(
    ("given", "most"),
    [
        (graph(2, 3, 4, 2), 1),
        (graph(3, 60, 3, 3), 3),  # above 500 edges together
        (graph(2, 200, 12, 1), 8),  # above 50,000 characters an app
        (graph(1, 200, 0, 9), 5),  # one app above 500 edges
        (graph(1, 2, 0, 1300), 8),  # one table above 500 edges
        (graph(1, 2, 3000, 1), 4),  # one table above 50,000 characters
        (graph(1, 300, 4, 2, name="\U0001f600" * 30), 4),  # counted as JavaScript counts
    ],
)
def test_no_part_is_above_the_limits_and_nothing_is_lost(given: Graph, most: int) -> None:
    parts = mermaid_parts(given)
    assert len(parts) <= most
    for _, text in parts:
        assert length(text) <= 50_000
        assert len(text.encode("utf-16-le")) // 2 == length(text)
        assert relations(text).total() <= 500
    assert sum((relations(text) for _, text in parts), Counter()) == Counter(
        edge.key.rpartition(".")[2] + f" {edge.source} {edge.target}" for edge in given.edges
    )
    shown = [key for _, text in parts for key in re.findall(r'^  "([^"]+)"(?: \{)?$', text, re.M)]
    assert Counter(shown) == Counter(box.key for box in given.boxes)
    columns = sum(text.count(" column_") for _, text in parts)
    cut = re.findall(r"%% (\d+) more columns", "".join(text for _, text in parts))
    assert columns + sum(map(int, cut)) == sum(len(box.rows) for box in given.boxes)


def relations(text: str) -> Counter[str]:
    found = re.findall(r'^  "([^"]+)" \S+ "([^"]+)" : "(\w+)', text, re.M)
    return Counter(f"{field} {source} {target}" for source, target, field in found)


def test_a_small_graph_is_one_text_and_a_large_one_a_document() -> None:
    small, large = graph(1, 2, 1, 1), graph(2, 200, 2, 2)
    assert to_mermaid(small) == mermaid_parts(small)[0][1]
    parts = mermaid_parts(large)
    text = to_mermaid(large)
    assert text.startswith("## App \\`0\\` \\#1\n\n```mermaid\nerDiagram\n")
    assert text.count("```mermaid\n") == text.count("\n```\n") == len(parts) > 1
    assert re.findall(r"```mermaid\n(.*?)```\n", text, re.DOTALL) == [body for _, body in parts]


def test_tables_that_hang_together_stay_together() -> None:
    """A chain of 300 tables named at random is cut where its links are fewest."""
    names = [f"app.T{(n * 7919) % 300:03d}" for n in range(300)]
    rows = tuple(Row(f"c{n}", "bigint", null=True) for n in range(12))
    boxes = tuple(Box(key, key, "app", "", TableKind.MODEL, rows) for key in sorted(names))
    edges = tuple(
        Edge(f"{a}.next", a, b, "foreign key", ("c1",), ("c0",)) for a, b in pairwise(names)
    )
    parts = mermaid_parts(Graph(boxes, edges))
    assert 2 <= len(parts) <= 4
    between = 0
    for _, text in parts:
        inside = set(re.findall(r'^  "([^"]+)" \{$', text, re.M))
        ends = re.findall(r'^  "([^"]+)" \S+ "([^"]+)" :', text, re.M)
        between += sum(target not in inside for _, target in ends)
    assert between <= 2 * len(parts)
