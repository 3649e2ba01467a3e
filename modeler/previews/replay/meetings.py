"""Rows that one state's classes write, met by another's on the same schema."""

from __future__ import annotations

from collections.abc import Container

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.replay.exercise import models_here, silence
from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.field_values import NoValue
from modeler.previews.replay.parents import NoParent, Parents, classes_by_table
from modeler.previews.replay.relations import relations_of
from modeler.previews.replay.replay import Attempt, Failure, Verb
from modeler.previews.replay.rows import Rows

MET = "rows that the other code wrote"


def meet(
    writers: Apps, readers: Apps, connection: BaseDatabaseWrapper, models: Container[str]
) -> tuple[Attempt, ...]:
    """Let ``writers`` insert rows of every shape, and ``readers`` read them and save them again.

    Args:
        writers, readers: classes of two project states.
        connection: as for ``exercise``; it is left as it was.
        models: labels of the writers.

    Returns:
        attempts of the readers; what the writers cannot insert is not met.
    """
    by_table = classes_by_table(readers)
    attempts: list[Attempt] = []
    with (
        silence(),
        relations_of(writers),
        relations_of(readers),
        transaction.atomic(using=connection.alias),
    ):
        parents = Parents(writers, connection, readers)
        for model in models_here(writers, connection.alias):
            reader = by_table.get(model._meta.db_table)
            if reader is not None and model._meta.label in models:
                try:
                    plan = parents.plan(model)
                    parents.provide(model, len(plan.shapes))
                except (NoValue, NoParent):
                    continue
                attempts += _met(plan, reader, parents)
        transaction.set_rollback(True, using=connection.alias)
    return tuple(attempts)


def _met(plan: Rows, reader: type[models.Model], parents: Parents) -> list[Attempt]:
    alias = parents.connection.alias
    written = {f.column: f for f in plan.model._meta.local_concrete_fields}
    # What the readers take for never NULL, though the writers may leave it out.
    careless = [
        field
        for field in reader._meta.local_concrete_fields
        if not field.null
        and not field.primary_key
        and (field.column not in written or written[field.column].null)
    ]
    found: dict[str, Attempt] = {}
    label = reader._meta.label
    for shape in plan.shapes:
        try:
            with transaction.atomic(using=alias):
                row = parents.filled(plan, shape, 0)
                (made,) = parents.insert(plan, [row])
                key = made if made is not None else row.get(plan.model._meta.pk.attname)
                own = models.QuerySet(reader, using=alias).filter(pk=key)
                names = [f.attname for f in reader._meta.local_concrete_fields]
                read = own.values(*names).get()
                for field in careless:
                    if read[field.attname] is None:
                        failure = Failure("", "reads NULL", reader._meta.db_table, field.column)
                        found[field.name] = Attempt(label, Verb.READ, MET, field.name, failure)
                transaction.set_rollback(True, using=alias)
        except Exception as error:  # an insert that fails is another meeting's
            found.setdefault("", Attempt(label, Verb.READ, MET, skipped=failure_of(error).message))
    return list(found.values()) or [Attempt(label, Verb.READ, MET)]
