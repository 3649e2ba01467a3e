"""From what the server said and counted to the work that grows with rows."""

from __future__ import annotations

from collections.abc import Mapping

from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.trace.notices import Noted
from modeler.previews.trace.relations import Relation, Relations

MANY = 5  # rows by way of an index that may be all there are


def work_of(
    notes: Noted,
    before: Mapping[int, Relation],
    after: Mapping[int, Relation],
    counted: Mapping[int, tuple[int, ...]],
    validated: Mapping[str, tuple[int, int]],
    relations: Relations,
) -> tuple[Work, ...]:
    """Return the work of one statement on relations that were there before it.

    Args:
        notes: its messages.
        before, after: relations by number; ``after`` holds those that were looked at.
        counted: rows read, fetched, inserted, updated, deleted by it, by a relation's number.
        validated: of foreign keys that were checked, the numbers of their two tables.
        relations: to name them.
    """
    work: set[Work] = set()

    def add(oid: int, kind: WorkKind, detail: str = "") -> None:
        if oid in before and before[oid].kind.holds_rows:
            work.add(Work(relations.name(before[oid]), kind, detail))

    # Messages have no schema; a locked table of that name is the one.
    locked = {oid: relation for oid, relation in before.items() if oid in after}
    named: dict[str, list[int]] = {}
    for oid, relation in locked.items():
        named.setdefault(relation.name, []).append(oid)
    for oid, relation in after.items():
        if relation.name not in named:  # renamed by the same statement
            named[relation.name] = [oid]
    reasons = {oid for oid, _ in notes.reasons}
    for name in notes.rewritten:
        found = named.get(name, [])
        for oid in [oid for oid in found if oid in reasons] or found:
            add(oid, WorkKind.REWRITE)
    emptied = {
        oid
        for oid, relation in after.items()
        if oid in before
        and relation.node != before[oid].node
        and relation.tablespace == before[oid].tablespace
        and relation.name not in notes.rewritten
        and before[oid].name not in notes.rewritten
    }
    for name in notes.verified:
        for oid in named.get(name, []):
            add(oid, WorkKind.SCAN)
    for index, table in notes.built:
        for oid in named.get(table, []):
            if oid not in emptied:
                add(oid, WorkKind.INDEX_BUILD, index)
    for constraint, (own, other) in validated.items():
        add(own, WorkKind.VALIDATION, constraint)
        add(other, WorkKind.VALIDATION, constraint)
    explained = {entry.relation for entry in work}
    # Rows that are spelled out in the statement do not grow with a table; those of a query do.
    # Fetching by an index is what checks of foreign keys do for each new row.
    reads = any(read for read, *_ in counted.values())
    for oid, (read, fetched, inserted, updated, deleted) in counted.items():
        if oid not in before:
            continue
        if updated or deleted or (inserted and reads):
            add(oid, WorkKind.ROWS)
        elif relations.name(before[oid]) not in explained and (
            read or (fetched >= MANY and fetched >= relations.count(after[oid]))
        ):
            add(oid, WorkKind.READ)
    for oid, relation in after.items():
        if oid in before and relation.tablespace != before[oid].tablespace:
            add(before[oid].table or oid, WorkKind.COPY)
    return tuple(sorted(work))
