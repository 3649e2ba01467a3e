"""Walking along migrations: each step is what Django says it is, in any order of asking."""

from __future__ import annotations

import pytest
from django.db import migrations, models
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader

from modeler.diagrams.comparison.history import History
from modeler.errors import ConfigurationError, UnknownName
from modeler.schema.differences import differences
from modeler.schema.encoding import fingerprint
from modeler.schema.states import read_state
from modeler.sources import project_history
from tests.modeler.schema.asking import keys, relation


def history_of(**apps: dict[str, list]) -> History:
    """A history of apps whose migrations follow each other, each app on those before it."""
    loader = MigrationLoader(None, load=False)
    loader.graph, loader.unmigrated_apps = MigrationGraph(), set()
    last: tuple[str, str] | None = None
    for app, steps in apps.items():
        for name, operations in steps.items():
            migration = migrations.Migration(name, app)
            migration.operations = operations
            loader.graph.add_node((app, name), migration)
            if last:
                loader.graph.add_dependency(migration, (app, name), last)
            last = (app, name)
    return History(loader)


def pets() -> History:
    code = models.CharField(max_length=8, unique=True)
    owner = models.ForeignKey("people.Owner", models.CASCADE, to_field="code")
    return history_of(
        people={
            "0001_initial": [
                migrations.CreateModel(
                    "Owner", [("id", models.BigAutoField(primary_key=True)), ("code", code)]
                )
            ]
        },
        pets={
            "0001_initial": [
                migrations.CreateModel(
                    "Pet", [("id", models.BigAutoField(primary_key=True)), ("owner", owner)]
                )
            ],
            "0002_name": [migrations.AddField("pet", "name", models.CharField(max_length=20))],
        },
        late={"0001_rename": [migrations.RenameField("owner", "code", "sku")]},
    )


def renaming() -> History:
    history = pets()
    migration = history.loader.graph.nodes["late", "0001_rename"]
    migration.app_label = "people"  # it changes another app's model, as run_before makes it
    return history


def test_a_migration_alone_leaves_out_what_it_depends_on() -> None:
    history = pets()
    # As a step, it brings along the app that it depends on; alone, it does not.
    assert [str(change) for change in differences(*history.around("pets", "0001_initial"))] == [
        "added table pets.Pet"
    ]
    assert [str(change) for change in differences(*history.around("pets", "0002"))] == [
        "added column pets.Pet.name"
    ]
    before, _ = history.around("people", "0001_initial")
    assert before.tables == ()
    with pytest.raises(UnknownName):
        history.around("pets", "0099")


def test_a_step_changes_what_its_migration_says() -> None:
    history = pets()
    assert history.app_steps("pets") == ("0001_initial", "0002_name")
    assert [str(change) for change in history.changes_of_step("pets", 1)] == [
        "added table pets.Pet"
    ]
    assert [str(change) for change in history.changes_of_step("pets", 2)] == [
        "added column pets.Pet.name"
    ]
    assert [str(change) for change in history.changes_between_steps("pets", 2, 0)] == [
        "removed table pets.Pet"
    ]
    assert keys(history.schema("people")) == ["people.Owner"]


def test_earlier_steps_keep_the_names_that_later_ones_change() -> None:
    """Django's operations change the fields that the migrations themselves hold."""
    history = renaming()
    for _ in range(2):
        assert relation(history.schema(), "pets.Pet.owner").target_columns == ("sku",)
        assert relation(history.schema("pets"), "pets.Pet.owner").target_columns == ("code",)
        history._read.cache_clear()


def test_the_project_s_own_steps_are_django_s_states() -> None:
    history = project_history()
    loader = MigrationLoader(None)
    for app in history.apps:
        for position, name in enumerate(history.app_steps(app), start=1):
            expected = fingerprint(read_state(loader.project_state((app, name))))
            assert fingerprint(history.schema(app, name)) == expected
            assert fingerprint(history.schema_at_step(app, position)) == expected


@pytest.mark.parametrize(
    ("app", "name", "error", "message"),
    [
        ("pet", "", UnknownName, "There is no app with migrations 'pet'. Did you mean pets?"),
        ("pets", "0003", UnknownName, "There is no migration of pets '0003'."),
        ("pets", "000", ConfigurationError,
         "'000' fits several migrations of pets: 0001_initial, 0002_name. Write more"),
    ],
)  # fmt: skip
def test_unknown_migrations_are_answered_with_the_nearest(
    app: str, name: str, error: type, message: str
) -> None:
    with pytest.raises(error) as caught:
        pets().schema(app, name)
    assert message in str(caught.value)
    with pytest.raises(ConfigurationError, match="pets has 2 migrations; there is no step 3"):
        pets().schema_at_step("pets", 3)
