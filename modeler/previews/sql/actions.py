"""The parts of ALTER TABLE and its kin.

Source: PostgreSQL manual, ALTER TABLE, 14 to 18.
"""

from __future__ import annotations

from dataclasses import dataclass

from modeler.previews.sql.definitions import Column, Constraint, Name


@dataclass(frozen=True, slots=True)
class AddColumn:
    column: Column
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropColumn:
    column: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class AlterType:
    column: str
    type: str
    using: str = ""
    collation: str = ""


@dataclass(frozen=True, slots=True)
class SetDefault:
    """SET DEFAULT; ``expression`` None: DROP DEFAULT."""

    column: str
    expression: str | None


@dataclass(frozen=True, slots=True)
class SetNotNull:
    column: str


@dataclass(frozen=True, slots=True)
class DropNotNull:
    column: str


@dataclass(frozen=True, slots=True)
class SetExpression:
    """SET EXPRESSION of a generated column; ``expression`` None: DROP EXPRESSION."""

    column: str
    expression: str | None


@dataclass(frozen=True, slots=True)
class AlterIdentity:
    """``action``: ``add``, ``set`` or ``drop``; ``kind``: ``always``, ``by default`` or ``""``."""

    column: str
    action: str
    kind: str = ""
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class SetColumnOption:
    """``option`` is ``statistics``, ``storage``, ``compression``, ``options`` or ``foreign
    options``."""

    column: str
    option: str


@dataclass(frozen=True, slots=True)
class AddConstraint:
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class DropConstraint:
    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class ValidateConstraint:
    name: str


@dataclass(frozen=True, slots=True)
class AlterConstraint:
    """What was not written is None."""

    name: str
    deferrable: bool | None = None
    deferred: bool | None = None
    enforced: bool | None = None
    inherited: bool | None = None


@dataclass(frozen=True, slots=True)
class Rename:
    """Of the relation itself, or of its ``column`` or ``constraint``."""

    to: str
    column: str = ""
    constraint: str = ""


@dataclass(frozen=True, slots=True)
class SetSchema:
    schema: str


@dataclass(frozen=True, slots=True)
class SetTablespace:
    tablespace: str


@dataclass(frozen=True, slots=True)
class SetLogged:
    logged: bool


@dataclass(frozen=True, slots=True)
class SetAccessMethod:
    method: str


@dataclass(frozen=True, slots=True)
class SetOptions:
    """SET or RESET of storage parameters."""

    names: tuple[str, ...]
    reset: bool = False


@dataclass(frozen=True, slots=True)
class ToggleTrigger:
    """ENABLE or DISABLE of a trigger, of ``all`` or of ``user``."""

    trigger: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class ToggleRule:
    rule: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class RowSecurity:
    """``action`` is ``enable``, ``disable``, ``force`` or ``no force``."""

    action: str


@dataclass(frozen=True, slots=True)
class AttachPartition:
    """``table`` may be an index's name, of ALTER INDEX … ATTACH PARTITION."""

    table: Name
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class DetachPartition:
    table: Name
    concurrently: bool = False
    finalize: bool = False


@dataclass(frozen=True, slots=True)
class Inherit:
    parent: Name
    inherits: bool = True


@dataclass(frozen=True, slots=True)
class SetOwner:
    owner: str


@dataclass(frozen=True, slots=True)
class ReplicaIdentity:
    identity: str


@dataclass(frozen=True, slots=True)
class ClusterOn:
    """``index`` ``""``: SET WITHOUT CLUSTER."""

    index: str


@dataclass(frozen=True, slots=True)
class OtherAction:
    """A part that the grammar knows but no rule speaks of; its text."""

    text: str


Action = (
    AddColumn | DropColumn | AlterType | SetDefault | SetNotNull | DropNotNull | SetExpression
    | AlterIdentity | SetColumnOption | AddConstraint | DropConstraint | ValidateConstraint
    | AlterConstraint | Rename | SetSchema | SetTablespace | SetLogged | SetAccessMethod
    | SetOptions | ToggleTrigger | ToggleRule | RowSecurity | AttachPartition | DetachPartition
    | Inherit | SetOwner | ReplicaIdentity | ClusterOn | OtherAction
)  # fmt: skip
