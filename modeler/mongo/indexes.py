"""From indexes and unique constraints to indexes of a collection, or the reason why not.

Source: MongoDB manual, "Indexes", "Partial Indexes", "Text Indexes", "Wildcard Indexes".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried, not_null, partial_filter
from modeler.mongo.formulas.rewriting import PLAIN_KEY, Rewriting, Rewritten
from modeler.mongo.server_features import (
    COMPOUND_WILDCARD,
    MOST_FIELDS,
    MOST_INDEXES,
    OLDEST,
    VERSIONS,
    Version,
)
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Function, columns_of, is_opaque
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

    @property
    def paths(self) -> tuple[str, ...]:
        """Fields that the key or the filter names, each once."""
        named = [name for name, _ in self.keys]
        named += _named(dict(self.options).get("partialFilterExpression", {}))
        return tuple(dict.fromkeys(named))


def _named(condition: Mapping[str, Any]) -> list[str]:
    names: list[str] = []
    for name, value in condition.items():
        if name in ("$and", "$or"):
            names += [inner for part in value for inner in _named(part)]
        else:
            names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class Uncarried:
    """An index or constraint that has no counterpart."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class RewrittenIndex:
    """An index or constraint over fields that documents get for it.

    Attributes:
        source: what it is called.
        fields: their names.
        note: what PostgreSQL computes for each.
    """

    source: str
    fields: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class LaterIndex:
    """An index that a newer server has otherwise.

    Attributes:
        source: what it is called.
        since: the first version.
        keys: what it is there.
    """

    source: str
    since: Version
    keys: tuple[tuple[tuple[str, Direction], ...], ...]


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """All that becomes of a table's indexes.

    Attributes:
        indexes: of the collection.
        uncarried: what has none.
        fields: that documents get beside their columns, for these indexes.
        rewritten: what is over such fields.
        later: what a newer server has otherwise.
    """

    indexes: tuple[IndexSpec, ...]
    uncarried: tuple[Uncarried, ...]
    fields: tuple[FieldSpec, ...] = ()
    rewritten: tuple[RewrittenIndex, ...] = ()
    later: tuple[LaterIndex, ...] = ()


def index_plan(
    table: Table,
    fields: Mapping[str, FieldSpec],
    others: Iterable[IndexSpec] = (),
    *,
    rewriting: Rewriting | None = None,
    server: Version = OLDEST,
) -> IndexPlan:
    """Return the indexes of a table's collection.

    Args:
        table: with its indexes and constraints.
        fields: by column; what a key of the document is called.
        others: of what is embedded, and those declared for the collection.
        rewriting: gives fields to what no column holds; one of the table if not given.
        server: the oldest MongoDB that shall have them.
    """
    rewriting = rewriting or Rewriting(table, fields)
    made: list[IndexSpec] = []
    uncarried: list[Uncarried] = []
    changed: list[Rewritten] = []
    later: list[LaterIndex] = []
    for index in wanted_indexes(table):
        try:
            rewritten = rewriting.rewrite(index)
            at = {**fields, **dict(rewritten.known)}
            made += noted(carry(table, rewritten.index, at, server), rewritten.note)
            later += _later(table, rewritten.index, at, server)
            changed.append(rewritten)
        except NotCarried as reason:
            uncarried.append(Uncarried(source_of(index), str(reason)))
    uncarried += [
        Uncarried(constraint.name, "MongoDB has no exclusion constraints")
        for constraint in table.constraints
        if constraint.kind is ConstraintKind.EXCLUSION
    ]
    made, merged = _one_text_index([*made, *others])
    indexes, beyond = _at_most(_without_redundant(made))
    used = {name for index in indexes for name in index.paths}
    kept = [one for one in changed if any(field.name in used for field in one.fields)]
    own = {field.name: field for one in kept for field in one.fields if field.name in used}
    return IndexPlan(
        indexes,
        (*uncarried, *merged, *beyond),
        tuple(own.values()),
        tuple(map(rewritten_index, kept)),
        tuple(later),
    )


def _later(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], server: Version
) -> list[LaterIndex]:
    """Return the first newer server on which the index is another, if there is one."""
    now = carry(table, index, fields, server)
    for version in VERSIONS:
        if version > tuple(server[:2]) and (then := carry(table, index, fields, version)) != now:
            return [LaterIndex(source_of(index), version, tuple(one.keys for one in then))]
    return []


def rewritten_index(rewritten: Rewritten) -> RewrittenIndex:
    """Return what is said of an index over fields of its own."""
    names = tuple(field.name for field in rewritten.fields)
    return RewrittenIndex(source_of(rewritten.index), names, rewritten.note)


def noted(indexes: Iterable[IndexSpec], note: str) -> list[IndexSpec]:
    """Return indexes with a further clause in their notes."""
    if not note:
        return list(indexes)
    return [replace(one, note="; ".join(filter(None, (one.note, note)))) for one in indexes]


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


def carry(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], server: Version = OLDEST
) -> list[IndexSpec]:
    """Return what one index becomes: none for that of the primary key, two where it must.

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
    if index.method == "gin":
        return _inverted(table, index, fields, source, server)
    if index.method == "hash":
        return [_hashed(_column(index.parts[0], fields), source)]
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
        field = _column(column, fields)
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


def _hashed(field: FieldSpec, source: str) -> IndexSpec:
    """A hash of what may be an array would refuse documents."""
    if field.types in ((), ("array",)):
        return named_index(((field.name, 1),), {}, source, "a plain index: no array is hashed")
    return named_index(((field.name, "hashed"),), {}, source)


def _inverted(
    table: Table, index: Index, fields: Mapping[str, FieldSpec], source: str, server: Version
) -> list[IndexSpec]:
    """GIN: over a search vector a text index, over JSON a wildcard, over an array multikey."""
    if any("trgm" in part.operator_class for part in index.parts):
        raise NotCarried("trigrams need Atlas Search or a field of n-grams")
    if len(index.parts) > 1:
        return _inverted_with_others(index, fields, source, server)
    part = index.parts[0]
    if (key := _entries(part, fields)) is not None:
        note = "multikey" if "$" not in key else "wildcard for GIN on JSON"
        condition = _condition(index, fields)
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
            {"default_language": "none"},
            source,
            "a text index; its ranking is not PostgreSQL's",
        )
    ]


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
            keys.append((_column(part, fields).name, 1))
        elif key is not None:
            within += 1
            keys.append((key, 1))
        else:
            raise NotCarried("a part of it is neither an array nor JSON nor a plain column")
    if within > 1:
        raise NotCarried("MongoDB cannot index two arrays or documents together")
    condition = _condition(index, fields)
    options = {"partialFilterExpression": condition} if condition else {}
    if not any("$" in name for name, _ in keys) or COMPOUND_WILDCARD.on(server):
        return [named_index(tuple(keys), options, source, "multikey or wildcard with the others")]
    # One for each: the server before it had compound ones uses the better.
    note = f"of its own; one compound index from MongoDB {COMPOUND_WILDCARD.first} on"
    return [named_index((key,), options, source, note) for key in keys]


def _at_most(indexes: tuple[IndexSpec, ...]) -> tuple[tuple[IndexSpec, ...], list[Uncarried]]:
    """Keep as many as a collection can have beside that on ``_id``, first those with duties."""
    room = MOST_INDEXES - 1
    kept = sorted(indexes, key=lambda index: not _duties(index))[:room]
    reason = f"a collection has {MOST_INDEXES} indexes at most"
    beyond = [Uncarried(index.source, reason) for index in indexes if index not in kept]
    return tuple(index for index in indexes if index in kept), beyond


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
