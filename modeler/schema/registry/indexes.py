"""Indexes from model fields and ``Meta``."""

from __future__ import annotations

from typing import Any

from django.db.models.expressions import ExpressionList, F, OrderBy
from django.db.models.functions import Collate

from modeler.schema.django_expressions import read_condition, read_value_expression, value_type
from modeler.schema.expression import ColumnRef
from modeler.schema.index import Index, IndexPart
from modeler.schema.registry.columns import Stored, server_types, stored_fields
from modeler.schema.registry.reading import Model, Reading

# The stubs do not know what its instances have.
COLLATE: Any = Collate
PATTERN_CLASSES = (("varchar", "varchar_pattern_ops"), ("text", "text_pattern_ops"))


def indexes_of(model: Model, reading: Reading) -> tuple[Index, ...]:
    """Return the indexes that Django makes for a model, except those behind constraints.

    For an unmanaged model it makes none.
    """
    opts = model._meta
    if opts.proxy or opts.swapped or not opts.managed:
        return ()
    found: list[Index] = []
    for stored in stored_fields(model, reading):
        found += _field_indexes(stored, model, reading)
    editor = reading.editor(model)
    for together in reading.declared(model, "index_together"):  # until Django 5.0
        columns = [opts.get_field(name).column for name in together]
        name = editor._create_index_name(opts.db_table, columns, suffix="_idx")
        found.append(Index(name, tuple(IndexPart(column) for column in columns)))
    found += [_meta_index(index, model, reading) for index in reading.declared(model, "indexes")]
    return tuple(found)


def _field_indexes(stored: Stored, model: Model, reading: Reading) -> list[Index]:
    """Return the index of ``db_index`` and the pattern twin that Django makes for text."""
    field = stored.field
    if not (field.db_index or field.unique):
        return []
    editor, table = reading.editor(model), model._meta.db_table
    found = []
    if field.db_index and not field.unique:
        found.append(
            Index(
                editor._create_index_name(table, [field.column], suffix=""),
                (IndexPart(field.column),),
                source="field",
            )
        )
    operator_class = _pattern_class(stored, model, reading)
    if operator_class:
        found.append(
            Index(
                editor._create_index_name(table, [field.column], suffix="_like"),
                (IndexPart(field.column, operator_class=operator_class),),
                source="like",
            )
        )
    return found


def _pattern_class(stored: Stored, model: Model, reading: Reading) -> str:
    # Django asks the server whether a collation is deterministic and makes no twin if it is
    # not; without asking, the usual case is taken: all that PostgreSQL brings are.
    if reading.connection(model).vendor != "postgresql" or "[" in stored.declared:
        return ""
    return next((ops for start, ops in PATTERN_CLASSES if stored.declared.startswith(start)), "")


def _meta_index(index: Any, model: Model, reading: Reading) -> Index:
    opts, connection = model._meta, reading.connection(model)
    types = server_types(model, reading)
    if getattr(index, "expressions", ()):
        parts = expression_parts(index.expressions, model, reading, types)
    else:
        classes = tuple(getattr(index, "opclasses", ())) or ("",) * len(index.fields_orders)
        parts = tuple(
            IndexPart(
                opts.get_field(name).column,
                descending=order == "DESC",
                operator_class=operator_class,
            )
            for (name, order), operator_class in zip(index.fields_orders, classes, strict=False)
        )
    condition = index.condition
    return Index(
        name=index.name,
        parts=parts,
        method=_method(index),
        condition=None
        if condition is None
        else read_condition(condition, model, connection, types),
        include=tuple(opts.get_field(name).column for name in index.include or ()),
        options=_options(index),
    )


def _method(index: Any) -> str:
    """Return the access method: PostgreSQL's index classes carry it as their suffix."""
    suffix = getattr(index, "suffix", "idx")
    methods = {"idx": "btree", "btree": "btree"}
    return str(methods.get(suffix, suffix))


def _options(index: Any) -> tuple[tuple[str, str], ...]:
    """Return the storage parameters of PostgreSQL's index classes."""
    found = []
    for name in ("fillfactor", "deduplicate_items", "fastupdate", "gin_pending_list_limit",
                 "buffering", "autosummarize", "pages_per_range", "length"):  # fmt: skip
        value = getattr(index, name, None)
        if value is not None:
            text = ("on" if value else "off") if isinstance(value, bool) else str(value)
            found.append((name, text))
    # BloomIndex calls the bits of its columns col1, col2 …
    bits = enumerate(getattr(index, "columns", None) or (), 1)
    found += [(f"col{position}", str(size)) for position, size in bits]
    return tuple(sorted(found))


def expression_parts(
    expressions: Any, model: Model, reading: Reading, types: dict[str, str]
) -> tuple[IndexPart, ...]:
    """Return the key parts of ``Index(Lower("name").desc(), …)`` and its kin."""
    if isinstance(expressions, ExpressionList):
        expressions = expressions.source_expressions
    return tuple(_part(expression, model, reading, types) for expression in expressions)


def _part(expression: Any, model: Model, reading: Reading, types: dict[str, str]) -> IndexPart:
    connection = reading.connection(model)
    descending, nulls, operator_class, collation = False, "", "", ""
    while True:
        inner = None
        if isinstance(expression, OrderBy):
            descending = expression.descending
            # First is the default downwards, last upwards.
            if expression.nulls_first and not descending:
                nulls = "first"
            elif expression.nulls_last and descending:
                nulls = "last"
            inner = expression.expression
        elif type(expression) is COLLATE:
            collation, inner = expression.collation, expression.get_source_expressions()[0]
        elif type(expression).__name__ == "OpClass":
            operator_class, inner = expression.name, expression.get_source_expressions()[0]
        elif type(expression).__name__ == "IndexExpression":
            inner = expression.get_source_expressions()[0]
        if inner is None:
            break
        expression = inner
    if isinstance(expression, str):
        expression = F(expression)
    tree = read_value_expression(expression, model, connection, types)
    if isinstance(tree, ColumnRef) and not tree.path:
        return IndexPart(
            tree.column, None, descending, nulls, operator_class, collation,
        )  # fmt: skip
    kind = value_type(expression, model, connection)
    return IndexPart("", tree, descending, nulls, operator_class, collation, type=kind)
