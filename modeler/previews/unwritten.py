"""Changes of models that no migration holds yet, as ``makemigrations`` would write them."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import MigrationWriter
from django.utils import translation
from django.utils.timezone import now

from modeler.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Written:
    """The source of a migration that is in no file.

    Attributes:
        app, name: what it would be called.
        source: Python.
        needs: migrations that it depends on, as (app, name).
        changes: its operations in words, as ``makemigrations`` prints them.
    """

    app: str
    name: str
    source: str
    needs: tuple[tuple[str, str], ...] = ()
    changes: tuple[str, ...] = ()


@dataclass
class Answers(MigrationQuestioner):
    """Answers what ``makemigrations`` would ask, and notes each answer.

    Args:
        renames: whether what looks like a rename is one.
    """

    renames: bool = False
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(specified_apps=set(), dry_run=True)

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        value = self._placeholder(field_name, model_name)
        self.notes.append(
            f"makemigrations will ask for a default of {model_name}.{field_name}; "
            f"previewed with {value!r}."
        )
        return value

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        self.notes.append(
            f"makemigrations will ask for a default of {model_name}.{field_name}; "
            "previewed with the time of the preview."
        )
        return now()

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        self.notes.append(
            f"makemigrations will ask what rows without {model_name}.{field_name} get; "
            "previewed as if there were none."
        )
        return models.NOT_PROVIDED

    def ask_unique_callable_default_addition(self, field_name: str, model_name: str) -> Any:
        self.notes.append(
            f"{model_name}.{field_name} is unique with a computed default: all rows that are "
            "there would get one and the same value."
        )
        return None

    def ask_rename(
        self, model_name: str, old_name: str, new_name: str, field_instance: models.Field
    ) -> bool:
        return self._renamed(f"{model_name}.{old_name}", f"{model_name}.{new_name}")

    def ask_rename_model(self, old_model_state: Any, new_model_state: Any) -> bool:
        label = old_model_state.app_label
        return self._renamed(f"{label}.{old_model_state.name}", f"{label}.{new_model_state.name}")

    def _renamed(self, old: str, new: str) -> bool:
        if self.renames:
            self.notes.append(f"{old} is previewed as renamed to {new}.")
        else:
            self.notes.append(
                f"{old} may be renamed to {new}; previewed as a removal and an addition. "
                "Preview it as a rename with --renames."
            )
        return self.renames

    @staticmethod
    def _placeholder(field_name: str, model_name: str) -> Any:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.model_name != model_name.lower():
                continue
            for found in model._meta.local_fields:
                if found.name == field_name:
                    return placeholder(found)
        return ""


PLACEHOLDERS: tuple[tuple[type[models.Field], Any], ...] = (
    (models.BooleanField, False),
    (models.DecimalField, Decimal(0)),
    (models.IntegerField, 0),
    (models.FloatField, 0.0),
    (models.DurationField, datetime.timedelta(0)),
    (models.UUIDField, uuid.UUID(int=0)),
    (models.JSONField, {}),
    (models.BinaryField, b""),
    (models.GenericIPAddressField, "127.0.0.1"),
    (models.ForeignKey, 1),
)


def placeholder(found: models.Field) -> Any:
    """Return a value that the column of a field takes, for rows that are there already."""
    if isinstance(found, models.DateTimeField):
        return now()
    if isinstance(found, models.DateField):
        return now().date()
    if isinstance(found, models.TimeField):
        return now().time()
    if found.choices:
        return next((value for value, _ in found.flatchoices), "")
    return next((value for kind, value in PLACEHOLDERS if isinstance(found, kind)), "")


def unwritten_migrations(
    loader: MigrationLoader, *, renames: bool = False
) -> tuple[tuple[Written, ...], tuple[str, ...]]:
    """Return what ``makemigrations`` would write now, in order, and the answers it was given.

    Args:
        loader: the project's migrations.
        renames: whether what looks like a rename is one.

    Raises:
        ConfigurationError: the changes cannot be written down.
    """
    answers = Answers(renames=renames)
    # A lazily translated text would be written in the language of this process.
    with translation.override(None):
        try:
            detector = _detector()(loader.project_state(), ProjectState.from_apps(apps), answers)
            changes = detector.changes(graph=loader.graph)
            found = [
                Written(
                    label,
                    migration.name,
                    MigrationWriter(migration, include_header=False).as_string(),
                    tuple(migration.dependencies),
                    tuple(operation.describe() for operation in migration.operations),
                )
                for label, migrations in changes.items()
                for migration in migrations
            ]
        except (ValueError, TypeError, LookupError, ImproperlyConfigured) as error:
            raise ConfigurationError(
                f"The changes of the models cannot be written as migrations: {error}"
            ) from error
    return _ordered(found), tuple(answers.notes)


def _detector() -> type[MigrationAutodetector]:
    """Return the project's own autodetector, if its ``makemigrations`` names one."""
    app = get_commands().get("makemigrations", "django.core")
    command = load_command_class(app, "makemigrations") if isinstance(app, str) else app
    return getattr(command, "autodetector", MigrationAutodetector)


def _ordered(found: list[Written]) -> tuple[Written, ...]:
    """Return them so that each comes after those that it needs."""
    by_key = {(one.app, one.name): one for one in found}
    ordered: dict[tuple[str, str], Written] = {}

    def visit(one: Written) -> None:
        key = (one.app, one.name)
        if key in ordered:
            return
        by_key.pop(key, None)
        for need in one.needs:
            if need in by_key:
                visit(by_key[need])
        ordered[key] = one

    for one in found:
        visit(one)
    return tuple(ordered.values())
