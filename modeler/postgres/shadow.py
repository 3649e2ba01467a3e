"""The shadow: a PostgreSQL cluster without data, where rehearsals run on fresh databases.

It is never the project's own: a server with the same system identifier as one of the project's
databases is refused, and so is a database that modeler has not marked.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.conf import data_dir, modeler_settings
from modeler.errors import ServerError
from modeler.servers.cluster import MARK
from modeler.servers.hold import hold
from modeler.servers.passwords import read_password
from modeler.servers.urls import embedded_database

from .address import settings_from_url
from .connections import connection_to, postgres_connections, registered

CLONE_PREFIX = "modeler_clone_"
ALIAS = "modeler_shadow"
NAME_BYTES = 63
PRISTINE = "template0"


@dataclass(slots=True)
class Clone:
    """A database of its own on the shadow; it is dropped when its block ends.

    Attributes:
        settings: an entry as in ``DATABASES``.
    """

    name: str
    settings: dict[str, Any]
    opened: list[BaseDatabaseWrapper] = field(default_factory=list)

    def connect(self, alias: str = ALIAS) -> BaseDatabaseWrapper:
        """Return a new Django connection that is not in ``django.db.connections``.

        It is opened at first use and closed with the clone at the latest.
        """
        connection = connection_to(self.settings, alias)
        self.opened.append(connection)
        return connection

    @contextmanager
    def registered(self, alias: str = ALIAS) -> Iterator[BaseDatabaseWrapper]:
        """Put a connection to this clone under ``alias`` in ``django.db.connections``.

        For the time of the block, in this thread; ``alias`` may be one of the project's.
        """
        with registered(self.connect(alias)) as connection:
            try:
                yield connection
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection that was made here."""
        while self.opened:
            self.opened.pop().close()


class Shadow:
    """A checked connection to the shadow server; made by ``open_shadow``."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.connection = connection_to(settings, ALIAS)
        self.clones: set[str] = set()

    @property
    def server_version(self) -> str:
        """Such as ``"18.4"``."""
        return self._value("SHOW server_version").split()[0]

    @property
    def major(self) -> int:
        """Such as ``18``."""
        return int(self._value("SHOW server_version_num")) // 10000

    @contextmanager
    def clone(self, name_hint: str = "", *, template: Clone | str = PRISTINE) -> Iterator[Clone]:
        """Make a database from ``template``, and drop it after the block.

        Args:
            name_hint: a word for the name, to be seen in the server's activity.
            template: an untouched database without this; or a clone, whose connections are
                closed, since PostgreSQL copies no database that is in use.

        Raises:
            ServerError: the server makes none.
        """
        if isinstance(template, Clone):
            template.close()
            template = template.name
        name = clone_name(name_hint)
        self.clones.add(name)
        # The lock says that the owner lives; a dead one's is freed by the server, and whoever
        # opens the shadow next drops the database.
        self._execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
        try:
            self._create(name, template)
            made = Clone(name, self.settings | {"NAME": name})
            try:
                yield made
            finally:
                made.close()
                self._drop(name)
        finally:
            self._execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
            self.clones.discard(name)

    def _create(self, name: str, template: str) -> None:
        try:
            self._execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")
        except DatabaseError as error:
            role = quoted(str(self.settings.get("USER") or "the role"))
            raise ServerError(
                f"The shadow server makes no database: {one_line(error)}. Mend that there (the "
                f"right is given by ALTER ROLE {role} CREATEDB), or name another server in "
                "MODELER['SHADOW_URL']."
            ) from error

    def sweep(self) -> tuple[str, ...]:
        """Drop the clones whose owners are dead; return their names."""
        dropped = []
        found = self._rows(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname",
            CLONE_PREFIX,
        )
        for (name,) in found:
            # A session is granted its own lock again, so that would not protect its clones.
            if name in self.clones:
                continue
            if self._value("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name):
                self._drop(name)
                self._execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)
                dropped.append(name)
        return tuple(dropped)

    def refuse_unmarked(self, expected: str) -> None:
        """Raise ``ServerError`` unless this database's mark starts with ``expected``."""
        mark = self._value(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
            " WHERE datname = current_database()"
        )
        if not (mark or "").startswith(expected):
            name = self.settings["NAME"]
            raise ServerError(
                f"The database {name!r} is not marked as modeler's shadow, so nothing is run "
                "there. If it and its whole server hold no data, mark it with: "
                f"COMMENT ON DATABASE {quoted(name)} IS '{MARK}'"
            )

    def refuse_same_cluster(
        self, others: Iterable[BaseDatabaseWrapper], *, unreachable_is_apart: bool
    ) -> None:
        """Raise ``ServerError`` if this server is one of ``others``.

        Args:
            unreachable_is_apart: whether a database that cannot be asked counts as another one.
        """
        own = system_identifier(self.connection)
        for other in others:
            try:
                is_same = system_identifier(other) == own
            except DatabaseError as error:
                if unreachable_is_apart and isinstance(error, OperationalError):
                    continue
                raise ServerError(
                    f"Whether the shadow is apart from the database {other.alias!r} cannot be "
                    f"known: {one_line(error)}. Make it reachable, or remove "
                    "MODELER['SHADOW_URL'] to use the embedded shadow."
                ) from error
            if is_same:
                raise ServerError(
                    f"The shadow is on the same server as the database {other.alias!r}, so "
                    "nothing is run there. Name another server in MODELER['SHADOW_URL'], or "
                    "remove it to use the embedded shadow."
                )

    def close(self) -> None:
        self.connection.close()

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")

    def _rows(self, sql: str, *values: str) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def _execute(self, sql: str, *values: str) -> None:
        self._rows(sql, *values)

    def _value(self, sql: str, *values: str) -> Any:
        return self._rows(sql, *values)[0][0]


@contextmanager
def open_shadow(*, apart_from: Iterable[BaseDatabaseWrapper] | None = None) -> Iterator[Shadow]:
    """Open the shadow that the settings name, and start the embedded one where it is not up.

    Args:
        apart_from: connections whose servers are refused as a shadow; all of the project's
            PostgreSQL connections without it.

    Raises:
        ServerError: it cannot be started or reached, is not marked, or holds project data.
        ConfigurationError: ``MODELER["SHADOW_URL"]`` cannot be read.
    """
    others = postgres_connections() if apart_from is None else apart_from
    with ExitStack() as stack:
        url = modeler_settings()["SHADOW_URL"]
        if url:
            settings = settings_from_url(url, "MODELER['SHADOW_URL']")
            mark = MARK
        else:
            held = stack.enter_context(
                hold(data_dir(), ("shadow",), postgres_bin=modeler_settings()["POSTGRES_BIN"])
            )
            settings = embedded_database(data_dir(), "shadow")
            mark = f"{MARK} {read_password(held.place, 'shadow-mark')}"
        shadow = Shadow(settings)
        stack.callback(shadow.close)
        try:
            shadow.connection.ensure_connection()
        except OperationalError as error:
            raise ServerError(
                f"The shadow server cannot be reached: {one_line(error)}. Start it, or correct "
                "MODELER['SHADOW_URL']."
            ) from error
        shadow.refuse_unmarked(mark)
        shadow.refuse_same_cluster(others, unreachable_is_apart=not url)
        shadow.sweep()
        yield shadow


def system_identifier(connection: BaseDatabaseWrapper) -> int:
    """Return the number that initdb gave the cluster; standbys and file copies share it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        return cursor.fetchone()[0]


def clone_name(hint: str) -> str:
    """Return a name for a clone that nobody else has."""
    word = re.sub(r"[^a-z0-9]+", "_", hint.lower()).strip("_")
    end = secrets.token_hex(6)
    return f"{CLONE_PREFIX}{word[: NAME_BYTES - len(CLONE_PREFIX) - len(end) - 1]}_{end}"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
