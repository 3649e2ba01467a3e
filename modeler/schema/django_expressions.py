"""Django's conditions and expressions as trees.

A ``Q``, ``F``, lookup, function, ``Case`` or ``Value`` is compiled by Django itself to the SQL
that a migration would send, with placeholders, and that SQL is read (sql_expressions.py). So
every lookup and function works that Django or a library knows, negations carry the ``IS NOT
NULL`` that Django adds, and both sides of a comparison went through one grammar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, Value
from django.db.models.sql.query import Query
from django.db.utils import DatabaseError, NotSupportedError

from modeler.schema.database_types import server_spelling
from modeler.schema.dotted import dotted_name
from modeler.schema.expression import Expression, Opaque
from modeler.schema.literals import literal_of
from modeler.schema.sql_expressions import read_sql

SIZE = re.compile(r"\([^)]*\)")
# What compiling raises for an expression that does not fit the model or the database.
REFUSALS = (
    FieldDoesNotExist,
    FieldError,
    NotSupportedError,
    DatabaseError,
    NotImplementedError,
    TypeError,
    ValueError,
    AttributeError,
    KeyError,
)


def read_condition(
    condition: Any,
    model: Any,
    connection: BaseDatabaseWrapper,
    types: Mapping[str, str] | None = None,
) -> Expression:
    """Return the tree of a ``Q`` or boolean expression over the columns of a model.

    Args:
        condition: of a constraint or an index.
        model: a model class or what stands for it in a migration state.
        connection: compiles; it is never opened.
        types: server types by column; casts that change nothing are dropped by them.
    """
    try:
        query = Query(model, alias_cols=False)
        if isinstance(condition, Q):
            node: Any = query.build_where(condition)
        else:
            node = condition.resolve_expression(query, allow_joins=False)
        return _compiled(node, query, connection, types)
    except REFUSALS as error:
        return _refused(condition, error)


def read_value_expression(
    value: Any,
    model: Any,
    connection: BaseDatabaseWrapper,
    types: Mapping[str, str] | None = None,
    *,
    output_field: Any = None,
) -> Expression:
    """Return the tree of a value: of a default, a generated column or an index.

    Args:
        value: an expression, or a plain Python value.
        output_field: what a plain value is stored in.
        model, connection, types: as in ``read_condition``.
    """
    try:
        if not hasattr(value, "resolve_expression"):
            if output_field is None:
                return literal_of(value)
            value = Value(value, output_field)
        query = Query(model, alias_cols=False)
        return _compiled(
            value.resolve_expression(query, allow_joins=False), query, connection, types
        )
    except REFUSALS as error:
        return _refused(value, error)


def value_type(value: Any, model: Any, connection: BaseDatabaseWrapper) -> str:
    """Return the server's type of an expression's output field, without sizes.

    Args:
        value, model, connection: as in ``read_value_expression``.

    Returns:
        ``""`` where Django does not know it, or the database has no type of its own for it.
    """
    try:
        resolved = value.resolve_expression(Query(model, alias_cols=False), allow_joins=False)
        declared = resolved.output_field.db_type(connection)
    except REFUSALS:
        return ""
    return SIZE.sub("", server_spelling(declared)) if declared else ""


def _compiled(
    node: Any, query: Query, connection: BaseDatabaseWrapper, types: Mapping[str, str] | None
) -> Expression:
    compiler = query.get_compiler(connection=connection)
    sql, parameters = compiler.compile(node)
    return read_sql(sql, parameters=tuple(parameters), types=types or {})


def _refused(expression: Any, error: Exception) -> Opaque:
    return Opaque(
        dotted_name(expression),
        f"Django cannot compile it here: {type(error).__name__}: {error}",
        "python",
    )
