"""The parts of ALTER TABLE, INDEX, VIEW, MATERIALIZED VIEW, SEQUENCE and FOREIGN TABLE.

Source: PostgreSQL manual, those commands, 14 to 18.
"""

from __future__ import annotations

from collections.abc import Callable

from modeler.previews.sql.actions import (
    Action,
    AddColumn,
    AddConstraint,
    AlterConstraint,
    AttachPartition,
    ClusterOn,
    DetachPartition,
    DropColumn,
    DropConstraint,
    Inherit,
    OtherAction,
    Rename,
    ReplicaIdentity,
    RowSecurity,
    SetAccessMethod,
    SetLogged,
    SetOptions,
    SetOwner,
    SetSchema,
    SetTablespace,
    ToggleRule,
    ToggleTrigger,
    ValidateConstraint,
)
from modeler.previews.sql.column_actions import alter_column
from modeler.previews.sql.columns import column_definition
from modeler.previews.sql.constraints import at_table_constraint, attributes, table_constraint
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Constraint
from modeler.previews.sql.tables import partition_bounds


def relation_action(cursor: Cursor) -> Action:
    """Read one part.

    Raises:
        FormatError: it is no part that PostgreSQL knows.
    """
    word = cursor.token.text if cursor.token.kind == "name" else ""
    read = BY_WORD.get(word)
    if read is None:
        raise cursor.unexpected("an action such as ADD, DROP, ALTER, RENAME or SET")
    start = cursor.position
    cursor.step()
    action = read(cursor)
    return OtherAction(cursor.text(start)) if action is None else action


def option_names(cursor: Cursor) -> tuple[str, ...]:
    """Read ``(name [= value], …)`` and return the names in lower case."""

    def option() -> str:
        name = cursor.label()
        while cursor.take_mark("."):
            name += f".{cursor.label()}"
        if cursor.take_operator("="):
            while not (cursor.is_mark(",") or cursor.is_mark(")") or cursor.ended):
                cursor.skip_group()
        return name

    return cursor.listed(option)


def _add(cursor: Cursor) -> Action:
    if at_table_constraint(cursor):
        return AddConstraint(table_constraint(cursor))
    cursor.take("column")
    absent = cursor.take("if", "not", "exists")
    return AddColumn(column_definition(cursor), absent)


def _drop(cursor: Cursor) -> Action:
    if cursor.take("constraint"):
        exists = cursor.take("if", "exists")
        return DropConstraint(cursor.identifier(), exists, cascades(cursor))
    cursor.take("column")
    exists = cursor.take("if", "exists")
    return DropColumn(cursor.identifier(), exists, cascades(cursor))


def cascades(cursor: Cursor) -> bool:
    """Read CASCADE or RESTRICT, if one of them is there."""
    return cursor.take_one_of("cascade", "restrict") == "cascade"


def _alter(cursor: Cursor) -> Action:
    if not cursor.take("constraint"):
        cursor.take("column")
        return alter_column(cursor)
    name = cursor.identifier()
    inherited = True if cursor.take("inherit") else None
    cursor.take("set")
    start = cursor.position
    found = attributes(cursor, Constraint("altered"))
    words = cursor.text(start).lower()
    return AlterConstraint(
        name,
        deferrable=found.deferrable if "deferr" in words else None,
        deferred=found.deferred if "initially" in words else None,
        enforced=found.enforced if "enforced" in words else None,
        inherited=found.inherited if "inherit" in words else inherited,
    )


def _rename(cursor: Cursor) -> Action:
    if cursor.take("to"):
        return Rename(cursor.identifier())
    constraint = cursor.take("constraint")
    if not constraint:
        cursor.take("column")
    old = cursor.identifier()
    cursor.need("to")
    new = cursor.identifier()
    return Rename(new, constraint=old) if constraint else Rename(new, column=old)


def _validate(cursor: Cursor) -> Action:
    cursor.need("constraint")
    return ValidateConstraint(cursor.identifier())


def _set(cursor: Cursor) -> Action | None:
    if cursor.is_mark("("):
        return SetOptions(option_names(cursor))
    if cursor.take("schema"):
        return SetSchema(cursor.identifier())
    if cursor.take("tablespace"):
        action = SetTablespace(cursor.identifier())
        cursor.take("nowait")
        return action
    if cursor.take("access", "method"):
        return SetAccessMethod("default" if cursor.take("default") else cursor.identifier())
    if word := cursor.take_one_of("logged", "unlogged"):
        return SetLogged(word == "logged")
    if cursor.take("without", "cluster"):
        return ClusterOn("")
    if cursor.take("without", "oids"):
        return None
    raise cursor.unexpected("SCHEMA, TABLESPACE, LOGGED, UNLOGGED or options")


def _toggle(cursor: Cursor, *, enabled: bool) -> Action:
    if cursor.take("row", "level", "security"):
        return RowSecurity("enable" if enabled else "disable")
    if enabled:
        cursor.take_one_of("always", "replica")
    if cursor.take("rule"):
        return ToggleRule(cursor.identifier(), enabled)
    cursor.need("trigger")
    every = cursor.take_one_of("all", "user")
    return ToggleTrigger(every or cursor.identifier(), enabled)


def _no(cursor: Cursor) -> Action | None:
    if cursor.take("inherit"):
        return Inherit(cursor.name(), False)  # noqa: FBT003
    if cursor.take("force", "row", "level", "security"):
        return RowSecurity("no force")
    cursor.need("depends", "on", "extension")
    cursor.identifier()
    return None


def _force(cursor: Cursor) -> Action:
    cursor.need("row", "level", "security")
    return RowSecurity("force")


def _attach(cursor: Cursor) -> Action:
    cursor.need("partition")
    name = cursor.name()
    # An index's partition has no bounds.
    return AttachPartition(name, "" if cursor.ended else partition_bounds(cursor))


def _detach(cursor: Cursor) -> Action:
    cursor.need("partition")
    name = cursor.name()
    word = cursor.take_one_of("concurrently", "finalize")
    return DetachPartition(name, word == "concurrently", word == "finalize")


def _replica(cursor: Cursor) -> Action:
    cursor.need("identity")
    if cursor.take("using", "index"):
        return ReplicaIdentity(f"using index {cursor.identifier()}")
    word = cursor.take_one_of("default", "full", "nothing")
    if not word:
        raise cursor.unexpected("USING INDEX, DEFAULT, FULL or NOTHING")
    return ReplicaIdentity(word)


def _owner(cursor: Cursor) -> Action:
    cursor.need("to")
    return SetOwner(cursor.label())


def _cluster(cursor: Cursor) -> Action:
    cursor.need("on")
    return ClusterOn(cursor.identifier())


def _of(cursor: Cursor) -> None:
    cursor.name()


def _not(cursor: Cursor) -> None:
    cursor.need("of")


def _options(cursor: Cursor) -> None:
    cursor.bracketed()


def _depends(cursor: Cursor) -> None:
    cursor.need("on", "extension")
    cursor.identifier()


def _reset(cursor: Cursor) -> Action:
    return SetOptions(option_names(cursor), reset=True)


BY_WORD: dict[str, Callable[[Cursor], Action | None]] = {
    "add": _add,
    "drop": _drop,
    "alter": _alter,
    "rename": _rename,
    "validate": _validate,
    "set": _set,
    "reset": _reset,
    "enable": lambda cursor: _toggle(cursor, enabled=True),
    "disable": lambda cursor: _toggle(cursor, enabled=False),
    "inherit": lambda cursor: Inherit(cursor.name()),
    "no": _no,
    "force": _force,
    "attach": _attach,
    "detach": _detach,
    "replica": _replica,
    "owner": _owner,
    "cluster": _cluster,
    "of": _of,
    "not": _not,
    "options": _options,
    "depends": _depends,
}
