"""ALTER TABLE and its kin: which lock its parts need together, and whom they go to.

Source: ``AlterTableGetLockLevel`` and ``ATPrepCmd`` (commands/tablecmds.c), 14 to 18.
"""

from __future__ import annotations

from modeler.postgres.locks import LockMode, strongest
from modeler.previews.effects import columns, constraints, partitions
from modeler.previews.effects.alteration import Alteration
from modeler.previews.effects.catalog import Relation
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.indexes import INDEXES
from modeler.previews.effects.record import AS, AX, RX, SRX, SUX, Record, S
from modeler.previews.effects.type_changes import alter_type
from modeler.previews.relation_names import bare_name
from modeler.previews.sql import actions
from modeler.previews.sql.actions import Action
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import ObjectKind

WEAK_OPTIONS = frozenset(
    "fillfactor parallel_workers vacuum_index_cleanup vacuum_truncate toast_tuple_target "
    "log_autovacuum_min_duration deduplicate_items vacuum_max_eager_freeze_failure_rate "
    "n_distinct n_distinct_inherited".split()
)
TRIGGERS_RECURSE = 15
SEQUENCES_FOLLOW = 15
NO_INHERIT_RECURSES = 18
# Keys hand NOT NULL down as a constraint since then.
KEYS_RECURSE = 18
IDENTITY_RECURSES = 17
# Parts that go to partitions and children as well.
RECURSING = (
    actions.AddColumn, actions.DropColumn, actions.AlterType, actions.SetDefault,
    actions.SetNotNull, actions.DropNotNull, actions.SetExpression, actions.SetColumnOption,
)  # fmt: skip


def alter_relation(record: Record, command: AlterRelation) -> None:
    """ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE, FOREIGN TABLE."""
    relation = record.catalog.relation(command.name)
    if relation is None:
        if not command.if_exists:
            record.fail(f"{record.catalog.display(command.name)} does not exist")
        return
    change = Alteration(record, relation, command.only)
    modes = [mode_of(relation, command.kind, action) for action in command.actions]
    if modes:
        mode = strongest(tuple(modes))
        action = command.actions[modes.index(mode)]
        record.lock(relation, mode, words_of(action))
        if any(_recurses(record, relation, action) for action in command.actions):
            for member in change.family:
                record.lock(member, mode, f"{words_of(action)}, as in {relation.name}"
                            if member.name != relation.name else words_of(action))  # fmt: skip
    for action in sorted(command.actions, key=_pass):
        apply(change, action)
    change.finish()


def _pass(action: Action) -> int:
    """Drops come first, then changes of types, then what is added."""
    match action:
        case actions.DropColumn() | actions.DropConstraint():
            return 0
        case actions.AlterType():
            return 1
        case actions.AddColumn():
            return 2
    return 3


def mode_of(relation: Relation, kind: ObjectKind, action: Action) -> LockMode:
    """Return the lock that a part needs on the relation itself."""
    match action:
        case actions.SetColumnOption(option="statistics" | "options"):
            return SUX
        case actions.SetOptions(names=names):
            weak = all(name.removeprefix("toast.") in WEAK_OPTIONS
                       or name.removeprefix("toast.").startswith("autovacuum_")
                       for name in names)  # fmt: skip
            return SUX if weak and relation.kind is not RelationKind.VIEW else AX
        case actions.ValidateConstraint() | actions.ClusterOn() | actions.AttachPartition():
            return SUX
        case actions.AddConstraint(constraint=constraint) if constraint.kind == "foreign key":
            return SRX
        case actions.DetachPartition(concurrently=True) | actions.DetachPartition(finalize=True):
            return SUX
        case actions.ToggleTrigger():
            return SRX
        case actions.Rename() if kind is ObjectKind.INDEX and relation.kind in INDEXES:
            return SUX
    return AX


def _recurses(record: Record, relation: Relation, action: Action) -> bool:
    major = record.catalog.session.major
    partitioned = relation.kind is RelationKind.PARTITIONED_TABLE
    match action:
        case actions.Rename(column=column, constraint=constraint):
            found = relation.constraint(constraint) if constraint else None
            return bool(column) or (found is not None and found.kind == "check")
        case actions.AddConstraint(constraint=constraint):
            if constraint.kind in {"check", "not null"}:
                return constraint.inherited or major >= NO_INHERIT_RECURSES
            if constraint.kind == "foreign key":
                return partitioned
            if constraint.kind == "primary key" and major < KEYS_RECURSE:
                return not partitioned or any(
                    column.name in constraint.columns and not column.not_null
                    for column in relation.columns
                )
            return major >= KEYS_RECURSE
        case actions.ValidateConstraint(name=name):
            found = relation.constraint(name)
            return (found is not None and not found.validated
                    and (found.kind != "foreign key" or partitioned))  # fmt: skip
        case actions.DropConstraint(name=name):
            found = relation.constraint(name)
            return partitioned or (found is not None and found.kind in {"check", "not null"})
        case actions.ToggleTrigger():
            return partitioned and major >= TRIGGERS_RECURSE and _has_triggers(relation, action)
        case actions.SetNotNull(column=name):
            # Nothing is handed down where nothing changes.
            if not _is_not_null(relation, name):
                return True
            return not partitioned and major < KEYS_RECURSE
        case actions.AlterIdentity():
            return partitioned and major >= IDENTITY_RECURSES
    return isinstance(action, RECURSING)


def _has_triggers(relation: Relation, action: actions.ToggleTrigger) -> bool:
    """Some trigger is switched; ``all`` means those of foreign keys too."""
    keys = action.trigger.lower() == "all" and (relation.foreign_keys or relation.referrers)
    return bool(relation.triggers or keys)


def _is_not_null(relation: Relation, name: str) -> bool:
    column = relation.column(name)
    return (
        column is not None
        and column.not_null
        and all(
            part.validated
            for part in relation.constraints
            if part.kind == "not null" and name in part.columns
        )
    )


def apply(change: Alteration, action: Action) -> None:
    """What a part does beyond the lock on its own table."""
    record, table = change.record, change.table
    match action:
        case actions.AddColumn():
            columns.add_column(change, action)
        case actions.DropColumn():
            columns.drop_column(change, action)
        case actions.AlterType():
            alter_type(change, action)
        case actions.SetDefault():
            columns.drop_default(change, action)
        case actions.SetNotNull():
            columns.set_not_null(change, action)
        case actions.SetExpression():
            columns.set_expression(change, action)
        case actions.AlterIdentity():
            columns.alter_identity(change, action)
        case actions.AddConstraint(constraint=constraint):
            constraints.add_constraint(change, constraint)
        case actions.DropConstraint():
            constraints.drop_constraint(change, action)
        case actions.ValidateConstraint():
            constraints.validate_constraint(change, action)
        case actions.AlterConstraint():
            constraints.alter_constraint(change, action)
        case actions.Rename(constraint=constraint) if constraint:
            found = table.constraint(constraint)
            if found is None:
                record.fail(f"{table.name} has no constraint {constraint}")
            elif found.index and found.kind != "foreign key":
                index = table.index(found.index)
                if index is not None:
                    record.lock_index(table, index, SUX, f"{constraint} is renamed, and it too")
        case actions.Rename(column=column) if column and table.column(column) is None:
            record.fail(f"{table.name} has no column {column}")
        case actions.AttachPartition():
            if table.kind in INDEXES:
                attach_index(change, action)
            else:
                partitions.attach(change, action)
        case actions.DetachPartition():
            partitions.detach(change, action)
        case actions.Inherit():
            partitions.inherit(change, action)
        case actions.SetLogged(logged=logged) if logged == table.unlogged:
            set_logged(change, "logged" if logged else "unlogged")
        case actions.SetAccessMethod(method=method) if method != table.access_method:
            for member in change.family:
                change.rewrite(member, f"it is stored by {method} from now on")
        case actions.SetTablespace():
            set_tablespace(change)
        case actions.SetSchema():
            for sequence in table.sequences:
                record.lock_named(sequence.name, AX, f"{table.name} owns it, and is moved")
        case actions.SetOwner(owner=owner) if owner != table.owner:
            record.lock_indexes(table, AX, f"{owner} becomes the owner of {table.name}")
            for sequence in table.sequences:
                record.lock_named(sequence.name, AX, f"{owner} becomes the owner of {table.name}")
        case actions.ReplicaIdentity() | actions.ClusterOn():
            name_index(change, action)
        case actions.OtherAction(text=text):
            record.unread = f"this part of ALTER TABLE is not known: {text}"


def set_logged(change: Alteration, word: str) -> None:
    """SET LOGGED or UNLOGGED writes the table anew into files of the other kind."""
    table = change.table
    change.rewrite(table, f"it becomes {word}")
    if change.record.catalog.session.major >= SEQUENCES_FOLLOW:
        for sequence in table.sequences:
            for mode in (AX, RX):
                change.record.lock_named(
                    sequence.name, mode, f"{table.name} owns it and becomes {word}"
                )
    keys = table.referrers if word == "unlogged" else table.foreign_keys
    for key in keys:
        other = key.table if word == "unlogged" else key.target
        found = change.record.catalog.relation(other)
        if found is not None and other != table.name and found.unlogged != (word == "unlogged"):
            change.record.fail(f"{key.name} ties it to {other}, which is not {word}")


def set_tablespace(change: Alteration) -> None:
    """SET TABLESPACE copies the file as it is; of an index only its own."""
    record, table = change.record, change.table
    if table.kind in {RelationKind.PARTITIONED_TABLE, RelationKind.PARTITIONED_INDEX}:
        return
    record.work(table.table or table.name, WorkKind.COPY, "its file is copied")


def name_index(change: Alteration, action: actions.ReplicaIdentity | actions.ClusterOn) -> None:
    """The index that REPLICA IDENTITY USING INDEX or CLUSTER ON names."""
    named = action.index if isinstance(action, actions.ClusterOn) else action.identity
    named = named.removeprefix("using index ").strip()
    for index in change.table.indexes:
        if bare_name(index.name) == named.strip('"'):
            mode = SUX if isinstance(action, actions.ClusterOn) else S
            change.record.lock_index(change.table, index, mode, words_of(action))


def attach_index(change: Alteration, action: actions.AttachPartition) -> None:
    """ALTER INDEX … ATTACH PARTITION."""
    record = change.record
    child = record.catalog.relation(action.table)
    if child is None:
        record.fail(f"{record.catalog.display(action.table)} does not exist")
        return
    cause = f"{action.table.name} becomes a part of {change.table.name}"
    record.lock(child, AX, cause)
    for name in (change.table.table, child.table):
        record.lock_named(name, AS, cause)


def words_of(action: Action) -> str:
    """Say in words what a part does, as the cause of its lock."""
    match action:
        case actions.AddColumn(column=column):
            return f"the column {column.name} is added"
        case actions.DropColumn(column=name):
            return f"its column {name} is dropped"
        case actions.AlterType(column=name, type=kind):
            return f"{name} becomes {kind}"
        case actions.SetDefault(column=name, expression=expression):
            return f"the default of {name} is {'dropped' if expression is None else 'set'}"
        case actions.SetNotNull(column=name):
            return f"{name} is set NOT NULL"
        case actions.DropNotNull(column=name):
            return f"{name} may be NULL from now on"
        case actions.SetExpression(column=name):
            return f"the expression of {name} changes"
        case actions.AlterIdentity(column=name):
            return f"the identity of {name} changes"
        case actions.SetColumnOption(column=name, option=option):
            return f"the {option} of {name} change"
        case actions.AddConstraint(constraint=constraint):
            name = f" {constraint.name}" if constraint.name else ""
            return f"the {constraint.kind} constraint{name} is added"
        case actions.DropConstraint(name=name):
            return f"the constraint {name} is dropped"
        case actions.ValidateConstraint(name=name):
            return f"the constraint {name} is validated"
        case actions.AlterConstraint(name=name):
            return f"the constraint {name} changes"
        case actions.Rename(to=to, column=column, constraint=constraint):
            what = column or constraint
            return f"{what} is renamed to {to}" if what else f"it is renamed to {to}"
        case actions.AttachPartition():
            return "a partition is attached"
        case actions.DetachPartition():
            return "a partition is detached"
        case actions.ToggleTrigger(trigger=name, enabled=enabled):
            return f"the trigger {name} is {'enabled' if enabled else 'disabled'}"
        case actions.SetSchema(schema=schema):
            return f"it moves to the schema {schema}"
        case actions.SetTablespace(tablespace=space):
            return f"it moves to the tablespace {space}"
        case actions.SetLogged(logged=logged):
            return f"it becomes {'logged' if logged else 'unlogged'}"
        case actions.SetOptions(names=names):
            return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} set"
        case actions.SetOwner(owner=owner):
            return f"{owner} becomes its owner"
        case actions.RowSecurity(action=verb):
            return f"row security: {verb}"
    return "its definition changes"
