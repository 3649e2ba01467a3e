"""Columns: adding, dropping, defaults, NOT NULL, identity, generated ones."""

from __future__ import annotations

from dataclasses import replace

from modeler.previews.effects.alteration import Alteration
from modeler.previews.effects.catalog import Relation
from modeler.previews.effects.constraints import add_constraint
from modeler.previews.effects.drops import drop_dependents, drop_index_users
from modeler.previews.effects.effect import Dropped, RelationKind
from modeler.previews.effects.expressions import (
    is_null,
    is_volatile,
    proves_not_null,
    sequences,
)
from modeler.previews.effects.foreign_keys import add_foreign_key, drop_foreign_key
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.record import AS, AX, RX, SRX, SUX
from modeler.previews.effects.type_text import read_type_text
from modeler.previews.relation_names import bare_name, sibling
from modeler.previews.sql import actions, definitions

# Until then a generated column went with the columns it is made from, without CASCADE.
GENERATED_KEEP = 15


def add_column(change: Alteration, action: actions.AddColumn) -> None:
    """ADD COLUMN with all that may stand behind it."""
    record, table, column = change.record, change.table, action.column
    if table.column(column.name) is not None:
        if not action.if_not_exists:
            record.fail(f"the column {column.name} of {table.name} exists already")
        return
    change.added[column.name] = column
    reason = rewrite_reason(change, column)
    for member in change.family:
        if reason:
            change.rewrite(member, reason)
    for name in sequences(column.default or ""):
        if reason:
            record.lock_named(record.catalog.display(name), RX, f"{reason} by its next values")
    if makes_sequence(column):
        record.lock(table, AS, f"the new column {column.name} gets a sequence of its own")
        record.create(sequence_name(change, column.name))
    has_value = bool(reason) or not is_null(column.default)
    if column.not_null and not has_value:
        for member in change.family:
            change.scan(member, f"the new column {column.name} is NOT NULL and has no default")
    for constraint in column.constraints:
        own = constraint if constraint.columns else replace(constraint, columns=(column.name,))
        if own.kind == "foreign key":
            empty = column.default is None and not reason
            add_foreign_key(change, own, validates=own.valid and not empty)
        elif own.kind != "not null":
            add_constraint(change, own, of_column=True)


def rewrite_reason(change: Alteration, column: definitions.Column) -> str:
    """Return why each row has to be written with a value of its own, ``""``: it has not."""
    catalog = change.record.catalog
    name = column.name
    if column.generated is not None:
        return f"the new column {name} is generated and stored" if column.stored else ""
    if makes_sequence(column):
        return f"each row gets a number of its own in {name}"
    if column.default is not None and is_volatile(catalog, column.default):
        return f"the default of {name} is computed for each row"
    kind = catalog.type(column.type)
    if kind is not None and kind.constrained:
        return f"the domain {kind.domain} of {name} is checked for each row"
    return ""


def makes_sequence(column: definitions.Column) -> bool:
    kind = read_type_text(column.type)
    return bool(column.identity) or (kind is not None and kind.is_serial)


def sequence_name(change: Alteration, column: str) -> str:
    """Return the name of the sequence that a serial or identity column gets."""
    catalog = change.record.catalog
    table = change.table.name

    def is_taken(name: str) -> bool:
        return catalog.relation(sibling(table, name)) is not None

    return sibling(table, chosen_name(bare_name(table), (column,), "seq", is_taken))


def drop_column(change: Alteration, action: actions.DropColumn) -> None:
    """DROP COLUMN and all that goes with it."""
    record, name = change.record, action.column
    if change.table.column(name) is None:
        if not action.if_exists:
            record.fail(f"the column {name} of {change.table.name} does not exist")
        return
    for member in change.family:
        _drop_from(change, member, name, cascade=action.cascade)


def _drop_from(change: Alteration, table: Relation, name: str, *, cascade: bool) -> None:
    record = change.record
    why = f"its column {name} is dropped"
    column = table.column(name)
    required = column is not None and column.not_null and not (
        column.has_default or column.identity or column.generated
    )  # fmt: skip
    record.drop(Dropped("column", name, table.name, (name,), required=required))
    for owner, sources in table.dependencies:
        if name in sources:
            if not cascade and record.catalog.session.major >= GENERATED_KEEP:
                record.fail(f"{owner} of {table.name} is generated from {name}; say CASCADE")
            _drop_from(change, table, owner, cascade=cascade)
    for index in table.indexes:
        if name in index.columns:
            change.drop_index(table, index, f"the column {name} of {table.name} is dropped")
            drop_index_users(record, table, index, f"the column {name} of {table.name} is dropped",
                             cascade=cascade)  # fmt: skip
    for key in table.foreign_keys:
        if name in key.columns and not key.is_copy:
            drop_foreign_key(record, key, f"the column {name} of {table.name} is dropped")
    for sequence in table.sequences:
        if sequence.column == name:
            record.lock_named(sequence.name, AX, f"{why} and owned it")
    for statistics in table.statistics:
        if name in statistics.columns:
            record.lock(table, SUX, f"the statistics {statistics.name} are dropped with {name}")
    drop_dependents(record, table, (name,), f"the column {name} of {table.name} is dropped",
                    cascade=cascade)  # fmt: skip


def set_not_null(change: Alteration, action: actions.SetNotNull) -> None:
    """SET NOT NULL: a scan, unless the rows are known to hold no NULL."""
    name = action.column
    if change.table.column(name) is None and name not in change.added:
        change.record.fail(f"the column {name} of {change.table.name} does not exist")
    for member in change.family:
        column = member.column(name)
        if column is None:
            continue
        unproven = any(
            part.kind == "not null" and name in part.columns and not part.validated
            for part in member.constraints
        )
        if (column.not_null and not unproven) or proves_not_null(member, name):
            continue
        change.scan(member, f"every {name} is checked for NULL")


def set_expression(change: Alteration, action: actions.SetExpression) -> None:
    """SET EXPRESSION writes every row anew; DROP EXPRESSION nothing."""
    column = change.table.column(action.column)
    if action.expression is None or column is None or column.generated != "stored":
        return
    for member in change.family:
        change.rewrite(member, f"the generated column {action.column} is computed anew")


def alter_identity(change: Alteration, action: actions.AlterIdentity) -> None:
    """ADD, SET or DROP of an identity: its sequence comes, changes or goes."""
    record, table = change.record, change.table
    sequence = next((own.name for own in table.sequences if own.column == action.column), "")
    if action.action == "add":
        record.lock(table, AS, f"{action.column} gets a sequence of its own")
        record.create(sequence_name(change, action.column))
    elif action.action == "drop" and sequence:
        record.lock_named(sequence, AX, f"{action.column} of {table.name} is no identity any more")
    elif sequence:
        for mode in (RX, SRX):
            record.lock_named(sequence, mode, f"the identity {action.column} uses it")


def drop_default(change: Alteration, action: actions.SetDefault) -> None:
    """SET and DROP DEFAULT look at no row."""
    if change.table.column(action.column) is None and action.column not in change.added:
        if change.table.kind in {RelationKind.VIEW, RelationKind.MATERIALIZED_VIEW}:
            return
        change.record.fail(f"the column {action.column} of {change.table.name} does not exist")
