"""modeler's three readers agree on the shop."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from modeler.schema.changes import ChangeKind, Part
from modeler.schema.differences import differences
from modeler.schema.expression import is_opaque
from modeler.schema.live import read_database
from modeler.schema.registry import read_registry
from modeler.schema.states import read_state


@pytest.fixture
def loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def test_models_and_migrations_say_the_same(loader: MigrationLoader) -> None:
    state = loader.project_state(loader.graph.leaf_nodes())
    assert [str(c) for c in differences(read_state(state), read_registry())] == []


@pytest.mark.django_db
def test_the_database_holds_all_that_the_models_say() -> None:
    """It holds more: triggers, and composite keys that only SQL can declare."""
    live = read_database(connection)
    changes = differences(read_registry(), live)
    missing = [str(change) for change in changes if change.kind is not ChangeKind.ADDED]
    # The events of django-pghistory are a query that poses as a model.
    assert missing == ["removed table default:pghistory_events"]
    added = {(change.part, change.path.rpartition(".")[0]) for change in changes} - {
        (Part.TRIGGER, change.path.rpartition(".")[0]) for change in changes
    }
    assert {part for part, _ in added} <= {Part.TABLE, Part.CONSTRAINT, Part.INDEX}


@pytest.mark.django_db
def test_every_rule_of_the_shop_is_read() -> None:
    for schema in (read_registry(), read_database(connection)):
        unread = [
            f"{table.key}.{constraint.name}"
            for table in schema.tables
            for constraint in table.constraints
            if is_opaque(constraint.expression) or is_opaque(constraint.condition)
        ]
        assert unread == []
