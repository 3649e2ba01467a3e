"""What goes with something that is dropped: views, keys of others, sequences, indexes.

Source: PostgreSQL manual, section 5.15 (dependency tracking).
"""

from __future__ import annotations

from dataclasses import replace

from modeler.previews.effects.catalog import Index, Relation
from modeler.previews.effects.effect import Dropped, RelationKind
from modeler.previews.effects.foreign_keys import drop_foreign_key
from modeler.previews.effects.record import AX, SUX, Record

VIEWS = frozenset({RelationKind.VIEW.value, RelationKind.MATERIALIZED_VIEW.value})


def drop_dependents(
    record: Record,
    relation: Relation,
    columns: tuple[str, ...],
    cause: str,
    *,
    cascade: bool,
    together: frozenset[str] = frozenset(),
) -> None:
    """Views, and rules of other tables, that mention a relation or some of its columns."""
    for dependent in relation.dependents:
        if dependent.kind not in VIEWS:
            continue
        if columns and dependent.columns and not set(columns) & set(dependent.columns):
            continue
        if dependent.name in together:
            continue
        if not cascade:
            record.fail(f"{dependent.name} depends on it ({cause}); say CASCADE or drop it first")
            continue
        view = record.catalog.relation(dependent.name)
        if view is not None and not record.has_lock(view.name, AX):
            drop_view(record, view, f"it reads {relation.name}, and {cause}", cascade=cascade)


def drop_view(
    record: Record,
    view: Relation,
    cause: str,
    *,
    cascade: bool,
    together: frozenset[str] = frozenset(),
) -> None:
    """A view, its indexes where it is materialized, and the views upon it."""
    record.lock(view, AX, cause)
    record.drop(Dropped(view.kind.value, view.name))
    record.lock_indexes(view, AX, f"{view.name} is dropped")
    drop_dependents(record, view, (), f"{view.name} is dropped", cascade=cascade,
                    together=together)  # fmt: skip


def drop_index_users(
    record: Record, table: Relation, index: Index, cause: str, *, cascade: bool
) -> None:
    """Foreign keys of others that need a unique index which goes."""
    for key in table.referrers:
        if key.index != index.name or key.is_copy:
            continue
        if not cascade and key.table != table.name:
            record.fail(f"{key.name} of {key.table} needs {index.name} ({cause}); say CASCADE")
            continue
        drop_foreign_key(record, key, cause)


def drop_table(
    record: Record,
    table: Relation,
    cause: str,
    *,
    cascade: bool,
    together: frozenset[str] = frozenset(),
) -> None:
    """A table with everything of it, and everything of others that hangs on it."""
    record.lock(table, AX, cause)
    record.drop(Dropped("table", table.name))
    own = f"{table.name} is dropped"
    record.lock_indexes(table, AX, own)
    for statistics in table.statistics:
        record.lock(table, SUX, f"the statistics {statistics.name} are dropped with it")
    for sequence in table.sequences:
        record.lock_named(sequence.name, AX, f"{own} and owned it")
    for key in table.foreign_keys:
        if not key.is_copy:
            drop_foreign_key(record, key, own)
    for key in table.referrers:
        if key.is_copy:
            # The key goes as a whole, and so its other partitions are locked too.
            *_, root = (table, *record.ancestors(table))
            key = replace(key, target=root.name)
            if record.has_lock(root.name, AX) and not table.is_partition:
                continue
        if not cascade and key.table not in {table.name, *together}:
            record.fail(f"{key.name} of {key.table} refers to {table.name}; say CASCADE")
            continue
        drop_foreign_key(record, key, own)
    for parent in (record.catalog.relation(name) for name in table.parents):
        if parent is not None and parent.kind is RelationKind.PARTITIONED_TABLE:
            _leave_partitioned(record, table, parent)
    drop_dependents(record, table, (), own, cascade=cascade, together=together)
    for name in table.children:
        child = record.catalog.relation(name)
        if child is None:
            continue
        if not cascade and not child.is_partition and child.name not in together:
            record.fail(f"{child.name} inherits from {table.name}; say CASCADE")
            continue
        drop_table(record, child, f"its parent {table.name} is dropped", cascade=cascade,
                   together=together)  # fmt: skip


def _leave_partitioned(record: Record, table: Relation, parent: Relation) -> None:
    if not record.has_lock(parent.name, AX):
        record.lock(parent, AX, f"its partition {table.name} is dropped")
    if parent.default_partition and parent.default_partition != table.name:
        record.lock_named(
            parent.default_partition, AX,
            f"it is the default partition beside {table.name}, which is dropped",
        )  # fmt: skip


def drop_sequence(record: Record, sequence: Relation, *, cascade: bool) -> None:
    """A sequence, and the defaults that call it."""
    record.lock(sequence, AX, "it is dropped")
    for name in sequence.default_users:
        if not cascade:
            record.fail(f"a default of {name} calls {sequence.name}; say CASCADE")
        record.lock_named(name, AX, f"a default calls {sequence.name}, which is dropped")
