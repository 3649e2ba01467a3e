"""What is done of a migration without a transaction, noted in the database itself.

A statement and its note are one transaction, so that no death of a process can part them. The
table is there only while such a migration is under way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from modeler.postgres.catalogs import rows
from modeler.previews.safely.session import MigratingSession

TABLE = "modeler_unfinished_migration"
CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    app text NOT NULL, name text NOT NULL, operation integer NOT NULL, statement text NOT NULL,
    said text NOT NULL, done boolean NOT NULL, deferred text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (app, name, operation, statement)
)
"""
NOTE = f"""
INSERT INTO {TABLE} (app, name, operation, statement, said, done, deferred)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (app, name, operation, statement)
DO UPDATE SET done = excluded.done, deferred = excluded.deferred, said = excluded.said, at = now()
"""
COLUMNS = "operation, statement, said, done, deferred"


@dataclass(frozen=True, slots=True)
class Entry:
    """A note.

    Attributes:
        said: the operation in words, or the statement.
        done: False: it was begun.
        deferred: statements that an operation left for the migration's end.
    """

    said: str
    done: bool
    deferred: tuple[str, ...] = ()


class Journal:
    """Notes on the migrating connection, inside its transaction where one is open."""

    def __init__(self, session: MigratingSession) -> None:
        self._session = session
        self._key = ("", "")
        self._entries: dict[tuple[int, str], Entry] = {}

    def open(self, app: str, name: str) -> None:
        """Read what is noted of a migration; make the table where it is missing."""
        self._key = (app, name)
        with self._session.unguarded() as cursor:
            if not self._there(cursor):
                cursor.execute(CREATE)
            found = rows(
                cursor, f"SELECT {COLUMNS} FROM {TABLE} WHERE app = %s AND name = %s", self._key
            )
        self._entries = {
            (row["operation"], row["statement"]): Entry(
                row["said"], row["done"], tuple(json.loads(row["deferred"]))
            )
            for row in found
        }

    @property
    def entries(self) -> dict[tuple[int, str], Entry]:
        """What was read or noted, by operation and statement (``""``: the operation itself)."""
        return dict(self._entries)

    def operation(self, position: int) -> Entry | None:
        return self._entries.get((position, ""))

    def statement(self, position: int, sql: str, occurrence: int) -> Entry | None:
        """Return the note of an operation's statement; equal texts are told apart by number."""
        return self._entries.get((position, _digest(sql, occurrence)))

    def statements(self, position: int) -> tuple[Entry, ...]:
        return tuple(entry for (at, key), entry in self._entries.items() if at == position and key)

    def note_operation(
        self, position: int, said: str, *, done: bool, deferred: Collection[str] = ()
    ) -> None:
        self._note(position, "", Entry(said, done, tuple(deferred)))

    def note_statement(self, position: int, sql: str, occurrence: int, *, done: bool) -> None:
        self._note(position, _digest(sql, occurrence), Entry(sql, done))

    def forget_statement(self, position: int, sql: str, occurrence: int) -> None:
        """Take back the note of a statement that left nothing behind."""
        key = _digest(sql, occurrence)
        if self._entries.pop((position, key), None) is not None:
            with self._session.unguarded() as cursor:
                cursor.execute(
                    f"DELETE FROM {TABLE} "
                    "WHERE app = %s AND name = %s AND operation = %s AND statement = %s",
                    [*self._key, position, key],
                )

    def close(self) -> None:
        """Forget the migration, and drop the table when nothing else is in it."""
        with self._session.unguarded() as cursor:
            if self._there(cursor):
                cursor.execute(f"DELETE FROM {TABLE} WHERE app = %s AND name = %s", self._key)
                self._drop_empty(cursor)
        self._entries = {}

    def close_if_empty(self) -> bool:
        """Drop the table where nothing of the migration is noted, and tell whether that is so."""
        self.open(*self._key)
        if not self._entries:
            self.close()
        return not self._entries

    def sweep(self, applied: Collection[tuple[str, str]]) -> None:
        """Forget migrations that are applied: a run was killed before it could."""
        with self._session.unguarded() as cursor:
            if not self._there(cursor):
                return
            for row in rows(cursor, f"SELECT DISTINCT app, name FROM {TABLE}"):
                if (row["app"], row["name"]) in applied:
                    cursor.execute(
                        f"DELETE FROM {TABLE} WHERE app = %s AND name = %s",
                        [row["app"], row["name"]],
                    )
            self._drop_empty(cursor)

    def _note(self, position: int, key: str, entry: Entry) -> None:
        with self._session.unguarded() as cursor:
            cursor.execute(
                NOTE,
                [*self._key, position, key, entry.said, entry.done, json.dumps(entry.deferred)],
            )
        self._entries[position, key] = entry

    @staticmethod
    def _drop_empty(cursor: Any) -> None:
        cursor.execute(f"SELECT 1 FROM {TABLE} LIMIT 1")
        if not cursor.fetchone():
            cursor.execute(f"DROP TABLE {TABLE}")

    @staticmethod
    def _there(cursor: Any) -> bool:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TABLE])
        return bool(cursor.fetchone()[0])


def _digest(sql: str, occurrence: int) -> str:
    """Return a key of bounded length; never ``""``, which is the operation's own."""
    return f"{occurrence}:{hashlib.sha256(sql.encode()).hexdigest()}"
