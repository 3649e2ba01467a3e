"""Statements on rows: which tables and indexes they open, and checks of foreign keys.

The planner opens every index of a table in the table's own mode, whichever it then uses. A key
that is deferred is checked at commit, and locks nothing now.
Source: ``get_relation_info`` (optimizer/util/plancat.c), ``ri_triggers.c``.
"""

from __future__ import annotations

from modeler.postgres.locks import LockMode
from modeler.previews.effects.catalog import ForeignKey, Relation
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.record import AS, RS, RX, Record
from modeler.previews.sql.commands import Query

CHANGES = frozenset({"cascade", "set null", "set default"})
VIEWS = frozenset({RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW})


def run_query(record: Record, query: Query) -> None:
    """SELECT, INSERT, UPDATE, DELETE, MERGE, COPY."""
    if query.verb.startswith("copy"):
        _copy(record, query)
        return
    read_rows(record, query)
    for name in query.writes:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
            continue
        verb = query.verb if query.verb in {"insert", "update", "delete", "merge"} else "update"
        write_rows(record, table, verb, query)


def read_rows(record: Record, query: Query, *, plans: bool = True) -> None:
    """Tables that a query reads; without ``plans`` it is only kept, as of a view."""
    locked = {record.catalog.display(name) for name in query.locks_rows}
    for name in query.reads:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
            continue
        mode = RS if table.name in locked else AS
        if plans:
            read_table(record, table, mode, "it is read")
        else:
            record.lock(table, mode, "the query names it")
    for owner, column in query.serials:
        table = record.catalog.relation(owner)
        for own in table.sequences if table is not None else ():
            if own.column == column:
                record.lock_named(own.name, RX, f"the numbers of {column} are set")
    for sequence in query.sequences:
        record.lock_named(record.catalog.display(sequence), RX, "its next value is taken")


def read_table(record: Record, table: Relation, mode: LockMode, cause: str) -> None:
    """A table with its family, or a view with all that it reads."""
    if table.kind is RelationKind.VIEW:
        record.lock(table, mode, cause)
        for name in table.sources:
            source = record.catalog.relation(name)
            if source is not None:
                read_table(record, source, mode, f"the view {table.name} reads it")
        return
    for member in record.family(table):
        record.plan(member, mode, cause)
        if member.kind is not RelationKind.PARTITIONED_TABLE:
            record.work(member.name, WorkKind.READ, cause)


def write_rows(record: Record, table: Relation, verb: str, query: Query) -> None:
    """Locks of a table whose rows are written, and of those its keys lead to."""
    if table.kind is RelationKind.VIEW:
        record.lock(table, RX, "rows are written by way of it")
        for name in table.sources:
            source = record.catalog.relation(name)
            if source is not None:
                write_rows(record, source, verb, query)
        return
    cause = {"insert": "rows are inserted", "delete": "rows are deleted"}.get(
        verb, "rows are updated"
    )
    columns = frozenset(query.columns)
    for member in record.family(table):
        if verb == "insert" and member.name != table.name and not member.is_partition:
            continue
        if verb == "insert":
            record.lock(member, RX, cause)
            if query.conflict in {"target", "update"}:
                record.lock_indexes(member, RX, "conflicting rows are looked for")
        else:
            record.plan(member, RX, cause)
        partitioned = member.kind is RelationKind.PARTITIONED_TABLE
        if partitioned and verb == "update":
            record.lock(member, AS, f"{cause}, which may belong to another partition then")
        if not partitioned and (
            verb != "insert" or not _spells_rows_out(query) or query.conflict == "update"
        ):
            record.work(member.name, WorkKind.ROWS, cause)
    if verb in {"insert", "merge"}:
        for column in table.columns:
            if column.name not in columns and (columns or column.identity == "always"):
                for name in column.sequences:
                    record.lock_named(name, RX, f"{column.name} of {table.name} takes its "
                                      "next value")  # fmt: skip
    if verb != "delete":
        _check_own_keys(record, table, verb, columns)
    if verb == "delete":
        for key in table.referrers:
            _check_referrer(record, table, key, key.on_delete, {table.name})
    elif verb == "update" and columns:
        for key in table.referrers:
            if columns & set(key.target_columns):
                _check_referrer(record, table, key, key.on_update, {table.name}, updates=True)


def _spells_rows_out(query: Query) -> bool:
    """VALUES, or a SELECT from no table, such as from arrays that were handed over."""
    return query.from_rows or not query.reads


def _check_own_keys(record: Record, table: Relation, verb: str, columns: frozenset[str]) -> None:
    for key in table.foreign_keys:
        if (key.is_copy and not table.is_partition) or key.deferred or not key.enforced:
            continue
        if verb == "update" and not columns & set(key.columns):
            continue
        defaults = {column.name for column in table.columns if column.has_default}
        if verb == "insert" and columns and not (columns | defaults) & set(key.columns):
            continue
        parent = record.catalog.relation(key.target)
        if parent is not None:
            for member in record.family(parent):
                record.plan(member, RS, f"the foreign key {key.name} of {table.name} is checked")


def _check_referrer(
    record: Record,
    parent: Relation,
    key: ForeignKey,
    action: str,
    seen: set[str],
    *,
    updates: bool = False,
) -> None:
    """What a key of another table does when a row that it refers to goes."""
    child = record.catalog.relation(key.table)
    if child is None or not key.enforced or key.is_copy:
        return
    words = f"the foreign key {key.name} of {key.table} to {parent.name}"
    if action not in CHANGES:
        if key.deferred:
            return
        for member in record.family(child):
            record.plan(member, RS, f"{words} is checked")
            if member.kind is not RelationKind.PARTITIONED_TABLE and not _is_indexed(member, key):
                record.work(member.name, WorkKind.READ, f"{words} has no index that begins with "
                            "it, so each check reads the whole table")  # fmt: skip
        if child.kind is RelationKind.PARTITIONED_TABLE:
            record.lock(child, AS, f"{words} is checked")
        if not action:
            record.plan(parent, RS, f"{words} is checked against other rows of {parent.name}")
        return
    cause = f"{words} says ON {'UPDATE' if updates else 'DELETE'} {action.upper()}"
    for member in record.family(child):
        record.plan(member, RX, cause)
        if member.kind is not RelationKind.PARTITIONED_TABLE:
            record.work(member.name, WorkKind.ROWS, cause)
    if (action == "cascade" and updates) or action == "set default":
        for member in record.family(parent):
            record.plan(member, RS, f"{words} is checked for its new values")
    if action == "cascade" and not updates and child.name not in seen:
        for further in child.referrers:
            _check_referrer(record, child, further, further.on_delete, seen | {child.name})


def _is_indexed(table: Relation, key: ForeignKey) -> bool:
    wanted = set(key.columns)
    return any(
        {part.column for part in index.keys[: len(wanted)]} == wanted and not index.partial
        for index in table.indexes
        if index.valid
    ) or any(
        index.keys and index.keys[0].column in wanted and not index.partial and index.valid
        for index in table.indexes
    )


def _copy(record: Record, query: Query) -> None:
    """COPY of a table goes past the planner; COPY of a query does not."""
    for name in query.writes:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
            continue
        record.lock(table, RX, "rows are copied into it")
        record.work(table.name, WorkKind.ROWS, "rows are copied into it")
        _check_own_keys(record, table, "insert", frozenset(query.columns))
    for name in query.reads:
        table = record.catalog.relation(name)
        if table is None:
            record.fail(f"{record.catalog.display(name)} does not exist")
            continue
        record.lock(table, AS, "it is copied out")
        record.work(table.name, WorkKind.READ, "it is copied out")
