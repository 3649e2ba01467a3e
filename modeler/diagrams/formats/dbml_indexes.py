"""Keys, indexes and checks of a DBML table."""

from __future__ import annotations

from collections.abc import Iterator

from modeler.diagrams.formats.dbml_words import code, name, settings_text, string
from modeler.diagrams.formats.rule_text import constraint_text, index_text, part_text
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.index import Index, IndexPart
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table

METHODS = frozenset({"btree", "gin", "gist", "hash"})  # what DBML's reader takes


def indexes_of(table: Table, shown: set[str]) -> Iterator[str]:
    """Yield the lines of ``indexes``: composite keys, unique constraints and indexes.

    Those that speak of a column that is not shown are left out. What DBML has no word for
    (condition, direction, operator class, included columns) is the index's note.
    """
    if len(table.primary_key) > 1 and shown.issuperset(table.primary_key):
        yield f"({', '.join(map(name, table.primary_key))}) [pk]"
    for rule in table.constraints:
        if rule.kind is ConstraintKind.UNIQUE and not _said_by_column(rule):
            yield from _line(_index(rule), shown)
    for index in table.indexes:
        if index.source != "constraint":
            yield from _line(index, shown)


def checks_of(table: Table) -> Iterator[str]:
    """Yield the lines of ``checks``."""
    for rule in table.constraints:
        if rule.kind is ConstraintKind.CHECK and rule.expression is not None:
            text = code(rule.expression)
            if text:
                yield f"{text} [name: {string(rule.name)}]" if rule.name else text


def unsaid_rules(table: Table) -> list[str]:
    """Return what DBML has no place for, for the table's note: exclusions, what is not SQL."""
    found = []
    for rule in table.constraints:
        exclusion = rule.kind is ConstraintKind.EXCLUSION
        check = rule.kind is ConstraintKind.CHECK
        if exclusion or (check and not (rule.expression and code(rule.expression))):
            found.append(f"{rule.kind.capitalize()}: {constraint_text(rule)}")
        elif rule.kind is ConstraintKind.UNIQUE and not _said_by_column(rule):
            found += _unsaid_index(_index(rule))
    for index in table.indexes:
        found += _unsaid_index(index)
    return found


def _unsaid_index(index: Index) -> list[str]:
    return [] if all(_keys(index)) and index.parts else [f"Index: {index_text(index)}"]


def _said_by_column(rule: Constraint) -> bool:
    return len(rule.columns) == 1 and not rule.index_only and not rule.parts


def _index(rule: Constraint) -> Index:
    return Index(
        rule.name,
        rule.parts or tuple(IndexPart(column) for column in rule.columns),
        unique=True,
        nulls_distinct=rule.nulls_distinct,
        condition=rule.condition,
        include=rule.include,
    )


def _line(index: Index, shown: set[str]) -> Iterator[str]:
    if not shown.issuperset(index.columns):
        return
    keys = _keys(index)
    if not keys or not all(keys):
        return
    settings = ["unique"] if index.unique else []
    if index.name:
        settings.append(f"name: {string(index.name)}")
    if index.method in METHODS and index.method != "btree":
        settings.append(f"type: {index.method}")
    note = _note(index)
    if note:
        settings.append(f"note: {string(note)}")
    yield f"({', '.join(keys)}){settings_text(settings)}"


def _keys(index: Index) -> list[str]:
    return [
        name(part.column) if part.column else code(part.expression) if part.expression else ""
        for part in index.parts
    ]


def _note(index: Index) -> str:
    words = [] if index.method in METHODS else [f"method {index.method}"]
    words += [part_text(part) for part in index.parts if part_text(part) != _bare(part)]
    words += [] if index.nulls_distinct else ["nulls not distinct"]
    words += [f"include ({', '.join(index.include)})"] if index.include else []
    words += [f"where {sql_text(index.condition)}"] if index.condition else []
    words += [index.comment] if index.comment else []
    return "; ".join(words)


def _bare(part: IndexPart) -> str:
    return part_text(IndexPart(part.column, part.expression))
