"""Which models refer to which, by one registry: what a cascade follows.

Classes of a project state are shared between its copies, and Django asks the registry that
rendered a class for what refers to it. That registry may have gone on to a later state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps.registry import Apps


@contextmanager
def relations_of(apps: Apps) -> Iterator[None]:
    """Let the classes of ``apps`` see the relations of this registry, for the time of the block."""
    models = apps.get_models(include_auto_created=True)
    referring: dict[str, list[Any]] = defaultdict(list)
    for model in models:
        for field in model._meta._get_fields(reverse=False, include_parents=False):
            if field.is_relation and field.related_model is not None:
                target = field.remote_field.model
                if not isinstance(target, str):
                    # By label: a class may still point at an earlier rendering of another one.
                    referring[target._meta.concrete_model._meta.label_lower].append(field)
    try:
        for model in models:
            meta = model._meta
            meta._expire_cache()
            label = meta.concrete_model._meta.label_lower
            meta.__dict__["_relation_tree"] = referring.get(label, [])
        yield
    finally:
        for model in models:
            model._meta._expire_cache()
