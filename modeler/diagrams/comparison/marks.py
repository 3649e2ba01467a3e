"""What a picture of changes needs: the schema to draw, the marks on it, the list beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modeler.schema.changes import ChangeKind, Part
from modeler.schema.encoding import encode
from modeler.schema.schema import Schema

WHOLE = {ChangeKind.ADDED, ChangeKind.REMOVED}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an altered part, with both values as short text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened to one thing of the picture.

    Attributes:
        part: see Part; a foreign key's constraint marks its relation, where one is drawn.
        table: the table's key in the merged schema, ``""`` for a type or sequence.
        name: the column's, index's, relation's … name there; ``""`` for the table itself.
        kind: a renamed part may have altered attributes as well.
        before: what a removed part was, or the old name of a renamed one, as short text.
        after: what an added part is, or the new name.
        attributes: of an altered or renamed part.
    """

    part: Part
    table: str
    name: str
    kind: ChangeKind
    before: str = ""
    after: str = ""
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as a line of the list.

    Attributes:
        part, table, name: as in the mark.
        kind: see ChangeKind.
        sentence: the change in words, without the table's name.
    """

    part: Part
    table: str
    name: str
    kind: ChangeKind
    sentence: str


@dataclass(frozen=True, slots=True)
class TableChanges:
    """All that changed at one table; without a key, the types and sequences of the database."""

    key: str
    name: str
    kind: ChangeKind
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class AppChanges:
    """All that changed in one app; label ``""`` for tables that no model has."""

    app: str
    title: str
    tables: tuple[TableChanges, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A picture of changes.

    Attributes:
        schema: what to draw: the tables, columns and relations of both sides.
        marks: ordered by table, part and name; what has none is unchanged.
        apps: the list beside the picture, in reading order.
    """

    schema: Schema
    marks: tuple[Mark, ...] = ()
    apps: tuple[AppChanges, ...] = ()

    @property
    def tables(self) -> dict[str, ChangeKind]:
        """What happened to each table that changed, itself or in a part, by its key."""
        found: dict[str, ChangeKind] = {}
        for mark in self.marks:
            if mark.table:
                found.setdefault(mark.table, ChangeKind.ALTERED)
                if mark.part is Part.TABLE:
                    found[mark.table] = mark.kind
        return found

    @property
    def kinds(self) -> dict[tuple[Part, str, str], ChangeKind]:
        """What happened to each thing that has a mark, by part, table and name.

        All that belongs to an added or removed table is added or removed with it.
        """
        return {(mark.part, mark.table, mark.name): mark.kind for mark in self.marks}

    def kind_of(self, part: Part, table: str, name: str = "") -> ChangeKind | None:
        """Return what happened to a thing, None where nothing did.

        All that belongs to an added or removed table is added or removed with it.
        """
        whole = None
        for mark in self.marks:
            if mark.table == table:
                if (mark.part, mark.name) == (part, name):
                    return mark.kind
                if mark.part is Part.TABLE and mark.kind in WHOLE:
                    whole = mark.kind
        return whole


def to_document(overlay: Overlay) -> dict[str, Any]:
    """Return marks and list as what ``json`` can write; the schema is drawn, not sent."""
    return {
        "tables": {key: str(kind) for key, kind in overlay.tables.items()},
        "marks": encode(overlay.marks),
        "apps": encode(overlay.apps),
    }


def changed_and_near(overlay: Overlay) -> frozenset[str]:
    """Return the keys of the tables that changed and of those one relation away."""
    changed = set(overlay.tables)
    near = set(changed)
    for relation in overlay.schema.relations:
        ends = {relation.owner, relation.target, relation.through} - {""}
        if ends & changed:
            near |= ends
    present = {table.key for table in overlay.schema.tables}
    return frozenset(near & present)
