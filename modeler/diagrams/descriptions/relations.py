"""A relation in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.sql_text import quoted_name, quoted_table
from modeler.schema.table import Table


def cardinality_sentences(
    relation: Relation, owner: Table | None, target: Table | None
) -> tuple[str, ...]:
    """Say how many rows stand at each end: ``each order has exactly one customer``.

    A generic foreign key says one sentence: its far side is another table in every row.
    """
    near = _names(owner, relation.owner)
    if not relation.target:
        return (
            _count(near[0], relation.at_target, (_("row of any table"), _("rows of any table"))),
        )
    far = _names(target, relation.target)
    return (
        _count(near[0], relation.at_target, far),
        _count(far[0], relation.at_owner, near),
    )


def _count(one: str, cardinality: Cardinality, other: tuple[str, str]) -> str:
    names = {"one": one, "other": other[0], "others": other[1]}
    match cardinality:
        case Cardinality.ONE:
            return _("each %(one)s has exactly one %(other)s") % names
        case Cardinality.ZERO_OR_ONE:
            return _("each %(one)s has at most one %(other)s") % names
        case Cardinality.ZERO_OR_MORE:
            return _("each %(one)s has any number of %(others)s") % names
        case Cardinality.ONE_OR_MORE:
            return _("each %(one)s has at least one %(other)s") % names


def _names(table: Table | None, key: str) -> tuple[str, str]:
    """Return a table's names for one row and for many."""
    if table is None:
        return key, key
    one = table.label or _("row of %(table)s") % {"table": table.name}
    many = table.label_plural or (table.label or _("rows of %(table)s") % {"table": table.name})
    return one, many


def columns_text(relation: Relation, owner: Table | None) -> str:
    """Return ``customer_id → orders_customer.id``; ``""`` where no column joins."""
    if not relation.columns or relation.target_location is None:
        return ", ".join(quoted_name(name) for name in relation.columns)
    far = quoted_table(relation.target_location)
    return ", ".join(
        f"{quoted_name(a)} → {far}.{quoted_name(b)}"
        for a, b in zip(relation.columns, relation.target_columns, strict=False)
    )


def delete_sentence(relation: Relation, owner: Table | None, target: Table | None) -> str:
    """Say what deleting the row referred to does; ``""`` where nothing is declared."""
    near, far = _names(owner, relation.owner), _names(target, relation.target)
    if relation.kind is RelationKind.GENERIC_REVERSE:
        near, far = far, near  # declared at the row that is referred to
    names = {"one": far[0], "others": near[1], "handler": relation.on_delete}
    match relation.on_delete:
        case "":
            return ""
        case "CASCADE" | "DB_CASCADE":
            return _("deleting the %(one)s deletes its %(others)s") % names
        case "SET_NULL" | "DB_SET_NULL":
            return _("deleting the %(one)s sets the reference to NULL") % names
        case "SET_DEFAULT" | "DB_SET_DEFAULT":
            return _("deleting the %(one)s sets the reference to its default") % names
        case "SET":
            return _("deleting the %(one)s sets the reference to a given value") % names
        case "PROTECT" | "DB_RESTRICT":
            return _("the %(one)s cannot be deleted while it has %(others)s") % names
        case "RESTRICT":
            return _("the %(one)s cannot be deleted while it has %(others)s that stay") % names
        case "DO_NOTHING" if relation.enforced:
            return _("the database keeps the %(one)s while it has %(others)s") % names
        case "DO_NOTHING":
            return _("deleting the %(one)s leaves its %(others)s as they are") % names
    return _("%(handler)s decides when the %(one)s is deleted") % names


def kind_text(relation: Relation) -> str:
    """Return the kind for people."""
    return {
        RelationKind.FOREIGN_KEY: _("foreign key"),
        RelationKind.ONE_TO_ONE: _("one-to-one"),
        RelationKind.MANY_TO_MANY: _("many-to-many"),
        RelationKind.PARENT_LINK: _("parent link"),
        RelationKind.JOIN: _("join over several columns"),
        RelationKind.GENERIC: _("generic foreign key"),
        RelationKind.GENERIC_REVERSE: _("generic relation"),
    }[relation.kind]
