"""Models that keep the history of others: django-simple-history and django-pghistory.

Both are known by their fields, so a migration state, which has no classes, knows them too.
"""

from __future__ import annotations

from modeler.schema.registry.reading import Model, key_of

SIMPLE_HISTORY = frozenset({"history_id", "history_date", "history_type"})
PGHISTORY = frozenset({"pgh_id", "pgh_created_at", "pgh_label"})


def keeps_history(model: Model) -> bool:
    """Tell whether a model is a history or event table."""
    names = {field.name for field in model._meta.local_fields}
    return names >= SIMPLE_HISTORY or names >= PGHISTORY


def history_of(model: Model) -> str:
    """Return the key of the model whose history it keeps, ``""`` where it says none."""
    if not keeps_history(model):
        return ""
    for marker in ("instance_type", "pgh_tracked_model"):
        tracked = getattr(model, marker, None)
        if tracked is not None and hasattr(tracked, "_meta"):
            return key_of(tracked)
    for field in model._meta.local_fields:
        if field.name in {"pgh_obj", "history_relation"} and field.remote_field is not None:
            target = field.remote_field.model
            return "" if isinstance(target, str) else key_of(target)
    return ""
