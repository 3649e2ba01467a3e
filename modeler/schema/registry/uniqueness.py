"""Which sets of columns a model's declarations make unique."""

from __future__ import annotations

from typing import Any

from django.db.models import UniqueConstraint

from modeler.schema.registry.reading import Model


def unique_sets(model: Model) -> tuple[frozenset[str], ...]:
    """Return sets of columns that no two rows share.

    Only total constraints over plain columns count: a partial one leaves rows out, and one over
    expressions says nothing about the columns themselves.
    """
    opts = model._meta
    found = [frozenset({field.column}) for field in opts.local_fields if field.unique]
    found.append(frozenset(primary_key_columns(model)))
    names = [tuple(together) for together in opts.unique_together]
    names += [
        tuple(constraint.fields)
        for constraint in opts.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.condition is None
        and not getattr(constraint, "expressions", ())
    ]
    local = {field.name: field.column for field in opts.local_fields}
    found += [
        frozenset(local[name] for name in together)
        for together in names
        if all(name in local for name in together)
    ]
    return tuple(columns for columns in found if columns)


def is_unique(model: Model, columns: tuple[str, ...]) -> bool:
    """Tell whether no two rows have the same values in these columns."""
    return any(unique <= set(columns) for unique in unique_sets(model))


def primary_key_columns(model: Model) -> tuple[str, ...]:
    """Return the columns of the primary key in key order, also of a composite one."""
    key: Any = model._meta.pk
    if key is None:
        return ()
    if key.column is not None:
        return (key.column,)
    return tuple(model._meta.get_field(name).column for name in key.field_names)
