"""What a reference has to do with the keys of the table that declares it."""

from __future__ import annotations

from modeler.schema.constraint import ConstraintKind
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.table import Table


def is_one(child: Table, relation: Relation) -> bool:
    """Tell whether no two rows of the child refer to the same parent."""
    if relation.kind in (RelationKind.ONE_TO_ONE, RelationKind.PARENT_LINK):
        return True
    own = set(relation.columns)
    return bool(own) and (
        set(child.primary_key) == own
        or any(
            constraint.kind is ConstraintKind.UNIQUE
            and set(constraint.columns) == own
            and constraint.condition is None
            and not any(part.expression for part in constraint.parts)
            for constraint in child.constraints
        )
    )


def is_same_row(child: Table, relation: Relation) -> bool:
    """Tell whether the child's key is its parent's: who refers to it refers to the document."""
    return bool(child.primary_key) and set(child.primary_key) == set(relation.columns)


def leading(child: Table, relation: Relation) -> int:
    """Return how far back the reference stands in a key of the child: 0 if it leads one."""
    keys = [child.primary_key] + [
        constraint.columns
        for constraint in child.constraints
        if constraint.kind is ConstraintKind.UNIQUE
    ]
    return min(
        (key.index(relation.columns[0]) for key in keys if relation.columns[0] in key),
        default=len(child.columns),
    )


def in_key(child: Table, relation: Relation) -> bool:
    own, key = set(relation.columns), set(child.primary_key)
    if own & key:
        return True
    # A unique key with the whole primary key in it is there for foreign keys to point to.
    return any(
        constraint.kind is ConstraintKind.UNIQUE
        and own < set(constraint.columns)
        and not (key and key <= set(constraint.columns))
        for constraint in child.constraints
    )
