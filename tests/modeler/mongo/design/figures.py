"""Measures: of cases, and generated."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from modeler.mongo.design.measures import Measures, RelationMeasures, TableMeasures
from modeler.mongo.design.stored import stored
from modeler.schema.schema import Schema

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def fan_out(relation: str, p50: float, p95: float, p99: float, most: float, **more):
    return RelationMeasures(
        relation, mean=p50, p50=p50, p95=p95, p99=p99, maximum=most, parents=100.0,
        childless=0.0, homeless=0.0, **more,
    )  # fmt: skip


def measures(*parts: RelationMeasures | TableMeasures) -> Measures:
    return Measures(
        NOW,
        tables=tuple(one for one in parts if isinstance(one, TableMeasures)),
        relations=tuple(one for one in parts if isinstance(one, RelationMeasures)),
    )


@st.composite
def measures_of(draw, schema: Schema) -> Measures:
    """Any measures of a schema; some of its parts have none."""
    ground = stored(schema)
    counts = st.integers(0, 10**7).map(float)
    parts: list = []
    for key in ground.tables:
        if draw(st.booleans()):
            parts.append(
                TableMeasures(
                    key, draw(counts), *sorted(draw(st.tuples(*[st.floats(30, 1e6)] * 3))),
                    inserted=draw(st.integers(0, 99)), updated=draw(st.integers(0, 999)),
                    read=draw(st.integers(0, 10**6)),
                    months=(("2025-11-01", draw(st.integers(0, 10**5))), ("2025-12-01", 1)),
                )
            )  # fmt: skip
    for relation in ground.relations:
        if draw(st.booleans()):
            four = sorted(draw(st.tuples(*[st.integers(1, 5000)] * 4)))
            late = draw(st.none() | st.floats(0, 1))
            parts.append(fan_out(relation.key, *map(float, four), late=late))
    return measures(*parts)
