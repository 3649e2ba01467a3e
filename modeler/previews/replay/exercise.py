"""Let the model classes of a project state select, insert, update and delete on a database."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from typing import Any

from django.apps import apps as project_apps
from django.apps.registry import Apps
from django.db import models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import signals

from modeler.previews.replay.parents import Parents, classes_by_table, concrete_models
from modeler.previews.replay.relations import relations_of
from modeler.previews.replay.replay import Attempt
from modeler.previews.replay.row_security import obey_row_security
from modeler.previews.replay.trial import Trial

SIGNALS = (
    signals.pre_init, signals.post_init, signals.pre_save, signals.post_save,
    signals.pre_delete, signals.post_delete, signals.m2m_changed,
)  # fmt: skip


def exercise(
    apps: Apps,
    connection: BaseDatabaseWrapper,
    models: Set[str] | None = None,
    *,
    others: Apps | None = None,
) -> tuple[Attempt, ...]:
    """Try what code does with each model, and leave the database as it was.

    Args:
        apps: of a project state (``ProjectState.apps``).
        connection: PostgreSQL, registered in ``django.db.connections`` under its alias, by which
            the routers are asked. Its transaction, if it has one, is still usable afterwards.
        models: labels (``catalog.Product``) to try; all that the routers let live here without it.
        others: the classes at the other side of the migrations. Their constraints suggest
            values, and they make rows to point at where the own classes cannot any more.

    Returns:
        attempts in the order of the labels. Proxies are left out: they have no table.
    """
    attempts: list[Attempt] = []
    if models is not None and not models:
        return ()
    counterparts = classes_by_table(others) if others else {}
    with silence(apps), relations_of(apps), transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            # Or foreign keys would fail at a commit that never comes.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tried = [
            model
            for model in models_here(apps, connection.alias)
            if models is None or model._meta.label in models
        ]
        obey_row_security(connection, [model._meta.db_table for model in tried])
        parents = Parents(apps, connection, others)
        for model in tried:
            attempts += Trial(model, parents, counterparts.get(model._meta.db_table)).run()
        transaction.set_rollback(True, using=connection.alias)
    return tuple(attempts)


def models_here(apps: Apps, alias: str) -> list[type[models.Model]]:
    """Return the classes whose tables the routers let live on an alias, by label."""
    return sorted(
        (model for model in concrete_models(apps) if router.allow_migrate_model(alias, model)),
        key=lambda model: model._meta.label,
    )


@contextmanager
def silence(apps: Apps) -> Iterator[None]:
    """Let no receiver of the project hear of what is tried.

    Where one hears of deletes, Django fetches rows before it deletes them
    (``Collector.can_fast_delete``); there a receiver that does nothing takes its place.
    """
    heard = [(signal, signal.receivers) for signal in SIGNALS]
    fetched = [model for model in apps.get_models(include_auto_created=True) if _is_heard(model)]
    try:
        for signal in SIGNALS:
            signal.receivers = []
            signal.sender_receivers_cache.clear()
        for model in fetched:
            signals.post_delete.connect(_hear_nothing, sender=model, weak=False)
        yield
    finally:
        for signal, receivers in heard:
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()


def _is_heard(model: type[models.Model]) -> bool:
    """Tell whether somebody hears of deletes of the project's own class of that name."""
    try:
        own = project_apps.get_model(model._meta.label)
    except LookupError:
        own = model  # it is no more, or not yet; receivers of every class hear it
    return any(signal.has_listeners(own) for signal in (signals.pre_delete, signals.post_delete))


def _hear_nothing(**kwargs: Any) -> None:
    pass
