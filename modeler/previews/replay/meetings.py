"""Rows that one state's classes write, met by another's on the same schema."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.replay.acts import Acts
from modeler.previews.replay.exercise import models_here, silence
from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.field_values import NoValue
from modeler.previews.replay.parents import NoParent, Parents, classes_by_table
from modeler.previews.replay.relations import relations_of
from modeler.previews.replay.replay import Attempt, Failure, Verb
from modeler.previews.replay.rows import SPARSE

MET = "rows that the other code wrote"


def meet(
    writers: Apps, readers: Apps, connection: BaseDatabaseWrapper, models: Set[str]
) -> tuple[Attempt, ...]:
    """Let ``writers`` leave out all that they may, and ``readers`` read the row.

    Longer texts, greater numbers and new choices are read well by older classes; NULL, where
    they take a column for never NULL, is not.

    Args:
        writers, readers: classes of two project states.
        connection: as for ``exercise``; it is left as it was.
        models: labels of the writers.

    Returns:
        attempts of the readers; what the writers cannot insert is not met.
    """
    by_table = classes_by_table(readers)
    met = [
        (model, reader, careless)
        for model in models_here(writers, connection.alias)
        if model._meta.label in models
        and (reader := by_table.get(model._meta.db_table)) is not None
        and (careless := _careless(reader, model))
    ]
    if not met:
        return ()
    attempts: list[Attempt] = []
    with silence(writers), relations_of(writers), transaction.atomic(using=connection.alias):
        parents = Parents(writers, connection, readers)
        for model, reader, careless in met:
            attempts += _met(model, reader, careless, parents)
        transaction.set_rollback(True, using=connection.alias)
    return tuple(attempts)


def _careless(reader: type[models.Model], writer: type[models.Model]) -> list[models.Field]:
    """Return what a reader takes for never NULL, though the writer may leave it so."""
    written = {field.column: field for field in writer._meta.local_concrete_fields}
    return [
        field
        for field in reader._meta.local_concrete_fields
        if not field.null
        and not field.primary_key
        and (field.column not in written or written[field.column].null)
    ]


def _met(
    writer: type[models.Model],
    reader: type[models.Model],
    careless: list[models.Field],
    parents: Parents,
) -> list[Attempt]:
    label = reader._meta.label
    try:
        plan = parents.plan(writer)
        parents.provide(writer, len(plan.shapes))
        sparse = next((s for s in plan.shapes if s.name == SPARSE), plan.shapes[0])
        with parents.scratch.undone():
            _, key = Acts(writer, parents).insert(plan, [sparse], together=True)
            rows: Any = models.QuerySet(reader, using=parents.connection.alias).order_by()
            read = rows.values(*(field.attname for field in careless)).get(pk=key)
    except (NoValue, NoParent) as error:
        return [Attempt(label, Verb.READ, MET, skipped=str(error))]
    except Exception as error:  # an insert or a read that fails is another meeting's
        return [Attempt(label, Verb.READ, MET, skipped=failure_of(error).message)]
    return [
        Attempt(label, Verb.READ, MET, field.name, _nothing(field))
        for field in careless
        if read[field.attname] is None
    ] or [Attempt(label, Verb.READ, MET)]


def _nothing(field: models.Field) -> Failure:
    return Failure("", "reads NULL", field.model._meta.db_table, field.column or "")
