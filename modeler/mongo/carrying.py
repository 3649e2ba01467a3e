"""From one index of PostgreSQL to indexes of a collection, or the reason why not.

Source: MongoDB manual, "Indexes", "Partial Indexes", "Hashed Indexes", "Collation".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.mongo.index_fields import column_of, filter_of, held
from modeler.mongo.index_sources import source_of
from modeler.mongo.index_spec import Direction, IndexSpec, named_index
from modeler.mongo.inverted import inverted
from modeler.mongo.server_features import MOST_FIELDS, OLDEST, Version
from modeler.schema.expression import ColumnRef, Function
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table

CASE_INSENSITIVE = {"locale": "en", "strength": 2}
ORDERED_METHODS = frozenset({"btree", "brin"})


def carry(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], server: Version = OLDEST
) -> list[IndexSpec]:
    """Return what one index becomes: none where that on ``_id`` serves, two where it must.

    Args:
        table: that has it.
        index: of the table.
        fields: by column, each called by its path in the document.
        server: the oldest MongoDB that shall have it.

    Raises:
        NotCarried: it has no counterpart.
    """
    source = source_of(index)
    if table.primary_key and index.unique and index.columns == table.primary_key:
        return []  # _id is unique by itself
    made = _carried(table, index, fields, source, server)
    if any(_is_of_id(one) and "collation" in dict(one.options) for one in made):
        raise NotCarried("MongoDB's index on _id has no collation of its own")
    return [one for one in made if not _is_of_id(one)]  # there always is one, over all documents


def _is_of_id(index: IndexSpec) -> bool:
    """Tell whether MongoDB takes it for the index that every collection has."""
    return index.keys in ((("_id", 1),), (("_id", -1),))


def _carried(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], source: str, server: Version
) -> list[IndexSpec]:
    if index.method == "gin":
        return inverted(table, index, fields, source, server)
    if index.method == "hash":
        return [_hashed(index, column_of(index.parts[0], fields), source)]
    if index.method not in ORDERED_METHODS:
        raise NotCarried(f"MongoDB has no counterpart of the method {index.method}")
    keys, collation = _keys(index, fields)
    if len(keys) + len(index.include) > MOST_FIELDS:
        raise NotCarried(f"an index of MongoDB has {MOST_FIELDS} fields at most")
    options: dict[str, Any] = {}
    if index.unique:
        options["unique"] = True
    if collation:
        options["collation"] = CASE_INSENSITIVE
    condition = filter_of(index, fields)
    if condition:
        options["partialFilterExpression"] = condition
    notes = []
    if collation:
        notes.append(
            "queries must name the same collation; strength 2 is close to lower(), not equal"
        )
    if index.method == "brin":
        notes.append("a plain index for BRIN")
    payload = tuple((held(name, fields).name, 1) for name in index.include)
    if payload and not index.unique:
        return [named_index((*keys, *payload), options, source, "; ".join(notes))]
    result = [named_index(keys, options, source, "; ".join(notes))]
    if payload:  # a key of its own: in the unique one, the payload would be part of what is unique
        lean = {name: value for name, value in options.items() if name != "unique"}
        result.append(named_index((*keys, *payload), lean, source, "covers what INCLUDE covered"))
    return result


def _keys(
    index: Index, fields: Mapping[str, FieldSpec]
) -> tuple[tuple[tuple[str, Direction], ...], bool]:
    """Return the key, and whether it compares without case."""
    keys: list[tuple[str, Direction]] = []
    without_case = []
    arrays = 0
    for part in index.parts:
        column, folded = part, False
        if part.expression is not None:
            match part.expression:
                case Function(
                    name="lower" | "upper", arguments=(ColumnRef(column=name, path=()),)
                ):
                    column, folded = IndexPart(column=name), True
                case _:
                    raise NotCarried("an expression would need a field that stores its result")
        field = column_of(column, fields)
        arrays += field.types in ((), ("array",))
        if folded or field.types == ("string",):
            without_case.append(folded)
        keys.append((field.name, -1 if part.descending else 1))
    if any(without_case) and not all(without_case):
        raise NotCarried(
            "it compares one text with and another without case; a collation rules all"
        )
    if len({name for name, _ in keys}) != len(keys):
        raise NotCarried("it names a field twice")
    if arrays > 1:
        # Documents with two arrays would be refused when they are written.
        raise NotCarried("several of its fields may hold arrays, of which MongoDB indexes one")
    return tuple(keys), any(without_case)


def _hashed(index: Index, field: FieldSpec, source: str) -> IndexSpec:
    notes = [] if index.condition is None else ["over all documents: its condition is left out"]
    direction: Direction = "hashed"
    if field.types in ((), ("array",)):
        # It would refuse documents.
        notes.append("a plain index: no array is hashed")
        direction = 1
    return named_index(((field.name, direction),), {}, source, "; ".join(notes))
