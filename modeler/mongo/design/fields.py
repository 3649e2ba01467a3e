"""What the parts of a document are called."""

from __future__ import annotations

import re

from modeler.mongo.design.junctions import through_field
from modeler.mongo.design.stored import Stored
from modeler.mongo.table_fields import safe_name
from modeler.mongo.validator import SYNC_FIELD
from modeler.schema.relation import Relation
from modeler.schema.table import Table, TableKind

SINGULAR = ("ss", "us", "is")
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class FieldNames:
    """Names within one document; each is given once."""

    def __init__(self, table: Table) -> None:
        names = [column.name for column in table.columns]
        self._taken = {*names, *map(safe_name, names), "_id", "_id_", SYNC_FIELD}

    def take(self, wanted: str) -> str:
        """Return the name, or one like it that nothing else has."""
        name = safe_name(wanted)
        number = 2
        chosen = name
        while chosen in self._taken:
            chosen = f"{name}_{number}"
            number += 1
        self._taken.add(chosen)
        return chosen


def children_name(stored: Stored, relation: Relation, *, one: bool) -> str:
    """Return what the children of a relation are called in their parent's document."""
    child = stored.child(relation)
    accessor = relation.accessor
    if accessor and accessor != f"{child.name.casefold()}_set":
        return accessor
    return snake(child.name) if one else plural_of(child)


def ids_name(stored: Stored, relation: Relation, far: Relation) -> str:
    """Return what the array of a junction's far keys is called at the near side."""
    field = through_field(stored, stored.child(relation))
    target = stored.parent(far)
    if field is not None:
        near = field.through_fields[0] if field.through_fields else ""
        if relation.field == near:
            return field.field
        if field.accessor and not field.accessor.endswith("_set"):
            return field.accessor
    return plural_of(target)


def snake(name: str) -> str:
    """Return a class's name as a field's: ``OrderLine`` → ``order_line``."""
    return HUMP.sub("_", name).casefold()


def plural_of(table: Table) -> str:
    """Return what several rows are called; a table, unlike a class, may have such a name.

    So may a class that is named after its table, as ``inspectdb`` writes them.
    """
    name = snake(table.name)
    place = table.location
    after_table = table.kind is TableKind.TABLE or (
        place is not None and place.table.casefold().replace("_", "") == table.name.casefold()
    )
    if after_table and name.endswith("s") and not name.endswith(SINGULAR):
        return name
    return plural(name)


def plural(name: str) -> str:
    """Return the plural of an English name, roughly."""
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
