"""Relations of live tables: each foreign key is one, whole, however many columns it has."""

from __future__ import annotations

from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.table import Table

ON_DELETE = {
    "": "DO_NOTHING", "restrict": "DB_RESTRICT", "cascade": "DB_CASCADE",
    "set null": "DB_SET_NULL", "set default": "DB_SET_DEFAULT",
}  # fmt: skip


def relation_of(table: Table, constraint: Constraint) -> Relation:
    """Return the relation of a foreign key; ``target`` is the key of the table it refers to."""
    nullable = any(table.column(name).null for name in constraint.columns)
    unique = any(columns <= set(constraint.columns) for columns in _unique_sets(table))
    return Relation(
        owner=table.key,
        field=constraint.name,
        kind=RelationKind.ONE_TO_ONE if unique else RelationKind.FOREIGN_KEY,
        columns=constraint.columns,
        target="" if constraint.target is None else str(constraint.target),
        target_location=constraint.target,
        target_columns=constraint.target_columns,
        on_delete=ON_DELETE[constraint.on_delete],
        enforced=constraint.enforced,
        at_owner=Cardinality.ZERO_OR_ONE if unique else Cardinality.ZERO_OR_MORE,
        at_target=Cardinality.ZERO_OR_ONE if nullable else Cardinality.ONE,
    )


def _unique_sets(table: Table) -> list[set[str]]:
    """Return the column sets that no two rows share, by constraint or by total unique index."""
    found = [
        set(constraint.columns)
        for constraint in table.constraints
        if constraint.kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE}
    ]
    found += [
        set(index.columns)
        for index in table.indexes
        if index.unique
        and index.valid
        and index.condition is None
        and len(index.columns) == len(index.parts)
    ]
    return found
