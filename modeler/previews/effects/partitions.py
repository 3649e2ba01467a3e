"""Partitions and inheritance: attaching, detaching, partitions made in place.

Source: ``ATExecAttachPartition``, ``ATExecDetachPartition`` (commands/tablecmds.c).
"""

from __future__ import annotations

import re

from modeler.previews.effects.alteration import Alteration, key_words, validate_key
from modeler.previews.effects.catalog import Index, Relation
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.expressions import conjuncts, not_null_of, valid_checks
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.record import AS, AX, SRX, SUX, Record, S
from modeler.previews.relation_names import bare_name, sibling
from modeler.previews.sql import actions

RANGE = re.compile(r"from\s*\((.+?)\)\s*to\s*\((.+?)\)$", re.IGNORECASE | re.DOTALL)
LIST = re.compile(r"in\s*\((.+)\)$", re.IGNORECASE | re.DOTALL)
COMPARISON = re.compile(r"""^\(*("(?:[^"]|"")+"|\w+)\s*(>=|<=|<|>|=)\s*(.+?)\)*$""")
REFERRERS_LOCKED = 15


def attach(change: Alteration, action: actions.AttachPartition) -> None:
    """ATTACH PARTITION: the table is scanned unless its checks prove the bounds."""
    record, parent = change.record, change.table
    child = record.catalog.relation(action.table)
    if child is None:
        record.fail(f"{record.catalog.display(action.table)} does not exist")
        return
    cause = f"it becomes a partition of {parent.name}"
    for member in record.family(child):
        record.lock(member, AX, cause)
    if not proves_bounds(child, parent, action.bounds):
        for leaf in record.leaves(child):
            record.work(leaf.name, WorkKind.SCAN, f"every row is held against the bounds: {cause}")
    _check_default(record, parent, child.name)
    _match_indexes(record, parent, child, cause)
    for key in parent.foreign_keys:
        if any(own.columns == key.columns and own.target == key.target
               for own in child.foreign_keys):  # fmt: skip
            continue
        target = record.catalog.relation(key.target)
        if target is None:
            continue
        why = f"{key_words(key)} holds for {child.name} too"
        change.add_foreign_key_locks(child, target, why)
        if key.validated and key.enforced:
            validate_key(record, key.name, child, target, why)
    for key in parent.referrers:
        if not key.is_copy:
            record.lock(child, SRX, f"the foreign key {key.name} of {key.table} refers to it too")
            _extend_referrer(record, key.table, f"its foreign key {key.name} refers to "
                             f"{child.name} too")  # fmt: skip


def _extend_referrer(record: Record, name: str, cause: str) -> None:
    record.lock_named(name, AS, cause)
    if record.catalog.session.major >= REFERRERS_LOCKED:
        record.lock_named(name, SRX, cause)


def _check_default(record: Record, parent: Relation, child: str) -> None:
    """Rows of the default partition may belong to the new one, so they are looked at."""
    default = parent.default_partition
    if not default or default == child:
        return
    cause = f"its rows are held against the bounds of {child}"
    found = record.lock_named(default, AX, cause)
    if found is not None:
        for leaf in record.leaves(found):
            record.lock(leaf, AX, cause)
            record.work(leaf.name, WorkKind.SCAN, cause)


def _match_indexes(record: Record, parent: Relation, child: Relation, cause: str) -> None:
    """Each index of the parent takes one of the child's, or has one built."""
    free = list(child.indexes)
    for index in parent.indexes:
        record.lock_index(parent, index, SUX, f"{child.name} becomes a partition")
        same = next((own for own in free if _alike(own, index)), None)
        for own in child.indexes:
            record.lock_index(child, own, AS, cause)
        if same is not None:
            free.remove(same)
            continue
        record.lock(child, S, f"{cause}, so it needs an index like {index.name}")
        name = partition_index_name(record, child, index)
        record.create(name)
        if child.kind is not RelationKind.PARTITIONED_TABLE:
            record.work(child.name, WorkKind.INDEX_BUILD, f"{cause}, so it needs an index like "
                        f"{index.name}", bare_name(name))  # fmt: skip


def _alike(own: Index, index: Index) -> bool:
    return (
        own.keys == index.keys
        and own.method == index.method
        and own.unique == index.unique
        and own.partial == index.partial
        and own.valid
        and (not index.constraint or bool(own.constraint))
        and not own.parent
        and not index.hidden_columns
    )


def partition_index_name(record: Record, table: Relation, index: Index) -> str:
    """Return the name of a partition's index that comes from the parent's."""
    label = "pkey" if index.primary else "key" if index.constraint else "idx"
    columns = [] if index.primary else [key.column or "expr" for key in index.keys]

    def is_taken(name: str) -> bool:
        return record.catalog.relation(sibling(table.name, name)) is not None

    return sibling(table.name, chosen_name(bare_name(table.name), columns, label, is_taken))


def detach(change: Alteration, action: actions.DetachPartition) -> None:
    """DETACH PARTITION: both are locked, nothing is read but for keys that refer to it."""
    record, parent = change.record, change.table
    child = record.catalog.relation(action.table)
    if child is None:
        record.fail(f"{record.catalog.display(action.table)} does not exist")
        return
    cause = f"it is detached from {parent.name}"
    if action.concurrently or action.finalize:
        record.lock(child, AX, f"{cause}, at the end")
        if action.concurrently:
            record.lock(child, SUX, cause)
            record.waits.append(f"everyone who uses {parent.name} or {child.name} by now")
        return
    record.lock(child, AX, cause)
    if parent.default_partition and parent.default_partition != child.name:
        record.lock_named(parent.default_partition, AX, f"{child.name} beside it is detached")
    for index in child.indexes:
        if index.parent:
            record.lock_index(child, index, AX, cause)
    for key in parent.foreign_keys:
        record.lock(child, AS, f"{key_words(key)} becomes one of its own")
        record.lock_named(key.target, SRX, f"{child.name} keeps its foreign key to it")


def create_partition(record: Record, parent: Relation, name: str) -> None:
    """CREATE TABLE … PARTITION OF locks the parent and everyone its keys refer to."""
    record.lock(parent, AX, f"{name} becomes its partition")
    _check_default(record, parent, name)
    for index in parent.indexes:
        record.lock_index(parent, index, SUX, f"{name} gets an index of its own like it")
    for key in parent.foreign_keys:
        for mode in (AS, SRX):
            record.lock_named(key.target, mode, f"{name} inherits {key.name}, which refers to it")
    for key in parent.referrers:
        if not key.is_copy:
            _extend_referrer(record, key.table, f"its foreign key {key.name} refers to {name} too")


def inherit(change: Alteration, action: actions.Inherit) -> None:
    """INHERIT and NO INHERIT."""
    parent = change.record.catalog.relation(action.parent)
    if parent is None:
        change.record.fail(f"{change.record.catalog.display(action.parent)} does not exist")
    elif action.inherits:
        change.record.lock(parent, SUX, f"{change.table.name} inherits from it from now on")
    else:
        change.record.lock(parent, AS, f"{change.table.name} does not inherit from it any more")


def proves_bounds(child: Relation, parent: Relation, bounds: str) -> bool:
    """Tell whether valid checks of a table show all rows to be within simple bounds."""
    if len(parent.partition_columns) != 1 or not parent.partition_columns[0]:
        return False
    name = parent.partition_columns[0]
    column = child.column(name)
    known = valid_checks(child)
    not_null = (column is not None and column.not_null) or any(
        not_null_of(part) == name for part in known
    )
    compared = [found for part in known if (found := _comparison(part, name))]
    if match := RANGE.search(bounds.strip()):
        low, high = match[1].strip(), match[2].strip()
        return (
            not_null
            and (low.lower() == "minvalue" or any(_above(found, low) for found in compared))
            and (high.lower() == "maxvalue" or any(_below(found, high) for found in compared))
        )
    if match := LIST.search(bounds.strip()):
        allowed = {_bare(part) for part in match[1].split(",")}
        return not_null and any(sign == "=" and value in allowed for sign, value in compared)
    return False


def _comparison(condition: str, column: str) -> tuple[str, str] | None:
    (only, *more) = conjuncts(condition)
    match = COMPARISON.match(only.strip())
    if more or match is None or match[1].strip('"') != column:
        return None
    return match[2], _bare(match[3])


def _bare(value: str) -> str:
    """A literal without its cast."""
    text = value.strip().strip("()")
    match = re.match(r"('(?:[^']|'')*'|-?[\d.]+)", text)
    return match[1].strip("'") if match else text


def _ordered(one: str, other: str) -> int | None:
    """Compare two literals: -1, 0, 1; None where only their equality could be known."""
    try:
        left, right = float(one), float(other)
    except ValueError:
        return 0 if one == other else None
    return (left > right) - (left < right)


def _above(found: tuple[str, str], low: str) -> bool:
    sign, value = found
    order = _ordered(value, _bare(low))
    return sign in {">=", ">", "="} and order is not None and order >= 0


def _below(found: tuple[str, str], high: str) -> bool:
    sign, value = found
    order = _ordered(value, _bare(high))
    if order is None:
        return False
    return (sign == "<" and order <= 0) or (sign in {"<=", "="} and order < 0)
