"""Constraints of tables: check, unique, primary key, exclusion, not null."""

from __future__ import annotations

from modeler.previews.effects.alteration import Alteration, key_words, validate_key
from modeler.previews.effects.catalog import Relation
from modeler.previews.effects.drops import drop_index_users
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.expressions import proves_not_null
from modeler.previews.effects.foreign_keys import (
    add_foreign_key,
    drop_foreign_key,
    validate_foreign_key,
)
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.record import AS, AX, SRX, SUX
from modeler.previews.relation_names import bare_name, sibling
from modeler.previews.sql import actions
from modeler.previews.sql.definitions import Constraint

LABELS = {"unique": "key", "primary key": "pkey", "exclude": "excl"}


def add_constraint(change: Alteration, constraint: Constraint, *, of_column: bool = False) -> None:
    """ADD CONSTRAINT, or a constraint of an added column."""
    match constraint.kind:
        case "check":
            _add_check(change, constraint)
        case "not null":
            _add_not_null(change, constraint)
        case "foreign key":
            add_foreign_key(change, constraint, validates=constraint.valid)
        case _ if constraint.using_index:
            _use_index(change, constraint)
        case _:
            _add_key(change, constraint, of_column=of_column)


def _words(constraint: Constraint) -> str:
    return f"the new constraint {constraint.name}" if constraint.name else "the new constraint"


def _add_check(change: Alteration, constraint: Constraint) -> None:
    if not constraint.valid or not constraint.enforced:
        return
    for member in change.family if constraint.inherited else [change.table]:
        change.scan(member, f"every row is held against {_words(constraint)}")


def _add_not_null(change: Alteration, constraint: Constraint) -> None:
    if not constraint.valid:
        return
    for member in change.family if constraint.inherited else [change.table]:
        for name in constraint.columns:
            column = member.column(name)
            if column is not None and not column.not_null and not proves_not_null(member, name):
                change.scan(member, f"every {name} is checked for NULL")


def _add_key(change: Alteration, constraint: Constraint, *, of_column: bool) -> None:
    """UNIQUE, PRIMARY KEY or EXCLUDE with an index of its own."""
    record, table = change.record, change.table
    cause = f"{_words(constraint)} needs its index"
    if constraint.kind == "primary key" and any(
        own.kind == "primary key" and own.index not in change.dropped for own in table.constraints
    ):
        record.fail(f"{table.name} has a primary key already")
    partitioned = table.kind is RelationKind.PARTITIONED_TABLE
    for member in record.family(table) if partitioned else [table]:
        name = index_name(change, member, constraint)
        record.create(name)
        change.builds.append((member, bare_name(name), cause))
        if constraint.deferrable:
            record.lock(member, SRX, f"{_words(constraint)} is deferrable, so it needs a trigger")
    if constraint.kind == "primary key":
        for member in change.family:
            _check_key_columns(change, member, constraint.columns)


def _check_key_columns(change: Alteration, table: Relation, columns: tuple[str, ...]) -> None:
    for name in columns:
        column = table.column(name)
        if column is not None and not column.not_null and not proves_not_null(table, name):
            change.scan(
                table, f"{name} becomes part of the primary key, so it is checked for NULL"
            )


def index_name(change: Alteration, table: Relation, constraint: Constraint) -> str:
    """Return the name of a key's index; of a partition the server chooses it."""
    catalog = change.record.catalog
    if constraint.name and table.name == change.table.name:
        return sibling(table.name, constraint.name)
    columns = constraint.columns if constraint.kind != "primary key" else ()

    def is_taken(name: str) -> bool:
        shown = sibling(table.name, name)
        return catalog.relation(shown) is not None and shown not in change.dropped

    label = LABELS[constraint.kind]
    return sibling(table.name, chosen_name(bare_name(table.name), columns, label, is_taken))


def _use_index(change: Alteration, constraint: Constraint) -> None:
    """UNIQUE or PRIMARY KEY USING INDEX: the index is there, and gets the constraint's name."""
    record, table = change.record, change.table
    index = next(
        (found for found in table.indexes
         if bare_name(found.name) == constraint.using_index), None,
    )  # fmt: skip
    if index is None:
        record.fail(f"{table.name} has no index {constraint.using_index}")
        return
    if not index.valid:
        record.fail(f"the index {index.name} is not valid: drop it and build it again")
    if not index.unique:
        record.fail(f"the index {index.name} is not unique")
    if index.partial or index.has_expressions:
        record.fail(f"the index {index.name} has a condition or an expression")
    cause = f"it becomes the index of {_words(constraint)}"
    record.lock_index(table, index, AS, cause)
    if constraint.name and constraint.name != constraint.using_index:
        record.lock_index(table, index, SUX, f"{cause} and gets its name")
    if constraint.deferrable:
        record.lock(table, SRX, f"{_words(constraint)} is deferrable, so it needs a trigger")
    if constraint.kind == "primary key":
        _check_key_columns(change, table, tuple(key.column for key in index.keys))


def drop_constraint(change: Alteration, action: actions.DropConstraint) -> None:
    """DROP CONSTRAINT of any kind."""
    record, table = change.record, change.table
    constraint = table.constraint(action.name)
    if constraint is None:
        if not action.if_exists:
            record.fail(f"{table.name} has no constraint {action.name}")
        return
    why = f"the constraint {constraint.name} of {table.name} is dropped"
    key = table.foreign_key(action.name)
    if key is not None:
        drop_foreign_key(record, key, named=True)
        return
    for member in change.family:
        for index in member.indexes:
            if index.constraint and _belongs(change, index.name, index.parent, constraint.index):
                change.drop_index(member, index, why)
                if member.name == table.name:
                    drop_index_users(record, member, index, why, cascade=action.cascade)


def _belongs(change: Alteration, name: str, parent: str, index: str) -> bool:
    """The index, or one of a partition below it."""
    if name == index:
        return True
    return bool(parent) and (parent == index or parent in change.dropped)


def validate_constraint(change: Alteration, action: actions.ValidateConstraint) -> None:
    """VALIDATE CONSTRAINT: rows are read under a lock that lets others write."""
    record, table = change.record, change.table
    constraint = table.constraint(action.name)
    if constraint is None:
        record.fail(f"{table.name} has no constraint {action.name}")
        return
    key = table.foreign_key(action.name)
    if key is not None:
        validate_foreign_key(record, table, key)
        return
    if constraint.validated:
        return
    for member in change.family:
        own = member.constraint(action.name)
        if own is None or not own.validated:
            change.scan(member, f"every row is held against the constraint {action.name}")


def alter_constraint(change: Alteration, action: actions.AlterConstraint) -> None:
    """ALTER CONSTRAINT: of a foreign key, when it is checked, and whether (18)."""
    record, table = change.record, change.table
    key = table.foreign_key(action.name)
    if key is None:
        return
    parent = record.catalog.relation(key.target)
    if parent is None or action.enforced is None or action.enforced == key.enforced:
        return
    if action.enforced:
        cause = f"{key_words(key)} is enforced from now on"
        record.lock(table, AS, cause)
        record.lock(parent, AS, cause)
        validate_key(record, key.name, table, parent, cause)
    else:
        for member in (*record.family(table), *record.family(parent)):
            record.lock(member, AX, f"{key_words(key)} is not enforced any more")
