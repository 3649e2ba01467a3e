"""Columns that a migration adds: where their values come from, and who must give them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from modeler.previews.effects.expressions import functions, is_null
from modeler.previews.effects.type_text import CATALOG_NAMES, read_type_text
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.sql.actions import (
    AddColumn,
    AlterIdentity,
    DropColumn,
    DropNotNull,
    SetDefault,
    SetNotNull,
)
from modeler.previews.sql.definitions import Column

# Types of the server itself; any other may be a domain.
BUILT_IN = frozenset(CATALOG_NAMES.values()) | frozenset(
    "text uuid date json jsonb bytea inet cidr macaddr macaddr8 interval money xml point line "
    "lseg box path polygon circle tsvector tsquery name oid int4range int8range numrange tsrange "
    "tstzrange daterange int4multirange int8multirange nummultirange tsmultirange "
    "tstzmultirange datemultirange pg_lsn regclass timetz timestamptz".split()
)

CHANGES = (AddColumn, SetDefault, SetNotNull, DropNotNull, DropColumn, AlterIdentity)


class Source(StrEnum):
    """Where the rows that are there get the values of a new column from."""

    NOTHING = "nothing"  # NULL
    CONSTANT = "constant"  # one value for all: nothing is written
    COMPUTED = "computed"  # by a function
    GENERATED = "generated"
    NUMBERED = "numbered"  # identity and serial


def source_of_values(column: Column) -> Source:
    """Return where a column's first values come from."""
    kind = read_type_text(column.type)
    if column.generated is not None:
        return Source.GENERATED
    if column.identity or (kind is not None and kind.is_serial):
        return Source.NUMBERED
    if is_null(column.default):
        return Source.NOTHING
    return Source.COMPUTED if functions(column.default or "") else Source.CONSTANT


def may_be_domain(column: Column) -> bool:
    """The type is none of the server's own."""
    kind = read_type_text(column.type)
    return kind is not None and kind.name not in BUILT_IN


def became_required(migration: Planned, plan: Plan) -> dict[tuple[str, str], Sent]:
    """Return new columns that INSERTs must give a value since this migration.

    Columns that earlier migrations of the same deploy added count as new; the key is relation
    and column, the value the statement that added or tightened it.
    """
    earlier = [one for one in _up_to(migration, plan) if one is not migration]
    before = _required(earlier)
    return {
        key: sent for key, sent in _required([*earlier, migration]).items() if key not in before
    }


def added_in_plan(migration: Planned, plan: Plan) -> frozenset[tuple[str, str]]:
    """Return relation and column of whatever this deploy has added so far."""
    return frozenset(
        (relation, action.column.name)
        for one in _up_to(migration, plan)
        for _, relation, action in one.parts(AddColumn)
    )


def _up_to(migration: Planned, plan: Plan) -> list[Planned]:
    """Migrations of the same deploy, up to this one."""
    found: list[Planned] = []
    for one in plan.migrations:
        if one.running is migration.running:
            found.append(one)
        if one is migration:
            break
    return found


def _required(migrations: Iterable[Planned]) -> dict[tuple[str, str], Sent]:
    not_null: dict[tuple[str, str], Sent] = {}
    served: set[tuple[str, str]] = set()
    added: set[tuple[str, str]] = set()
    for migration in migrations:
        for sent, relation, action in migration.every_part():
            if not isinstance(action, CHANGES):
                continue
            name = action.column.name if isinstance(action, AddColumn) else action.column
            key = (relation, name)
            match action:
                case AddColumn(column=column):
                    added.add(key)
                    if column.not_null:
                        not_null[key] = sent
                    if source_of_values(column) is not Source.NOTHING:
                        served.add(key)
                case SetDefault(expression=expression):
                    (served.discard if is_null(expression) else served.add)(key)
                case SetNotNull():
                    not_null[key] = sent
                case AlterIdentity(action=word):
                    (served.discard if word == "drop" else served.add)(key)
                case DropNotNull() | DropColumn():
                    not_null.pop(key, None)
    return {key: sent for key, sent in not_null.items() if key in added and key not in served}
