"""A whole schema: the value that every room works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from modeler.errors import UnknownName
from modeler.schema.constraint import Constraint
from modeler.schema.expression import Expression
from modeler.schema.location import Location
from modeler.schema.relation import Relation
from modeler.schema.sequence import Sequence
from modeler.schema.table import Table


class OriginKind(StrEnum):
    REGISTRY = "registry"
    MIGRATIONS = "migrations"
    DATABASE = "database"
    EXPECTED = "expected"  # a database that migrations alone have made


# Read from the catalogs of a server.
LIVE = frozenset({OriginKind.DATABASE, OriginKind.EXPECTED})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a schema was read; never part of its fingerprint.

    Attributes:
        kind: see OriginKind.
        detail: what was read: leaves of the migration graph, the alias, settings module; of what
            is expected, the last migrations that ran.
        read_at: ISO 8601 with offset, ``""`` where it does not matter.
        reader: version of Django, and of the server where one was asked.
    """

    kind: OriginKind
    detail: str = ""
    read_at: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class App:
    """A Django app: label, dotted name, verbose name as text."""

    label: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class EnumType:
    """A type made by CREATE TYPE … AS ENUM; ``location.table`` is the type's name."""

    location: Location
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainType:
    """A type made by CREATE DOMAIN, without what a domain below it says.

    Attributes:
        location: ``location.table`` is the type's name.
        base: the type that it narrows, with length or digits; maybe a domain too.
        not_null: it refuses NULL.
        checks: ordered by name; ``value`` stands for the column.
        element: what the base holds where that is an array, else ``""``.
        collation: where it is not the base's, else ``""``.
        default: what a column has that declares none.
        compared: False for one that an extension brought, or that lies in a schema which was not
            asked for: known because columns may have it.
    """

    location: Location
    base: str
    not_null: bool = False
    checks: tuple[Constraint, ...] = ()
    element: str = ""
    collation: str = ""
    default: Expression | None = None
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables with all that belongs to them.

    Attributes:
        tables: ordered by key.
        apps: ordered by label.
        enums: ordered by location.
        domains: of a live database, ordered by location.
        sequences: of a live database, ordered by location.
        vendors: ``(alias, vendor, version)`` for every database, version ``""`` where no
            server was asked.
        origin: where it was read; not part of the fingerprint.
        unread: what could not be read, as ``(subject, reason)``.
    """

    tables: tuple[Table, ...] = ()
    apps: tuple[App, ...] = ()
    enums: tuple[EnumType, ...] = ()
    domains: tuple[DomainType, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    vendors: tuple[tuple[str, str, str], ...] = ()
    origin: Origin | None = field(default=None, metadata={"origin": True})
    unread: tuple[tuple[str, str], ...] = ()

    def table(self, key: str) -> Table:
        """Return the table of that key.

        Raises:
            UnknownName: there is none; the message has the nearest keys.
        """
        for table in self.tables:
            if table.key == key:
                return table
        raise UnknownName("table", key, (table.key for table in self.tables))

    def at(self, location: Location | None) -> tuple[Table, ...]:
        """Return the tables (models, proxies) whose rows lie there."""
        return tuple(table for table in self.tables if table.location == location)

    def partitions(self) -> frozenset[str]:
        """Return the keys of tables whose rows are those of a partitioned table that is here."""
        places = {table.location for table in self.tables}
        return frozenset(
            table.key
            for table in self.tables
            if table.partition is not None and table.partition.parent in places
        )

    @property
    def relations(self) -> tuple[Relation, ...]:
        """All relations, in the order of their owners."""
        return tuple(relation for table in self.tables for relation in table.relations)

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """What should be here and is not, as ``(subject, reason)``: all of ``unread``, columns.

        What a column that is here does not say (choices made by a function) is not missing.
        """
        return self.unread + tuple(
            (f"{table.key}.{part}", reason)
            for table in self.tables
            for part, reason in table.unread
            if part not in {column.field for column in table.columns}
        )

    def select(self, names: Iterable[str]) -> Schema:
        """Return the schema of the named apps and tables; of all, when no name is given.

        Args:
            names: app labels (``catalog``) and table keys (``catalog.Product``).

        Raises:
            UnknownName: a name is neither; the message has the nearest names.
        """
        names = tuple(names)
        if not names:
            return self
        labels = {table.app for table in self.tables if table.app}
        by_key = {table.key.casefold(): table.key for table in self.tables}
        wanted: set[str] = set()
        for name in names:
            if name in labels:
                wanted.update(table.key for table in self.tables if table.app == name)
            elif name.casefold() in by_key:
                wanted.add(by_key[name.casefold()])
            elif any(app.label == name for app in self.apps):
                continue  # an installed app without models is empty, not unknown
            else:
                raise UnknownName("app or table", name, [*labels, *by_key.values()])
        tables = tuple(table for table in self.tables if table.key in wanted)
        apps = tuple(app for app in self.apps if app.label in {t.app for t in tables})
        return replace(self, tables=tables, apps=apps)
