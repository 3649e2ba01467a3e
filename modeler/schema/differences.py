"""The changes that lead from one schema to another.

Two readings of models match their tables by key. As soon as one side is a live database they match
by location, names that Django or the server made up are matched by what they stand for, and only
what a database can hold is compared. Two live databases are compared by all that their catalogs
say, but for the order of columns. Between a migration state and the models, what no migration
writes down is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from modeler.schema.aligned import is_live
from modeler.schema.catalog_view import catalog_views, without_echoes
from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.column import Column
from modeler.schema.database_view import database_view
from modeler.schema.domain_changes import domain_changes
from modeler.schema.index import Index
from modeler.schema.recorded_view import recorded_view
from modeler.schema.renaming import with_columns_renamed
from modeler.schema.schema import LIVE, OriginKind, Schema
from modeler.schema.table import Table

T = TypeVar("T")

# What a table is made of is compared part by part; where it was read is no difference.
PARTS = ("columns", "relations", "indexes", "constraints", "triggers")
NOT_COMPARED = {"key", "name", "source", "unread", "admin", *PARTS}
KIND_ORDER = {kind: position for position, kind in enumerate(ChangeKind)}


def differences(old: Schema, new: Schema) -> tuple[Change, ...]:
    """Return the named changes, ordered by path, part and attribute.

    A table, column, index or constraint that left while one of the same shape came is renamed,
    where only one of each fits. ``differences(a, a)`` is empty.
    """
    origins = {schema.origin.kind for schema in (old, new) if schema.origin is not None}
    live = bool(LIVE & origins)
    strict = is_live(old) and is_live(new)
    if strict:
        old, new = catalog_views(old, new)
    elif live:
        old, new = database_view(old), database_view(new)
    elif len(origins) > 1 and OriginKind.MIGRATIONS in origins:
        old, new = recorded_view(old), recorded_view(new)
    changes = _tables(old, new, live)
    changes += _matched(
        Part.ENUM, "", old.enums, new.enums, lambda enum: str(enum.location), frozenset()
    )
    changes += domain_changes(old.domains, new.domains)
    if strict:
        changes += _matched(
            Part.SEQUENCE, "", old.sequences, new.sequences,
            lambda sequence: str(sequence.location), frozenset({"location"}),
            shape=lambda sequence: replace(sequence, location=None),
        )  # fmt: skip
        changes = without_echoes(changes)
    return tuple(sorted(changes, key=_order))


def _order(change: Change) -> tuple[str, str, str, int]:
    return (change.path, change.part, change.attribute, KIND_ORDER[change.kind])


def _tables(old: Schema, new: Schema, live: bool) -> list[Change]:
    def key(table: Table) -> str:
        return str(table.location) if live else table.key

    before = {key(table): table for table in old.tables}
    after = {key(table): table for table in new.tables}
    came_from = _renamed(
        {name: before[name] for name in before if name not in after},
        {name: after[name] for name in after if name not in before},
        _table_shape,
    )
    left = set(came_from.values())
    changes = [
        Change(ChangeKind.REMOVED, Part.TABLE, name, before=table)
        for name, table in sorted(before.items())
        if name not in after and name not in left
    ]
    for name, table in sorted(after.items()):
        earlier = before.get(name)
        if earlier is None and name in came_from:
            earlier = before[came_from[name]]
            changes.append(
                Change(ChangeKind.RENAMED, Part.TABLE, name, before=came_from[name], after=name)
            )
        if earlier is None:
            changes.append(Change(ChangeKind.ADDED, Part.TABLE, name, after=table))
        elif earlier != table:
            changes += _table(name, earlier, table)
    return changes


def _table_shape(table: Table) -> Any:
    """Return what stays of a table under another name: its columns without made-up parts."""
    return (
        table.kind,
        tuple(sorted((c.name, c.database_type, c.null) for c in table.columns)),
        table.bases,
    )


def _table(path: str, old: Table, new: Table) -> list[Change]:
    columns = _matched(
        Part.COLUMN, path, old.columns, new.columns, lambda c: c.name, frozenset({"name"}),
        shape=_column_shape,
    )  # fmt: skip
    # A renamed column is renamed in what speaks of it too: that is no second change.
    names = {
        change.before: change.after for change in columns if change.kind is ChangeKind.RENAMED
    }
    if names:
        old = with_columns_renamed(old, names)
    changes = _attributes(Part.TABLE, path, old, new, NOT_COMPARED)
    changes += columns
    changes += _matched(
        Part.RELATION, path, old.relations, new.relations, lambda r: r.field,
        frozenset({"owner", "field"}),
    )  # fmt: skip
    for part, name in (
        (Part.INDEX, "indexes"), (Part.CONSTRAINT, "constraints"), (Part.TRIGGER, "triggers"),
    ):  # fmt: skip
        changes += _matched(
            part, path, getattr(old, name), getattr(new, name), named, frozenset({"name"}),
            shape=lambda thing: replace(thing, name=""),
        )  # fmt: skip
    return changes


def named(thing: Any) -> str:
    """Return the name of an index or constraint; nameless ones are named by what they are."""
    if thing.name:
        return str(thing.name)
    if isinstance(thing, Index):
        parts = [f"{part.column} {part.operator_class}".strip() for part in thing.parts]
        return f"{'unique ' if thing.unique else ''}{thing.method} index ({', '.join(parts)})"
    return f"{thing.kind} ({', '.join(thing.columns)})"


def _column_shape(column: Column) -> Any:
    # The label and help text usually follow the name.
    return replace(column, name="", field="", label="", help_text="", comment="")


def _matched(
    part: Part,
    path: str,
    old: Sequence[Any],
    new: Sequence[Any],
    name: Callable[[Any], str],
    left_out: frozenset[str],
    *,
    shape: Callable[[Any], Any] | None = None,
) -> list[Change]:
    """Compare things that have names within their table."""
    before, after = _by_name(old, name), _by_name(new, name)
    gone = {each: thing for each, thing in before.items() if each not in after}
    come = {each: thing for each, thing in after.items() if each not in before}
    came_from = _renamed(gone, come, shape) if shape else {}
    left = set(came_from.values())

    def where(each: str) -> str:
        return f"{path}.{each}" if path else each

    changes = []
    for each, thing in gone.items():
        if each not in left:
            changes.append(Change(ChangeKind.REMOVED, part, where(each), before=thing))
    for each, thing in after.items():
        earlier = before.get(each)
        if earlier is None and each in came_from:
            earlier = before[came_from[each]]
            changes.append(
                Change(ChangeKind.RENAMED, part, where(each), before=came_from[each], after=each)
            )
        if earlier is None:
            changes.append(Change(ChangeKind.ADDED, part, where(each), after=thing))
        elif earlier != thing:
            changes += _attributes(part, where(each), earlier, thing, left_out)
    return changes


def _by_name(things: Sequence[T], name: Callable[[T], str]) -> dict[str, T]:
    """Return the things by name; equal names, which only nameless ones have, are numbered."""
    found: dict[str, T] = {}
    for thing in things:
        each, number = name(thing), 1
        while each in found:
            number += 1
            each = f"{name(thing)} #{number}"
        found[each] = thing
    return found


def _renamed(
    gone: Mapping[str, T], come: Mapping[str, T], shape: Callable[[T], Any]
) -> dict[str, str]:
    """Return ``new name -> old name`` for pairs whose shape nothing else has."""
    left: dict[Any, list[str]] = {}
    right: dict[Any, list[str]] = {}
    for name, thing in gone.items():
        left.setdefault(shape(thing), []).append(name)
    for name, thing in come.items():
        right.setdefault(shape(thing), []).append(name)
    return {
        right[key][0]: names[0]
        for key, names in left.items()
        if len(names) == 1 and len(right.get(key, ())) == 1
    }


def _attributes(
    part: Part,
    path: str,
    old: Any,
    new: Any,
    left_out: Container[str],
) -> list[Change]:
    changes = []
    for field in fields(new):
        if field.name in left_out:
            continue
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            changes.append(Change(ChangeKind.ALTERED, part, path, field.name, before, after))
    return changes
