"""Every collection of a project with awkward models: applied, found as specified, left alone."""

from __future__ import annotations

from modeler.mongo.apply.progress import Outcome
from modeler.mongo.drift.target import targets_of
from modeler.mongo.spec import collection_specs
from modeler.schema.registry import read_registry

from .rounds import applied, drift, planned


def test_all_models_are_applied_once_and_there_is_no_false_alarm(database):
    targets = targets_of(collection_specs(read_registry()))
    progress = applied(targets, database)
    assert [p for p in progress if p.outcome is not Outcome.DONE] == []
    assert drift(targets, database) == []
    again = planned(targets, database)
    assert (again.steps, again.notes) == ((), ())
