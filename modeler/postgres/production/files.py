"""Making the files of empty tables as long as production's, without storing anything.

The planner scales stored counts by the real length of the file (``estimate_rel_size`` in the
server): with statistics but an empty file every table has one row. A file that is extended by
``ftruncate`` has that length and occupies no disk; nothing may ever scan it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import ServerError
from modeler.postgres.catalogs import rows

# The server ends with FATAL at a longer file, and ignores a segment after a shorter one.
SEGMENT = 2**30
FILES = """
SELECT n.nspname::text AS schema, c.relname::text AS name, pg_relation_filepath(c.oid) AS path,
       pg_relation_size(c.oid) AS bytes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'i') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND c.relpersistence = 'p'
"""
MAY_ASK = """
SELECT rolsuper OR pg_has_role('pg_read_all_settings', 'USAGE')
FROM pg_roles WHERE rolname = current_user
"""
SERVER = """
SELECT current_setting('data_directory') AS folder,
       (SELECT system_identifier FROM pg_control_system()) AS identifier
"""


@dataclass(frozen=True, slots=True)
class ServerFiles:
    """The data folder of a server on this machine; made by ``server_files``."""

    folder: Path

    def extend(self, path: str, size: int) -> None:
        """Give a relation's file at least ``size`` bytes, in segments, without storing any.

        Args:
            path: as ``pg_relation_filepath`` says.

        Raises:
            ServerError: it may not, or the file system would store the zeros.
        """
        first = self.folder / path
        try:
            owner = first.stat()
            for number, start in enumerate(range(0, size, SEGMENT)):
                wanted = min(SEGMENT, size - start)
                segment = first if number == 0 else Path(f"{first}.{number}")
                _extend(segment, wanted, owner)
        except OSError as error:
            raise ServerError(
                f"The shadow's file {error.filename or first} cannot be made longer: "
                f"{error.strerror or error}. Run as the user who runs the shadow."
            ) from error


def server_files(connection: BaseDatabaseWrapper) -> ServerFiles:
    """Return the files of a connection's server.

    Raises:
        ServerError: why they cannot be had: another machine, another user, no right to ask.
    """
    with connection.cursor() as cursor:
        return ServerFiles(local_folder(cursor))


def local_folder(cursor: Any) -> Path:
    """Return a server's data folder, where it is on this machine and readable.

    Raises:
        ServerError: why it cannot be had.
    """
    cursor.execute(MAY_ASK)
    if not cursor.fetchone()[0]:
        raise ServerError(
            "The server does not say to this role where its files are. Connect as a superuser, "
            "or as a member of pg_monitor."
        )
    (row,) = rows(cursor, SERVER)
    folder = Path(row["folder"])
    control = folder / "global" / "pg_control"
    try:
        # The number that initdb gave the cluster is the file's first field.
        with control.open("rb") as file:
            found = file.read(8)
    except OSError as error:
        raise ServerError(
            f"The server's files in {folder} cannot be read from here: {error.strerror}. They "
            "can where it is the embedded one, or runs on this machine under this user."
        ) from error
    if int.from_bytes(found, sys.byteorder) != row["identifier"] % 2**64:
        raise ServerError(
            f"The files in {folder} on this machine belong to another server. They can be used "
            "where it is the embedded one, or runs on this machine under this user."
        )
    return folder


def extend_files(
    connection: BaseDatabaseWrapper, wanted: Iterable[tuple[str, str, int]]
) -> tuple[str, ...]:
    """Make files of tables and indexes as long as wanted.

    Args:
        connection: to a database that is used for planning alone.
        wanted: schema, name and bytes. A relation that is not there is left out, and one that
            is longer already stays.

    Returns:
        Sentences on what could not be done.

    Raises:
        ServerError: the files cannot be reached.
    """
    files = server_files(connection)
    with connection.cursor() as cursor:
        there = {(row["schema"], row["name"]): row for row in rows(cursor, FILES)}
    notes = []
    for schema, name, size in wanted:
        row = there.get((schema, name))
        if row is None or row["path"] is None:
            continue
        if row["bytes"] > size:
            notes.append(
                f"{schema}.{name} is longer here than there ({row['bytes']} and {size} bytes)."
            )
        elif row["bytes"] < size:
            files.extend(row["path"], size)
    return tuple(notes)


def _extend(segment: Path, size: int, owner: os.stat_result) -> None:
    descriptor = os.open(segment, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        before = os.fstat(descriptor)
        # A segment of another owner is ignored by the server, silently.
        if (before.st_uid, before.st_gid) != (owner.st_uid, owner.st_gid):
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        if before.st_size >= size:
            return
        os.ftruncate(descriptor, size)
        after = os.fstat(descriptor)
        stored = 512 * (after.st_blocks - before.st_blocks)
        if stored > 2**20 and stored * 2 > size - before.st_size:
            os.ftruncate(descriptor, before.st_size)
            raise ServerError(
                f"The file system of {segment.parent} stores empty ranges of files, so tables "
                "cannot look as long as production's. Put the shadow on ext4, XFS or tmpfs."
            )
    finally:
        os.close(descriptor)
