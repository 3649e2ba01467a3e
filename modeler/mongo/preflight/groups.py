"""Questions to several rows together: values that a unique index of MongoDB takes for one, and
references that lead nowhere."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from modeler.mongo.documents.sql import as_bytes, is_loose, qualified, quoted, rows_of
from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.types import typed
from modeler.mongo.held_keys import key_is_held
from modeler.mongo.index_sources import source_of, wanted_indexes
from modeler.mongo.preflight.probe import Probe
from modeler.reporting.finding import Level
from modeler.schema.column import Column
from modeler.schema.expression import ColumnRef, Function
from modeler.schema.index import Index, IndexPart
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table

REFERRING = frozenset({RelationKind.FOREIGN_KEY, RelationKind.ONE_TO_ONE, RelationKind.JOIN})


def unique_probes(table: Table, collated: Container[str] = ()) -> Iterator[Probe]:
    """Yield what a unique index of MongoDB compares otherwise than PostgreSQL's.

    Args:
        table: that is asked.
        collated: its indexes and constraints that a collection has with a collation.
    """
    if table.location is None:
        return
    columns = {column.name: column for column in table.columns}
    for index in wanted_indexes(table):
        if not index.unique:
            continue
        folded = source_of(index) in collated
        shown = [_seen(part, columns, folded=folded) for part in index.parts]
        if any(text == "" for text, _ in shown):
            continue
        kinds = {kind for _, kind in shown} - {""}
        for kind in sorted(kinds):
            yield _twins(table, index, [text for text, _ in shown], kind)


def key_probes(table: Table) -> Iterator[Probe]:
    """Yield whether rows share a key that no constraint holds, or have none.

    Args:
        table: the root of a collection: rows that share a key would be one document.
    """
    if table.location is None or key_is_held(table):
        return
    columns = [f"t.{_plain(name)}" for name in table.primary_key]
    shown = [f"coalesce({column}::text, 'NULL')" for column in columns]
    nothing = " OR ".join(f"{column} IS NULL" for column in columns)
    groups = (
        f"SELECT {', '.join(shown)} "
        f"FROM {rows_of(table).replace('%%', '%')} t "
        f"GROUP BY {', '.join(columns)} HAVING count(*) > 1 OR {nothing}"
    )
    yield Probe(
        "MS515", Level.ERROR, table.key, table.location, (), "",
        "rows that share what the model says is their key, of which one document would be made, "
        "or that have none",
        "Give the table a primary key, or the model another one.",
        groups,
    )  # fmt: skip


def reference_probes(schema: Schema, table: Table) -> Iterator[Probe]:
    """Yield references that no constraint holds and whose row may be gone."""
    for relation in table.relations:
        if relation.kind in REFERRING and not relation.enforced and relation.target_location:
            yield _orphans(table, relation)
        if relation.kind in REFERRING and relation.target_location:
            far = next((t for t in schema.tables if t.location == relation.target_location), None)
            if far is not None and _is_loose(table, far, relation):
                yield _misspelt(table, relation)


def _seen(part: IndexPart, columns: Mapping[str, Column], *, folded: bool) -> tuple[str, str]:
    """How MongoDB sees a part of a key, and in which way it differs; "" where it is not known."""
    expression = part.expression if part.expression is not None else ColumnRef(part.column)
    match expression:
        case Function("lower" | "upper", (ColumnRef(column=inner, path=()),)) if folded:
            # Strength 2 of a collation ignores case as Unicode folds it, and forms of a letter.
            text = f"lower(normalize(t.{_plain(inner)}, NFKC))"
            return f"replace({text}, 'ß', 'ss')", "case"
    try:
        kind = typed(expression, columns).type
    except NotCarried:
        return "", ""
    text = (
        f"({sql_text(expression)})" if part.expression is not None else f"t.{_plain(part.column)}"
    )
    if kind.startswith("timestamp"):
        return f"date_trunc('milliseconds', {text})", "time"
    return text, ""


def _twins(table: Table, index: Index, parts: list[str], kind: str) -> Probe:
    columns = ", ".join(parts)
    given = [f"({part}) IS NOT NULL" for part in parts] if index.nulls_distinct else []
    if index.condition is not None:
        given.insert(0, f"({sql_text(index.condition)})")
    nulls = f" WHERE {' AND '.join(given)}" if given else ""
    keys = ", ".join(f"({part})::text" for part in parts)
    groups = (
        f"SELECT {keys} FROM {rows_of(table).replace('%%', '%')} t{nulls} "
        f"GROUP BY {columns} HAVING count(*) > 1"
    )
    if kind == "time":
        said = "keys a few microseconds apart, which a unique index of MongoDB takes for one"
        hint = "Keep the rule in PostgreSQL, or move the moments apart."
    else:
        said = "keys spelled in two ways, which the collation of a unique index takes for one"
        hint = "Mend the rows, or store the compared text in a column of its own."
    assert table.location is not None
    name = index.name or ", ".join(part.column for part in index.parts)
    return Probe(
        "MS511" if kind == "time" else "MS512", Level.ERROR, f"{table.key}.{name}",
        table.location, (), "", said, hint, groups,
    )  # fmt: skip


def _orphans(table: Table, relation: Relation) -> Probe:
    assert table.location is not None
    pairs = tuple(zip(relation.columns, relation.target_columns, strict=True))
    same = " AND ".join(f"far.{_plain(far)} = t.{_plain(near)}" for near, far in pairs)
    given = " AND ".join(f"t.{_plain(near)} IS NOT NULL" for near, _ in pairs)
    place = qualified(relation.target_location).replace("%%", "%")
    return Probe(
        "MS513", Level.WARNING, relation.key, table.location, table.primary_key,
        f"{given} AND NOT EXISTS (SELECT FROM {place} far WHERE {same})",
        "references to rows that are gone, which no constraint holds",
        "Delete them, or let documents keep a reference that leads nowhere.",
    )  # fmt: skip


def _is_loose(table: Table, far: Table, relation: Relation) -> bool:
    names = {column.name for column in far.columns}
    sides = [table.column(name) for name in relation.columns]
    sides += [far.column(name) for name in relation.target_columns if name in names]
    return any(is_loose(column.database_type, column.collation) for column in sides)


def _misspelt(table: Table, relation: Relation) -> Probe:
    assert table.location is not None
    pairs = tuple(zip(relation.columns, relation.target_columns, strict=True))
    same = " AND ".join(f"far.{_plain(far)} = t.{_plain(near)}" for near, far in pairs)
    differs = " OR ".join(
        f"{as_bytes(f'far.{_plain(far)}')} <> {as_bytes(f't.{_plain(near)}')}"
        for near, far in pairs
    )
    place = qualified(relation.target_location).replace("%%", "%")
    return Probe(
        "MS514", Level.WARNING, relation.key, table.location, table.primary_key,
        f"EXISTS (SELECT FROM {place} far WHERE {same} AND ({differs}))",
        "references that spell the key otherwise than its row, which MongoDB does not find "
        "($lookup compares bytes)",
        "Give them the spelling of the row that they refer to.",
    )  # fmt: skip


def _plain(name: str) -> str:
    return quoted(name).replace("%%", "%")
