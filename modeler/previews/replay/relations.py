"""Which models refer to which, by one registry: what a cascade follows.

Classes of a project state are shared between its copies, and Django asks the registry that
rendered a class for what refers to it. That registry may have gone on to a later state.

Their default ordering is left out for the time: migrations often leave it behind at fields that
are no more, which the project's own classes do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps
from django.db.models import Model

# Cached properties of a relation and its other side.
DERIVED = (
    "related_model", "related_fields", "reverse_related_fields", "local_related_fields",
    "foreign_related_fields", "path_infos", "reverse_path_infos",
)  # fmt: skip


@contextmanager
def relations_of(apps: Apps) -> Iterator[None]:
    """Let the classes of ``apps`` see the relations of this registry, within the block."""
    models: list[Any] = list(apps.get_models(include_auto_created=True))
    current = {model._meta.label_lower: model for model in models}
    orderings = [model._meta.ordering for model in models]
    repointed: list[tuple[Any, dict[str, Any]]] = []
    referring: dict[str, list[Any]] = defaultdict(list)
    try:
        for field in _relations(models):
            target = field.remote_field.model
            # Django puts off rendering a class again for the sake of one that it refers to.
            newest = current.get(target._meta.label_lower, target)
            if newest is not target:
                repointed += [(part, dict(vars(part))) for part in (field, field.remote_field)]
                _point(field, newest)
            referring[newest._meta.concrete_model._meta.label_lower].append(field)
        for model in models:
            meta: Any = model._meta
            meta.ordering = ()
            meta._expire_cache()
            label = meta.concrete_model._meta.label_lower
            vars(meta)["_relation_tree"] = referring.get(label, [])
        yield
    finally:
        for part, attributes in repointed:
            vars(part).clear()
            vars(part).update(attributes)
        for model, ordering in zip(models, orderings, strict=True):
            meta = model._meta
            meta.ordering = ordering
            meta._expire_cache()


def _relations(models: Iterable[Any]) -> Iterator[Any]:
    for model in models:
        meta: Any = model._meta
        for field in meta._get_fields(reverse=False, include_parents=False):
            is_bound = field.is_relation and field.related_model is not None
            if is_bound and not isinstance(field.remote_field.model, str):
                yield field


def _point(field: Any, target: type[Model]) -> None:
    """Let a relation lead to another class, and forget what was derived from the former one."""
    for part in (field, field.remote_field):
        for name in DERIVED:
            vars(part).pop(name, None)
    field.remote_field.model = target
