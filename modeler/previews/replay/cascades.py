"""What else cannot be deleted, since deleting it leads to a table that the code cannot use.

Django follows foreign keys in Python (``django.db.models.deletion.Collector``): deleting a row
sends a query to every table that refers to it, whether it has such rows or not, and goes on from
the rows that are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.previews.replay.acts import Acts
from modeler.previews.replay.exercise import models_here, silence
from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.parents import Parents, concrete_models
from modeler.previews.replay.relations import relations_of
from modeler.previews.replay.replay import Attempt, Failure, Verb

CHAIN = "one row, with rows that hang on it"
# Where the collector ends: it does not go on from the rows that it finds.
ENDS = (
    models.SET_NULL,
    models.SET_DEFAULT,
    models.PROTECT,
    models.RESTRICT,
    models.DO_NOTHING,
)
MOST_WAYS, LONGEST_WAY = 4, 6
Path = tuple[models.Field, ...]


def broken_causes(attempts: Iterable[Attempt]) -> dict[str, set[Failure]]:
    """Return why models cannot even be read, whatever the rows are: causes by label."""
    found: dict[str, set[Failure]] = {}
    for attempt in attempts:
        failure = attempt.failure
        if attempt.verb is Verb.READ and failure is not None and failure.is_structural:
            found.setdefault(attempt.model, set()).add(failure)
    return found


def cascades(
    apps: Apps,
    connection: BaseDatabaseWrapper,
    broken: Mapping[str, Set[Failure]],
    tried: Set[str],
) -> tuple[Attempt, ...]:
    """Try to delete a row of each model whose delete may lead to a broken one.

    Args:
        apps: of the state whose classes are tried.
        connection: as for ``exercise``; it is left as it was.
        broken: why models cannot be read, by label.
        tried: labels of models whose delete was tried already.

    Returns:
        the deletes that failed for one of those reasons.
    """
    paths = _paths(apps, broken)
    known = set().union(*broken.values())
    tables = {model._meta.label: model for model in models_here(apps, connection.alias)}
    # A row without others was tried already; of longer ways one with others has to be found.
    wanted = [
        label
        for label in sorted(paths.keys() & tables.keys() - broken.keys())
        if label not in tried or any(paths[label])
    ]
    if not wanted:
        return ()
    attempts: list[Attempt] = []
    with (
        silence(apps),
        relations_of(apps),
        _unprotected(apps),
        transaction.atomic(using=connection.alias),
    ):
        parents = Parents(apps, connection)
        for label in wanted:
            attempts += _attempts(tables[label], paths[label], parents, known)
        transaction.set_rollback(True, using=connection.alias)
    return tuple(attempts)


@contextmanager
def _unprotected(apps: Apps) -> Iterator[None]:
    """Let rows that protect others be looked at, as Django does, without ending there.

    Whether such rows hang on one is chance; there may be one without them.
    """
    protecting = [
        field.remote_field
        for model in concrete_models(apps)
        for field in _foreign_keys(model)
        if field.remote_field.on_delete in (models.PROTECT, models.RESTRICT)
    ]
    kept = [relation.on_delete for relation in protecting]
    try:
        for relation in protecting:
            relation.on_delete = _look_at
        yield
    finally:
        for relation, on_delete in zip(protecting, kept, strict=True):
            relation.on_delete = on_delete


def _look_at(collector: Any, field: Any, rows: Any, using: str) -> None:
    list(rows)


def _attempts(
    model: type[models.Model], paths: Sequence[Path], parents: Parents, known: Set[Failure]
) -> Iterator[Attempt]:
    """Yield the attempt that led to a broken model, if one did."""
    acts = Acts(model, parents)
    for path in paths:
        try:
            with parents.scratch.undone():
                acts.delete(_row(path, acts))
        except Exception as error:  # whatever a collector meets
            failure = failure_of(error)
            if failure in known:
                yield Attempt(model._meta.label, Verb.DELETE, CHAIN, failure=failure)
                return


def _row(path: Path, acts: Acts) -> models.Model:
    """Return a row on which rows hang along the path; else one that stands for any."""
    instance = acts.stand_in()
    keys: list[Any] = []
    try:
        with acts.parents.scratch.kept():
            for position, field in enumerate(path):
                rows: Any = models.QuerySet(field.model, using=acts.alias).order_by()
                if position:
                    rows = rows.filter(pk__in=keys)
                found = rows.exclude(**{f"{field.attname}__isnull": True})
                keys = list(found.values_list(field.attname, flat=True)[:20])
    except DatabaseError:  # a table on the way is not there
        keys = []
    if keys:
        instance.pk = keys[0]
    return instance


def _paths(apps: Apps, broken: Iterable[str]) -> dict[str, list[Path]]:
    """Return the models that lead to a broken one, with the foreign keys on the ways up to them.

    The first key of a way, that of the broken model itself, is left out: its table cannot be
    asked, and the collector does so even where there is no row.
    """
    broken = set(broken)
    referring = {
        model._meta.label: [field for field in _foreign_keys(model) if _goes_on(field)]
        for model in concrete_models(apps)
    }
    found: dict[str, list[Path]] = {}
    level: list[tuple[str, Path]] = [
        (_target(field), ())
        for model in concrete_models(apps)
        if model._meta.label in broken
        for field in _foreign_keys(model)
    ]
    for _ in range(LONGEST_WAY):
        kept = []
        for label, path in dict.fromkeys(level):
            ways = found.setdefault(label, [])
            if len(ways) < MOST_WAYS and path not in ways:
                ways.append(path)
                kept.append((label, path))
        level = [
            (_target(field), (*path, field))
            for label, path in kept
            for field in referring.get(label, ())
            if field not in path
        ]
    return found


def _goes_on(field: Any) -> bool:
    return field.remote_field.on_delete not in ENDS


def _foreign_keys(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if field.remote_field]


def _target(field: Any) -> str:
    return field.remote_field.model._meta.concrete_model._meta.label
