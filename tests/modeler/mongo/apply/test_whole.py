"""Every collection of a project with awkward models: applied, found as specified, left alone."""

from __future__ import annotations

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.apply.progress import Outcome
from modeler.mongo.drift.target import targets_of
from modeler.mongo.spec import aggregate_specs, collection_specs
from modeler.schema.registry import read_registry

from .rounds import applied, drift, planned


def test_all_models_are_applied_once_and_there_is_no_false_alarm(database):
    targets = targets_of(collection_specs(read_registry()))
    progress = applied(targets, database)
    assert [p for p in progress if p.outcome is not Outcome.DONE] == []
    assert drift(targets, database) == []
    again = planned(targets, database)
    assert (again.steps, again.notes) == ((), ())


def test_a_collection_with_embedded_rows_is_applied_as_any(database):
    shape = Aggregate(
        "blog.Tag", "tags", parts=(Part("badges", PartKind.ARRAY, "blog.Badge.tag"),)
    )  # fmt: skip
    targets = targets_of(aggregate_specs(read_registry(), [shape]))
    assert [p for p in applied(targets, database) if p.outcome is not Outcome.DONE] == []
    assert drift(targets, database) == []
    assert planned(targets, database).steps == ()
