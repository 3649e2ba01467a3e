"""Columns of PostgreSQL's own enums: texts, of which a validator lists the labels.

Sources: PostgreSQL manual, 8.7 "Enumerated Types" (they sort in the order of their labels);
MongoDB manual, "$jsonSchema" (``enum``).
"""

from __future__ import annotations

import re
from dataclasses import replace

from modeler.mongo.field import FieldSpec, HeldBy
from modeler.schema.column import Column
from modeler.schema.schema import Schema

# A name as format_type prints it, quoted where it has to be.
NAME = re.compile(r'"(?:[^"]|"")*"|[^".\[\]]+')


def labels_of(schema: Schema, alias: str, database_type: str) -> tuple[str, ...]:
    """Return the labels of an enum; none where the type is no enum that the schema knows.

    Args:
        schema: read from a live database; models do not know their databases' enums.
        alias: of the table's database.
        database_type: of the column, as the server prints it.
    """
    parts = tuple(
        part[1:-1].replace('""', '"') if part.startswith('"') else part
        for part in NAME.findall(database_type)
    )
    return next(
        (
            enum.values
            for enum in schema.enums
            if (place := enum.location).alias == alias
            and parts in ((place.table,), (place.schema, place.table))
            and (not place.schema or len(parts) == 2)
        ),
        (),
    )


def enum_field(schema: Schema, alias: str, column: Column, name: str) -> FieldSpec | None:
    """Return the field of a column that holds labels of an enum; None for any other type.

    Of an array the labels are not listed: it may have several dimensions.
    """
    many = column.element is not None
    kind = column.element.database_type if column.element is not None else column.database_type
    labels = labels_of(schema, alias, kind)
    if not labels:
        return None
    note = f"labels of {kind}, which sort as texts here and in their own order in PostgreSQL"
    field = FieldSpec(name, column.name, ("string",), column.null, note=note)
    if many:
        items = {"bsonType": ["string", "null", "array"]}
        return replace(field, types=("array",)).with_rule("items", items, HeldBy.DATABASE)
    allowed = [*labels, None] if column.null else list(labels)
    return field.with_rule("enum", allowed, HeldBy.DATABASE)
