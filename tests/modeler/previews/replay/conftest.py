"""A small shop of states: two models, changed one way at a time on a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from modeler.postgres.shadow import Shadow
from modeler.previews.replay.crossing import Crossing
from modeler.previews.replay.replay import Replay

Operations = list[Any]
START: Operations = [
    migrations.CreateModel(
        "Owner",
        [
            ("id", models.AutoField(primary_key=True)),
            ("name", models.CharField(max_length=40)),
        ],
    ),
    migrations.CreateModel(
        "Pet",
        [
            ("id", models.AutoField(primary_key=True)),
            ("name", models.CharField(max_length=20)),
            ("nick", models.CharField(max_length=20, null=True)),
            ("note", models.TextField(default="")),
            ("age", models.IntegerField(default=1)),
            ("weight", models.DecimalField(max_digits=6, decimal_places=2, default=1)),
            ("alive", models.BooleanField(default=True)),
            ("kind", models.CharField(max_length=9, choices=[("dog", "Dog"), ("cat", "Cat")])),
            ("born", models.DateTimeField(null=True)),
            ("owner", models.ForeignKey("pets.Owner", models.CASCADE)),
            ("sitter", models.ForeignKey("pets.Owner", models.SET_NULL, null=True,
                                         related_name="sits")),
        ],
    ),
]  # fmt: skip


class Pets:
    """A database with the models of START, and their state."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.state = ProjectState()
        self.apply(START)

    def apply(self, operations: Operations) -> None:
        migration = migrations.Migration("change", "pets")
        migration.operations = operations
        with self.connection.schema_editor(atomic=True) as editor:
            self.state = migration.apply(self.state, editor)

    def cross(self, operations: Operations, *, tables: tuple[str, ...] = ()) -> Replay:
        """Apply operations between the two halves of a replay."""
        old, new = self.state.clone(), self.state.clone()
        for operation in operations:
            operation.state_forwards("pets", new)
        opaque = any(isinstance(o, (migrations.RunSQL, migrations.RunPython)) for o in operations)
        crossing = Crossing(self.connection, old, new, opaque=opaque)
        crossing.before()
        self.apply(operations)
        return crossing.after(tables)


@pytest.fixture
def pets(shadow: Shadow) -> Iterator[Pets]:
    with shadow.clone("replay") as clone, clone.registered("default") as connection:
        yield Pets(connection)


Cross = Callable[[Operations], Replay]
