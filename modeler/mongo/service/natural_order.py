"""The order in which a collection is paged: one that an index has, and that ends with the key.

Source: MongoDB manual, "Use Indexes to Sort Query Results". Offsets are never used: a server
reads all that it skips.
"""

from __future__ import annotations

from modeler.mongo.field import FieldSpec
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.spec import CollectionSpec
from modeler.schema.table import Table

Order = tuple[tuple[str, int], ...]
# Null is not greater or less than anything, and NaN hides what comes after it.
COMPARABLE = frozenset({"string", "int", "long", "decimal", "bool", "date", "binData"})
# With these an index holds some documents only, or texts in another order.
PARTIAL = frozenset({"partialFilterExpression", "collation", "sparse", "expireAfterSeconds"})


def natural_order(spec: CollectionSpec, table: Table) -> Order:
    """Return path and direction, ``_id`` last.

    The model's own ordering, where an index has it; else newest first, where one has that; else
    the key's.
    """
    eligible = {field.name: field for field in (*spec.key, *spec.fields) if _comparable(field)} | {
        "_id": None
    }
    indexes = [index for index in spec.indexes if _ordered(index, eligible)]
    by_column = {field.column: field.name for field in (*spec.key, *spec.fields)}
    declared = declared_order(table, by_column)
    if declared:
        for index in indexes:
            for turn in (1, -1):
                if tuple((name, way * turn) for name, way in index.keys)[: len(declared)] == (
                    declared
                ):
                    return _ending_with_key(declared)
    for index in indexes:
        name, way = index.keys[0]
        if (field := eligible[name]) is not None and _newest(field) and way == -1:
            return _ending_with_key(tuple(index.keys))  # type: ignore[arg-type]
    return (("_id", 1),)


def declared_order(table: Table, by_column: dict[str, str]) -> Order:
    """Return the model's ordering as paths, none if part of it has no field."""
    order: list[tuple[str, int]] = []
    for told in table.ordering:
        name = told.removeprefix("-")
        if name == "pk":
            path = "_id"
        else:
            column = table.column_of_field(name)
            path = by_column.get(column.name, "") if column is not None else ""
        if not path:
            return ()
        order.append((path, -1 if told.startswith("-") else 1))
    return tuple(order)


def _ending_with_key(keys: Order) -> Order:
    """Cut after ``_id``, or add it in the last field's direction, so that an index can go on."""
    names = [name for name, _ in keys]
    if "_id" in names:
        return keys[: names.index("_id") + 1]
    return (*keys, ("_id", keys[-1][1]))


def _comparable(field: FieldSpec) -> bool:
    return field.stored and not field.null and bool(field.types) and field.types[0] in COMPARABLE


def _ordered(index: IndexSpec, eligible: dict[str, FieldSpec | None]) -> bool:
    return not PARTIAL & {name for name, _ in index.options} and all(
        way in (1, -1) and name in eligible for name, way in index.keys
    )


def _newest(field: FieldSpec) -> bool:
    return field.types[0] == "date"
