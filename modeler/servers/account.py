"""The operating system's account that a server runs under."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from modeler.errors import ServerError

if sys.platform != "win32":  # Settings may be read there, and say that nothing runs
    import pwd

# PostgreSQL refuses to run as root. ``postgres`` exists wherever a distribution's server was
# installed, ``nobody`` exists everywhere.
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number; both are our own unless we are root."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether starting a server means to change the user first."""
        return self.uid != os.geteuid()

    @property
    def name(self) -> str:
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return f"user {self.uid}"

    def can_reach(self, path: Path) -> bool:
        """Whether this account may search every existing folder on the way to ``path``.

        Reads mode bits alone: access lists that take rights away are found at the start.
        """
        return all(self._may_search(folder) for folder in (path, *path.parents) if folder.is_dir())

    def _may_search(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def account_for(data_dir: Path) -> Account:
    """Return the account for the servers of ``data_dir``.

    An ordinary user runs them as himself. Root runs them as the owner of the folder, when that
    is not root (``sudo`` in somebody's checkout), else as an unprivileged account.

    Raises:
        ServerError: root, and there is no unprivileged account on this machine.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for folder in (data_dir / "postgres", data_dir / "shadow", data_dir):
        if folder.is_dir() and (owner := folder.stat()).st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError(
        "PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor "
        "'nobody'. Run as an ordinary user, or set DATABASE_URL to a server that runs already."
    )
