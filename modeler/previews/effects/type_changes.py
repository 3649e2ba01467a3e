"""ALTER COLUMN TYPE: what is made anew with the column, and what keeps its file.

Source: ``ATExecAlterColumnType``, ``TryReuseIndex`` (commands/tablecmds.c) and
``CheckIndexCompatible`` (commands/indexcmds.c).
"""

from __future__ import annotations

from modeler.previews.effects.alteration import Alteration
from modeler.previews.effects.catalog import Column, Index, Relation, Type
from modeler.previews.effects.column_types import rewrite_reason
from modeler.previews.effects.drops import VIEWS
from modeler.previews.effects.foreign_keys import recreate_foreign_key
from modeler.previews.effects.record import RX, SRX, SUX
from modeler.previews.sql import actions

POLYMORPHIC_CLASSES = frozenset({"array_ops", "enum_ops", "range_ops", "record_ops"})
ONE_ORDER = frozenset({"c", "posix"})


def alter_type(change: Alteration, action: actions.AlterType) -> None:
    """Decide for each table of the family: rewrite, rebuild of indexes, scan for checks."""
    record, table, name = change.record, change.table, action.column
    column = table.column(name)
    if column is None:
        if name not in change.added:
            record.fail(f"the column {name} of {table.name} does not exist")
        return
    target = record.catalog.type(action.type)
    if target is None:
        record.fail(f"the type {action.type} does not exist")
        return
    if action.collation:
        target = _collated(target, action.collation.rpartition(".")[2].strip('"'))
    for member in change.family:
        own = member.column(name)
        if own is not None:
            _alter(change, member, own, action, target)


def _collated(target: Type, collation: str) -> Type:
    return Type(target.name, target.modifiers, target.domain, target.constrained, target.array,
                target.polymorphic, target.classes, collation)  # fmt: skip


def _alter(
    change: Alteration, table: Relation, column: Column, action: actions.AlterType, target: Type
) -> None:
    record, name = change.record, column.name
    for reason, hinders in _refusals(table, name):
        record.fail(reason)
        record.hindered_by += [hinders] if hinders else []
    reason = rewrite_reason(record.catalog, column, action, target)
    if reason:
        change.rewrite(table, f"{name} becomes {action.type}: {reason}")
    for index in table.indexes:
        if name in index.columns:
            keeps = not index.parent and _keeps_file(index, column, target)
            change.replace_index(table, index, keeps=keeps, cause=name)
    for constraint in table.constraints:
        if constraint.kind == "check" and name in constraint.columns and constraint.validated \
                and constraint.enforced:  # fmt: skip
            change.scan(table, f"the check {constraint.name} mentions {name}, whose type changes")
    for statistics in table.statistics:
        if name in statistics.columns:
            record.lock(table, SUX, f"the statistics {statistics.name} are made anew")
    checks = bool(reason) or _class(column.type) != _class(target)
    why = f"the type of {name} of {table.name} changes"
    for key in table.foreign_keys:
        if name in key.columns:
            recreate_foreign_key(change, key, checks=checks, why=why)
    for key in table.referrers:
        if name in key.target_columns:
            recreate_foreign_key(change, key, checks=checks, why=why)
    for sequence in table.sequences:
        if sequence.identity and sequence.column == name:
            for mode in (RX, SRX):
                record.lock_named(sequence.name, mode, f"the identity {name} changes its type")


def _refusals(table: Relation, column: str) -> list[tuple[str, str]]:
    """Return why the type cannot change, each with the name of what hinders it."""
    found = [
        (f"the generated column {owner} is made from {column}", f"the generated column {owner}")
        for owner, sources in table.dependencies
        if column in sources
    ]
    for dependent in table.dependents:
        if column in dependent.columns and (dependent.kind in VIEWS or dependent.kind == "rule"):
            named = f"{dependent.kind} {dependent.name}"
            found.append((f"{named} uses {column}: drop it first", f"the {named}"))
        elif column in dependent.columns:
            named = f"the policy {dependent.name}"
            found.append((f"{named} uses {column}: drop it first", named))
    if column in table.partition_columns:
        found.append((f"{column} is part of the partition key", ""))
    return found


def _class(kind: Type, method: str = "btree") -> str:
    return dict(kind.classes).get(method, "")


def _keeps_file(index: Index, column: Column, target: Type) -> bool:
    """The index made for the new type would be the same, entry by entry."""
    if index.has_expressions or index.partial or not index.valid:
        return False
    old_default = _class(column.type, index.method)
    new_default = _class(target, index.method)
    for key in index.keys:
        if key.column != column.name or not key.operator_class:
            continue
        changed = (column.type.name, column.type.array) != (target.name, target.array)
        if key.operator_class in POLYMORPHIC_CLASSES and changed:
            return False
        if key.operator_class == old_default and old_default != new_default:
            return False
        inherits = key.collation == column.collation
        if inherits and key.collation and key.collation != target.collation:
            return False
    return True
