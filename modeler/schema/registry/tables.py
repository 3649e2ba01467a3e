"""Tables from models."""

from __future__ import annotations

import inspect
from typing import Any

from django.db.models.expressions import OrderBy

from modeler.schema.dotted import dotted_name
from modeler.schema.registry.columns import columns_of
from modeler.schema.registry.constraints import constraints_of
from modeler.schema.registry.history import history_of, keeps_history
from modeler.schema.registry.indexes import indexes_of
from modeler.schema.registry.reading import Model, Reading, key_of
from modeler.schema.registry.relations import relations_of
from modeler.schema.registry.uniqueness import primary_key_columns
from modeler.schema.table import AdminFacts, Source, Table, TableKind


def table_of(
    model: Model,
    reading: Reading,
    *,
    admin: tuple[AdminFacts, ...] = (),
    source: Source | None = None,
    unread: tuple[tuple[str, str], ...] = (),
) -> Table:
    """Return the table of a model, or of what stands for one in a migration state."""
    opts = model._meta
    missed = list(unread)
    stored = not (opts.proxy or opts.swapped)
    label, label_plural = _labels(model)
    return Table(
        key=key_of(model),
        location=reading.location(model),
        kind=kind_of(model),
        name=opts.object_name,
        app=opts.app_label,
        label=label,
        label_plural=label_plural,
        primary_key=primary_key_columns(model) if stored else (),
        columns=columns_of(model, reading, missed) if stored else (),
        relations=relations_of(model, reading),
        indexes=indexes_of(model, reading),
        constraints=constraints_of(model, reading, missed),
        bases=_bases(model),
        abstract_bases=_abstract_bases(model),
        history_of=history_of(model),
        managed=bool(opts.managed),
        ordering=tuple(_ordering(entry) for entry in opts.ordering or ()),
        comment=str(getattr(opts, "db_table_comment", "") or ""),
        documentation=_documentation(model),
        admin=admin,
        source=source,
        unread=tuple(missed),
        also_at=reading.further_locations(model),
    )


def kind_of(model: Model) -> TableKind:
    """Return the kind; the first that fits. Most views are unmanaged: the server knows more."""
    opts = model._meta
    if opts.swapped:
        return TableKind.SWAPPED
    if opts.proxy:
        return TableKind.PROXY
    # An unmanaged one is no table of events but a query over many (pghistory's ``Events``).
    if keeps_history(model) and opts.managed:
        return TableKind.HISTORY
    if opts.auto_created:
        return TableKind.JOIN
    if any(link is not None for link in opts.parents.values()):
        return TableKind.CHILD
    # django-postgres-extra's views are managed models that carry their query.
    if hasattr(model, "_view_meta"):
        return TableKind.VIEW
    return TableKind.MODEL if opts.managed else TableKind.UNMANAGED


def _labels(model: Model) -> tuple[str, str]:
    """Return the names for people; of an automatic join table, Django's English ones.

    Django translates those when the class is made, into the language of whoever starts it.
    """
    opts = model._meta
    if opts.auto_created and opts.unique_together:
        ends = "-".join(str(name) for name in opts.unique_together[0])
        return f"{ends} relationship", f"{ends} relationships"
    return str(opts.verbose_name), str(opts.verbose_name_plural)


def _bases(model: Model) -> tuple[str, ...]:
    """Return the concrete models it directly inherits from."""
    opts = model._meta
    if opts.proxy:
        return (key_of(opts.proxy_for_model),) if opts.proxy_for_model else ()
    return tuple(key_of(parent) for parent, link in opts.parents.items() if link in
                 opts.local_fields)  # fmt: skip


def _abstract_bases(model: Model) -> tuple[str, ...]:
    """Return the abstract models of the whole MRO, the nearest first."""
    found = []
    for base in getattr(model, "__mro__", ())[1:]:
        # Abstract models keep the Options that they were made with in their own namespace.
        opts = base.__dict__.get("_meta")
        if opts is not None and opts.abstract:
            found.append(dotted_name(base))
    return tuple(found)


def _ordering(entry: Any) -> str:
    """Return an entry of ``Meta.ordering`` as text: ``-created_at``, or the expression."""
    expression: Any = entry.expression if isinstance(entry, OrderBy) else entry
    name = getattr(expression, "name", None)
    if name is None or expression is entry:
        return str(name or entry)
    sign = "-" if entry.descending else ""
    nulls = " nulls first" if entry.nulls_first else " nulls last" if entry.nulls_last else ""
    return f"{sign}{name}{nulls}"


def _documentation(model: Model) -> str:
    """Return the docstring; not the ``Name(field, …)`` that Django makes up."""
    if getattr(model, "__mro__", None) is None:
        return ""
    written = vars(model).get("__doc__") or ""
    names = ", ".join(field.name for field in model._meta.fields)
    if written == f"{model.__name__}({names})" or model._meta.auto_created:
        return ""
    return inspect.cleandoc(written)
