"""A straightforward reader with the mistakes that straightforward readers make.

It is what one writes from Django's documentation in an afternoon. Every rule's check must refuse
what it reads, or the check proves nothing.
"""

from __future__ import annotations

import inspect
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.state import ProjectState
from django.utils.encoding import force_str

from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


def read_naively() -> Schema:
    """One table a class name, one edge a pair of models, the default connection for all."""
    by_name: dict[str, Table] = {}
    for model in apps.get_models():
        by_name[model.__name__] = _table(model)
    return Schema(tuple(by_name.values()))


def read_state_naively(state: ProjectState) -> Schema:
    """Render every class, as documentation suggests."""
    return Schema(tuple(_table(model) for model in state.apps.get_models()))


def read_database_naively(connection: Any) -> Schema:
    """Django's introspection: visible tables, one column at a time."""
    tables = []
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for name in names:
            relations = [
                Relation(name, column, RelationKind.FOREIGN_KEY, (column,), str(found[1]),
                         target_columns=(found[0],))
                for column, found in connection.introspection.get_relations(cursor, name).items()
            ]  # fmt: skip
            tables.append(
                Table(
                    f"default:{name}",
                    Location("default", "", name),
                    TableKind.TABLE,
                    name,
                    relations=tuple(relations),
                )
            )
    return Schema(tuple(tables))


def _table(model: Any) -> Table:
    opts = model._meta
    columns, edges = [], {}
    for field in opts.get_fields():
        # Until Django 6 a many-to-many field even says that it is concrete.
        if getattr(field, "column", None) or not getattr(field, "auto_created", False):
            columns.append(_column(field))
        if field.is_relation and field.related_model is not None:
            target = field.related_model
            edges[target.__name__] = Relation(
                owner=opts.label,
                field=field.name,
                kind=RelationKind.FOREIGN_KEY,
                columns=(getattr(field, "column", None) or field.name,),
                target=target._meta.label,
                target_location=Location(DEFAULT_DB_ALIAS, "", target._meta.db_table),
                target_columns=(target._meta.pk.name,),
                on_delete=getattr(
                    getattr(getattr(field, "remote_field", None), "on_delete", None),
                    "__name__",
                    "",
                ),
                at_owner=Cardinality.ZERO_OR_MORE,
                at_target=Cardinality.ONE,
            )
    return Table(
        key=opts.label,
        location=Location(DEFAULT_DB_ALIAS, "", opts.db_table),
        kind=TableKind.MODEL,
        name=model.__name__,
        app=opts.app_label,
        label=force_str(opts.verbose_name),
        primary_key=(opts.pk.column,) if opts.pk is not None else (),
        columns=tuple(columns),
        relations=tuple(edges.values()),
        bases=tuple(base.__name__ for base in model.__bases__),
        documentation=inspect.getdoc(model) or "",
    )


def _column(field: Any) -> Column:
    return Column(
        name=str(getattr(field, "column", None) or field.name),
        database_type=str(
            field.db_type(connections[DEFAULT_DB_ALIAS]) if hasattr(field, "db_type") else ""
        ),
        field=field.name,
        field_type=type(field).__name__,
        label=force_str(getattr(field, "verbose_name", "")),
        help_text=str(getattr(field, "help_text", "")),
    )
