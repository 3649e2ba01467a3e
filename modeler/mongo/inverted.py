"""Indexes of GIN: over a search vector a text index, over JSON a wildcard, over an array multikey.

Source: MongoDB manual, "Text Indexes", "Wildcard Indexes", "Multikey Indexes".
"""

from __future__ import annotations

from collections.abc import Mapping

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.rewriting import PLAIN_KEY
from modeler.mongo.index_fields import column_of, filter_of
from modeler.mongo.index_spec import Direction, IndexSpec, named_index
from modeler.mongo.server_features import COMPOUND_WILDCARD, Version
from modeler.schema.expression import ColumnRef, columns_of, is_opaque
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table


def inverted(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], source: str, server: Version
) -> list[IndexSpec]:
    """Return what an index of GIN becomes.

    Args:
        table: that has it.
        index: of the table.
        fields: by column, each called by its path in the document.
        source: what people call it.
        server: the oldest MongoDB that shall have it.

    Raises:
        NotCarried: it has no counterpart.
    """
    if any("trgm" in part.operator_class for part in index.parts):
        raise NotCarried("trigrams need Atlas Search or a field of n-grams")
    if len(index.parts) > 1:
        return _inverted_with_others(index, fields, source, server)
    part = index.parts[0]
    if (key := _entries(part, fields)) is not None:
        note = "multikey" if "$" not in key else "wildcard for GIN on JSON"
        condition = filter_of(index, fields)
        options = {"partialFilterExpression": condition} if condition else {}
        return [named_index(((key, 1),), options, source, note)]
    expression = part.expression
    if part.column:
        column = table.column(part.column)
        expression = column.generated.expression if column.generated else None
    if expression is None or (is_opaque(expression) and not columns_of(expression)):
        raise NotCarried("the columns that the search vector is made of could not be read")
    names = [fields[name].name for name in columns_of(expression) if name in fields]
    if not names:
        raise NotCarried("the search vector names no column that the document holds")
    return [
        named_index(
            tuple((name, "text") for name in names),
            {"default_language": "none", "language_override": _no_field(fields)},
            source,
            "a text index; its ranking is not PostgreSQL's",
        )
    ]


def _no_field(fields: Mapping[str, FieldSpec]) -> str:
    """Return a name that no document has: a field ``language`` would say in which one a text is.

    MongoDB refuses documents where it says a language that MongoDB does not know, or is no text.
    """
    name = "_language"
    while name in fields:
        name = f"_{name}"
    return name


def _entries(part: IndexPart, fields: Mapping[str, FieldSpec]) -> str | None:
    """Return the key that indexes the entries of an array or of JSON, None for other values."""
    reference = part.expression if part.expression is not None else ColumnRef(part.column)
    if not isinstance(reference, ColumnRef):
        return None
    field = fields.get(reference.column)
    if field is None or not field.stored:
        return None
    if field.types == ("array",):
        return field.name
    if not all(PLAIN_KEY.match(key) for key in reference.path):
        return None
    return ".".join((field.name, *reference.path, "$**"))


def _inverted_with_others(
    index: Index, fields: Mapping[str, FieldSpec], source: str, server: Version
) -> list[IndexSpec]:
    """GIN over several columns, of which MongoDB indexes the entries of one."""
    keys: list[tuple[str, Direction]] = []
    within = 0
    for part in index.parts:
        field = fields.get(part.column) if part.column else None
        key = _entries(part, fields)
        if field is not None and field.types not in ((), ("array",), ("object",)):
            keys.append((column_of(part, fields).name, 1))
        elif key is not None:
            within += 1
            keys.append((key, 1))
        else:
            raise NotCarried("a part of it is neither an array nor JSON nor a plain column")
    if within > 1:
        raise NotCarried("MongoDB cannot index two arrays or documents together")
    condition = filter_of(index, fields)
    options = {"partialFilterExpression": condition} if condition else {}
    if not any("$" in name for name, _ in keys) or COMPOUND_WILDCARD.on(server):
        return [named_index(tuple(keys), options, source, "multikey or wildcard with the others")]
    # One for each: the server before it had compound ones uses the better.
    note = f"of its own; one compound index from MongoDB {COMPOUND_WILDCARD.first} on"
    return [named_index((key,), options, source, note) for key in keys]
