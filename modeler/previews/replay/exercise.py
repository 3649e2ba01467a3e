"""Let the model classes of a project state select, insert, update and delete on a database."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager

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
    with silence(), relations_of(apps), transaction.atomic(using=connection.alias):
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
def silence() -> Iterator[None]:
    """Let no receiver of the project hear of what is tried."""
    heard = [(signal, signal.receivers) for signal in SIGNALS]
    try:
        for signal in SIGNALS:
            signal.receivers = []
            signal.sender_receivers_cache.clear()
        yield
    finally:
        for signal, receivers in heard:
            signal.receivers = receivers
            signal.sender_receivers_cache.clear()
