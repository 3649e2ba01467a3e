"""Foreign keys: making, validating and dropping them, also as a part of something else."""

from __future__ import annotations

from modeler.previews.effects.alteration import Alteration, key_words, validate_key
from modeler.previews.effects.catalog import ForeignKey, Relation
from modeler.previews.effects.effect import Dropped, RelationKind
from modeler.previews.effects.names_chosen import chosen_name
from modeler.previews.effects.record import AX, RS, Record
from modeler.previews.relation_names import bare_name
from modeler.previews.sql.definitions import Constraint

# DROP of a key to a partitioned table locks partitions that are partitioned themselves since.
SUBPARTITIONS_LOCKED = 15
NOT_VALID_ON_PARTITIONED = 18


def add_foreign_key(change: Alteration, constraint: Constraint, *, validates: bool) -> None:
    """ADD FOREIGN KEY, or REFERENCES of a column; ``validates``: rows have to be looked at."""
    record, table = change.record, change.table
    reference = constraint.references
    if reference is None:
        return
    name = constraint.name or key_name(table, constraint)
    shown = record.catalog.display(reference.table)
    parent = table if shown == table.name else record.catalog.relation(reference.table)
    if parent is None:
        record.fail(f"the new foreign key {name} refers to {shown}, which does not exist")
        return
    cause = f"its new foreign key {name} refers to {parent.name}"
    if (
        table.kind is RelationKind.PARTITIONED_TABLE
        and not constraint.valid
        and record.catalog.session.major < NOT_VALID_ON_PARTITIONED
    ):
        record.fail(f"{table.name} is partitioned: a NOT VALID foreign key needs PostgreSQL 18")
    change.add_foreign_key_locks(table, parent, cause, enforced=constraint.enforced)
    if validates and constraint.enforced:
        change.validations.append(
            (name, table, parent, f"the new foreign key {name} is checked against {parent.name}")
        )


def key_name(table: Relation, constraint: Constraint) -> str:
    """Return the name that the server gives a foreign key."""
    taken = {found.name for found in table.constraints}
    bare = bare_name(table.name)
    return chosen_name(bare, constraint.columns, "fkey", taken.__contains__)


def drop_foreign_key(
    record: Record,
    key: ForeignKey,
    why: str = "",
    *,
    named: bool = False,
    made_anew: bool = False,
) -> None:
    """Locks on the other table: its triggers go as well.

    Args:
        why: what the key goes with.
        named: ALTER TABLE … DROP CONSTRAINT names it, so both tables are opened first.
        made_anew: the same statement makes it again.
    """
    if not made_anew:
        record.drop(Dropped("foreign key", key.name, key.table, key.columns, key.target))
    cause = f"{key_words(key)} is dropped" + (f", because {why}" if why else "")
    child = record.catalog.relation(key.table)
    parent = record.catalog.relation(key.target)
    for table in (child, parent):
        if table is not None and (named or table.kind is not RelationKind.PARTITIONED_TABLE):
            record.lock(table, AX, cause)
    if child is not None:
        for member in record.family(child):
            record.lock(member, AX, cause)
    if parent is not None:
        for member in record.family(parent):
            partitioned = member.kind is RelationKind.PARTITIONED_TABLE
            if not partitioned or record.catalog.session.major >= SUBPARTITIONS_LOCKED:
                record.lock(member, AX, cause)


def validate_foreign_key(record: Record, table: Relation, key: ForeignKey) -> None:
    """VALIDATE CONSTRAINT of a foreign key."""
    parent = record.catalog.relation(key.target)
    if key.validated or parent is None:
        return
    cause = f"{key_words(key)} is validated"
    record.lock(parent, RS, cause)
    validate_key(record, key.name, table, parent, cause)


def recreate_foreign_key(change: Alteration, key: ForeignKey, *, checks: bool, why: str) -> None:
    """A type of a key's column changes: the key is dropped and made anew.

    Args:
        checks: rows are compared in another way now, so both sides are read again.
    """
    record = change.record
    if key.is_copy or (key.table, key.name) in change.recreated_keys:
        return
    change.recreated_keys.add((key.table, key.name))
    child, parent = record.catalog.relation(key.table), record.catalog.relation(key.target)
    if child is None or parent is None:
        return
    cause = f"{key_words(key)} is made anew, because {why}"
    drop_foreign_key(record, key, why, made_anew=True)
    change.add_foreign_key_locks(child, parent, cause, enforced=key.enforced)
    if checks and key.validated and key.enforced:
        change.validations.append((key.name, child, parent, cause))
