"""From indexes and unique constraints to indexes of a collection, or the reason why not.

Source: MongoDB manual, "Indexes", "Partial Indexes", "Text Indexes", "Wildcard Indexes".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried, not_null, partial_filter
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Expression, Function, columns_of, is_opaque
from modeler.schema.index import Index, IndexPart
from modeler.schema.table import Table

Direction = int | str
CASE_INSENSITIVE = {"locale": "en", "strength": 2}
ORDERED_METHODS = frozenset({"btree", "brin"})


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """An index of a collection.

    Attributes:
        name: deterministic: ``mdl_`` and a hash of keys and options.
        keys: ``(field, 1 | -1 | "hashed" | "text")`` in order; ``field.$**`` for a wildcard.
        options: ``unique``, ``partialFilterExpression``, ``collation``, ``weights`` … in
            Extended JSON, by name.
        source: the index or constraint of PostgreSQL that it stands for.
        note: what differs from there.
    """

    name: str
    keys: tuple[tuple[str, Direction], ...]
    options: tuple[tuple[str, Any], ...]
    source: str
    note: str = ""

    @property
    def unique(self) -> bool:
        return bool(dict(self.options).get("unique"))


@dataclass(frozen=True, slots=True)
class Uncarried:
    """An index or constraint that has no counterpart."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """All that becomes of a table's indexes."""

    indexes: tuple[IndexSpec, ...]
    uncarried: tuple[Uncarried, ...]


def index_plan(
    table: Table, fields: Mapping[str, FieldSpec], others: Iterable[IndexSpec] = ()
) -> IndexPlan:
    """Return the indexes of a table's collection.

    Args:
        table: with its indexes and constraints.
        fields: by column; what a key of the document is called.
        others: of what is embedded, and those declared for the collection.
    """
    made: list[IndexSpec] = []
    uncarried: list[Uncarried] = []
    for index in wanted_indexes(table):
        try:
            made += carry(table, index, fields)
        except NotCarried as reason:
            uncarried.append(Uncarried(source_of(index), str(reason)))
    uncarried += [
        Uncarried(constraint.name, "MongoDB has no exclusion constraints")
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.EXCLUSION
    ]
    made, merged = _one_text_index([*made, *others])
    return IndexPlan(_without_redundant(made), (*uncarried, *merged))


def wanted_indexes(table: Table) -> list[Index]:
    """Return the table's indexes, with its unique constraints as indexes."""
    by_constraint = [
        _as_index(constraint)
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.UNIQUE
    ]
    taken = {index.name for index in by_constraint if index.name}
    others = [
        index
        for index in table.indexes
        # The twin for LIKE serves as it is: a plain index answers anchored patterns here.
        if index.source not in {"like", "constraint"} and index.name not in taken
    ]
    return [*by_constraint, *others]


def _as_index(constraint: Constraint) -> Index:
    parts = constraint.parts or tuple(IndexPart(column=name) for name in constraint.columns)
    return Index(
        constraint.name, parts, unique=True, nulls_distinct=constraint.nulls_distinct,
        condition=constraint.condition, include=constraint.include, source="constraint",
    )  # fmt: skip


def source_of(index: Index) -> str:
    """Return what people call it: its name, or what it is on."""
    if index.name:
        return index.name
    kind = "unique" if index.unique else "index"
    return f"{kind} on {', '.join(part.column or 'an expression' for part in index.parts)}"


def carry(table: Table, index: Index, fields: Mapping[str, FieldSpec]) -> list[IndexSpec]:
    """Return what one index becomes: none for that of the primary key, two where it must.

    Args:
        table: that has it.
        index: of the table.
        fields: by column, each called by its path in the document.

    Raises:
        NotCarried: it has no counterpart.
    """
    source = source_of(index)
    if table.primary_key and index.unique and index.columns == table.primary_key:
        return []  # _id is unique by itself
    if index.method == "gin":
        return [_inverted(table, index, fields, source)]
    if index.method == "hash":
        key = _column(index.parts[0], fields)
        return [named_index(((key.name, "hashed"),), {}, source)]
    if index.method not in ORDERED_METHODS:
        raise NotCarried(f"MongoDB has no counterpart of the method {index.method}")
    keys, collation = _keys(index, fields)
    options: dict[str, Any] = {}
    if index.unique:
        options["unique"] = True
    if collation:
        options["collation"] = CASE_INSENSITIVE
    condition = _condition(index, fields)
    if condition:
        options["partialFilterExpression"] = condition
    notes = []
    if collation:
        notes.append(
            "queries must name the same collation; strength 2 is close to lower(), not equal"
        )
    if index.method == "brin":
        notes.append("a plain index for BRIN")
    payload = tuple((_held(name, fields).name, 1) for name in index.include)
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
        field = _column(column, fields)
        if folded or field.types == ("string",):
            without_case.append(folded)
        keys.append((field.name, -1 if part.descending else 1))
    if any(without_case) and not all(without_case):
        raise NotCarried(
            "it compares one text with and another without case; a collation rules all"
        )
    if len({name for name, _ in keys}) != len(keys):
        raise NotCarried("it names a field twice")
    return tuple(keys), any(without_case)


def _column(part: IndexPart, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    if not part.column:
        raise NotCarried("an expression would need a field that stores its result")
    return _held(part.column, fields)


def _held(column: str, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    field = fields.get(column)
    if field is None or not field.stored:
        raise NotCarried(f"the document does not hold the column {column}")
    return field


def _condition(index: Index, fields: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """The partial filter: the condition, and for unique keys that every column has a value.

    In PostgreSQL NULLs differ from each other unless NULLS NOT DISTINCT; in MongoDB null equals
    null and equals missing.
    """
    parts: list[dict[str, Any]] = []
    if index.condition is not None:
        compiled = partial_filter(index.condition, fields)
        parts += compiled["$and"] if set(compiled) == {"$and"} else [compiled]
    if index.unique and index.nulls_distinct:
        columns = [name for part in index.parts for name in _columns(part)]
        parts += [
            not_null(fields[name]) for name in columns if name in fields and fields[name].null
        ]
    merged: list[dict[str, Any]] = []
    for part in parts:
        if part not in merged:
            merged.append(part)
    if len(merged) <= 1:
        return merged[0] if merged else {}
    names = [name for part in merged for name in part]
    if len(set(names)) == len(names) and not any(name.startswith("$") for name in names):
        return {name: value for part in merged for name, value in part.items()}
    return {"$and": merged}


def _columns(part: IndexPart) -> tuple[str, ...]:
    return (part.column,) if part.column else columns_of(part.expression)


def _inverted(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], source: str
) -> IndexSpec:
    """GIN: over a search vector a text index, over JSON a wildcard, over an array multikey."""
    if len(index.parts) != 1:
        raise NotCarried("MongoDB cannot index two arrays or documents together")
    part = index.parts[0]
    if "trgm" in part.operator_class:
        raise NotCarried("trigrams need Atlas Search or a field of n-grams")
    expression: Expression | None = part.expression
    if part.column:
        field = fields.get(part.column)
        column = table.column(part.column)
        if field is not None and field.stored:
            if field.types == ("array",):
                return named_index(((field.name, 1),), {}, source, "multikey")
            return named_index(((f"{field.name}.$**", 1),), {}, source, "wildcard for GIN on JSON")
        expression = column.generated.expression if column.generated else None
    if expression is None or (is_opaque(expression) and not columns_of(expression)):
        raise NotCarried("the columns that the search vector is made of could not be read")
    names = [fields[name].name for name in columns_of(expression) if name in fields]
    if not names:
        raise NotCarried("the search vector names no column that the document holds")
    return named_index(
        tuple((name, "text") for name in names),
        {"default_language": "none"},
        source,
        "a text index; its ranking is not PostgreSQL's",
    )


def _one_text_index(
    indexes: list[IndexSpec],
) -> tuple[list[IndexSpec], list[Uncarried]]:
    """A collection can have one text index alone: the first stays."""
    text = [index for index in indexes if any(kind == "text" for _, kind in index.keys)]
    refused = text[1:]
    kept = [index for index in indexes if index not in refused]
    reason = "a collection can have one text index alone; merge it into the first by hand"
    return kept, [Uncarried(index.source, reason) for index in refused]


def named_index(
    keys: tuple[tuple[str, Direction], ...], options: dict[str, Any], source: str, note: str = ""
) -> IndexSpec:
    """Return an index whose name is made of what it is."""
    text = json.dumps([keys, options], sort_keys=True)
    name = "mdl_" + hashlib.sha256(text.encode()).hexdigest()[:12]
    return IndexSpec(name, keys, tuple(sorted(options.items())), source, note)


# Options that change what an index refuses or deletes, not which queries it serves. Two indexes
# that differ in these alone cannot be beside each other.
DUTIES = frozenset({"unique", "expireAfterSeconds"})


def _serving(index: IndexSpec) -> tuple[tuple[str, Any], ...]:
    """The options that matter to a query which the index serves."""
    return tuple((name, value) for name, value in index.options if name not in DUTIES)


def _duties(index: IndexSpec) -> tuple[tuple[str, Any], ...]:
    return tuple((name, value) for name, value in index.options if name in DUTIES)


def _without_redundant(indexes: Iterable[IndexSpec]) -> tuple[IndexSpec, ...]:
    """Leave out repeated indexes, and plain ones that another serves for with equal options.

    That is one whose key begins with theirs, or has the same key and a duty besides.
    """
    kept: dict[str, IndexSpec] = {}
    for index in indexes:
        kept.setdefault(index.name, index)
    return tuple(
        index
        for index in kept.values()
        if _duties(index) or not any(_serves_for(other, index) for other in kept.values())
    )


def _serves_for(other: IndexSpec, index: IndexSpec) -> bool:
    if other is index or _serving(other) != _serving(index):
        return False
    if other.keys == index.keys:
        return bool(_duties(other))
    return other.keys[: len(index.keys)] == index.keys
