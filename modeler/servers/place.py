"""Where the servers of one data folder keep their files."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from modeler.errors import ServerError

from .account import Account, account_for

# sockaddr_un holds 108 bytes with the final zero (unix(7)).
SOCKET_PATH_BYTES = 107
SOCKET_NAME = ".s.PGSQL.65535.lock"
# Where root keeps clusters whose checkout the server's account cannot reach (/root is 0700).
SHARED_STATE = Path("/var/lib/modeler")
SHORT_SOCKETS = Path("/tmp")


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one set of servers.

    Attributes:
        data_dir: the folder that the user named, absolute.
        home: the folder that holds the files; ``data_dir``, unless root runs the servers under
            an account that cannot reach it.
        sockets: the folder of the Unix sockets, mode 0700, owned by ``account``.
        account: who the servers run as.
    """

    data_dir: Path
    home: Path
    sockets: Path
    account: Account

    @classmethod
    def of(cls, data_dir: str | os.PathLike[str]) -> Place:
        """Decide the folders; reads the file system and makes nothing.

        The answer is the same for every process of one user, whatever its environment, since
        the settings of a project ask it while the supervisor runs elsewhere.

        Raises:
            ServerError: this system has no embedded servers.
        """
        refuse_platform()
        folder = Path(os.path.realpath(data_dir))
        account = account_for(folder)
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        home = folder
        if account.is_other and not account.can_reach(folder):
            home = SHARED_STATE / f"{folder.parent.name or 'data'}-{digest}"
            account = account_for(home)
        sockets = home / "sockets"
        if len(os.fsencode(sockets / SOCKET_NAME)) > SOCKET_PATH_BYTES:
            sockets = SHORT_SOCKETS / f"modeler-{account.uid}-{digest}"
        return cls(folder, home, sockets, account)

    @property
    def run(self) -> Path:
        """Locks, leases and the supervisor's status; 0700."""
        return self.home / "run"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def passwords(self) -> Path:
        """One file of mode 0600 for each password; the folder is 0700."""
        return self.home / "passwords"

    @property
    def tools(self) -> Path:
        """Downloaded programs."""
        return self.home / "tools"

    def prepare(self) -> None:
        """Make the folders that are missing. Rights of folders that exist are never changed.

        Raises:
            ServerError: a folder cannot be made, or one that exists is not safe to use.
        """
        self.refuse_foreign()
        with said_clearly(self.data_dir):
            for folder in (self.data_dir, self.home):
                made_folder(folder, mode=0o755)
            for folder in (self.run, self.logs, self.passwords):
                made_folder(folder, mode=0o700)
            if self.home != self.data_dir:
                note = self.data_dir / "MOVED"
                if not note.exists():
                    note.write_text(f"{self.account.name} cannot enter here; see {self.home}\n")
            made_folder(self.sockets, mode=0o700, owner=self.account)
            self._refuse_foreign_sockets()

    def remove(self) -> None:
        """Remove the data folder with everything in it; nothing may run there."""
        for folder in (self.sockets, self.home, self.data_dir):
            shutil.rmtree(folder, ignore_errors=True)

    def refuse_foreign(self) -> None:
        """Raise ``ServerError`` if another user runs the servers of this place."""
        if self.run.is_dir() and not os.access(self.run, os.R_OK | os.W_OK | os.X_OK):
            raise ServerError(
                f"The servers in {self.data_dir} belong to another user. Run as that user, or "
                "name another folder with --data."
            )

    def _refuse_foreign_sockets(self) -> None:
        found = self.sockets.lstat()
        is_private = found.st_uid == self.account.uid and not found.st_mode & 0o077
        if not self.sockets.is_symlink() and is_private:
            return
        raise ServerError(
            f"The socket folder {self.sockets} is not a private folder of "
            f"{self.account.name}. Remove it, or choose another data folder."
        )


def refuse_platform() -> None:
    """Raise ``ServerError`` where nothing here can work: it rests on Linux's prctl and /proc."""
    if sys.platform != "linux":
        raise ServerError(
            f"The embedded servers run on Linux only, and this is {sys.platform}. Set "
            "DATABASE_URL to a PostgreSQL server, and MODELER['SHADOW_URL'] for previews."
        )


def made_folder(folder: Path, mode: int, owner: Account | None = None) -> None:
    """Make ``folder`` and its parents; one that exists stays as it is.

    It appears with its owner and rights at once: another process that starts at the same moment
    decides by them where the data lies.
    """
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        made_folder(folder.parent, 0o755)
    new = folder.with_name(f".{folder.name}.new-{os.getpid()}-{threading.get_ident()}")
    try:
        new.mkdir(mode=0o700)
    except OSError as error:
        error.filename = str(folder)  # nobody knows the other name
        raise
    try:
        if owner is not None and owner.is_other:
            os.chown(new, owner.uid, owner.gid)
        # Not by mkdir: the umask would take the search right that the server's account needs.
        new.chmod(mode)
        # Replaces an empty folder that another process made meanwhile, as like as two peas.
        new.rename(folder)
    except OSError as error:
        new.rmdir()
        error.filename = str(folder)
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not folder.is_dir():
            raise


@contextmanager
def said_clearly(data_dir: Path) -> Iterator[None]:
    """Turn what the file system refuses into one sentence with the next step."""
    try:
        yield
    except PermissionError as error:
        raise ServerError(
            f"No permission to write {error.filename or data_dir}. Run as the user who owns it, "
            "or name another folder with --data."
        ) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise ServerError(
            f"The data folder {data_dir} cannot be used: {error.filename} is a file. "
            "Name another folder with --data."
        ) from error
    except OSError as error:
        raise ServerError(
            f"The data folder {data_dir} cannot be used: {error.strerror or error}. "
            "Name another folder with --data."
        ) from error
