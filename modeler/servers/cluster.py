"""A PostgreSQL cluster on disk: how it is made, and what it holds before its first start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from modeler.errors import ServerError

from .binaries import PostgresBinaries
from .child import as_account, dies_with_parent, plain_environment
from .passwords import made_password
from .place import Place, made_folder, said_clearly

SUPERUSER = "postgres"
PROJECT = "project"
SHADOW = "modeler_shadow"
MARK = "modeler shadow"

DURABLE = {"timezone": "UTC", "log_timezone": "UTC", "lc_messages": "C"}
# For clusters whose loss costs nothing; never for the project's own.
THROWAWAY = DURABLE | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "min_wal_size": "32MB",
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster of a place.

    Attributes:
        name: ``postgres`` (the project's own) or ``shadow``; also its folder and its lease.
        port: part of the socket's name; no TCP port is opened.
        throwaway: made fast instead of durable.
    """

    place: Place
    name: str
    port: int
    throwaway: bool

    @property
    def folder(self) -> Path:
        return self.place.home / self.name

    @property
    def log(self) -> Path:
        return self.place.logs / f"{self.name}.log"

    @property
    def socket(self) -> Path:
        return self.place.sockets / f".s.PGSQL.{self.port}"

    def major(self) -> int | None:
        """The major version that made the files; None before they are made."""
        try:
            return int((self.folder / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def make(self, binaries: PostgresBinaries) -> None:
        """Make the cluster if there is none, with its roles and databases.

        It is made beside its final place and then renamed, so that a kill leaves none half done.
        Passwords that were lost are set anew. No server listens meanwhile: roles are made by
        the single-user backend.
        """
        self._remove_halves()
        superuser, is_new = made_password(self.place, f"{self.name}-{SUPERUSER}")
        statements = [f"ALTER ROLE {SUPERUSER} PASSWORD '{superuser}'"] if is_new else []
        if self.name == "postgres":
            owner, is_new = made_password(self.place, f"{self.name}-{PROJECT}")
            statements += [f"ALTER ROLE {PROJECT} PASSWORD '{owner}'"] if is_new else []
        if self.major() is not None:
            if statements:
                self._single_user(binaries, self.folder, statements)
            return
        half = self.folder.with_name(f"{self.name}.new-{os.getpid()}")
        with said_clearly(self.place.data_dir):
            made_folder(half, 0o700, self.place.account)
        self._initdb(binaries, half)
        self._configure(half)
        self._single_user(binaries, half, self._first_statements())
        half.rename(self.folder)

    def _first_statements(self) -> list[str]:
        superuser, _ = made_password(self.place, f"{self.name}-{SUPERUSER}")
        statements = [f"ALTER ROLE {SUPERUSER} PASSWORD '{superuser}'"]
        if self.name == "postgres":
            # Not a superuser: that one passes every row-level policy and hides missing rights.
            owner, _ = made_password(self.place, f"{self.name}-{PROJECT}")
            return [
                *statements,
                f"CREATE ROLE {PROJECT} LOGIN CREATEDB PASSWORD '{owner}'",
                f"CREATE DATABASE {PROJECT} OWNER {PROJECT}",
            ]
        mark, _ = made_password(self.place, f"{self.name}-mark")
        return [
            *statements,
            f"CREATE DATABASE {SHADOW}",
            f"COMMENT ON DATABASE {SHADOW} IS '{MARK} {mark}'",
        ]

    def _initdb(self, binaries: PostgresBinaries, folder: Path) -> None:
        # The builtin provider sorts alike on every machine; the C library's order changes with
        # its version and silently breaks indexes.
        locale = ["--locale=C.UTF-8"]
        if binaries.major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        # Rejects everybody; our own pg_hba.conf replaces it before the first start.
        self._run(
            [
                binaries.initdb,
                f"--pgdata={folder}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                *locale,
                "--auth=reject",
                "--no-instructions",
                *(["--no-sync"] if self.throwaway else []),
            ],
            folder,
        )

    def _configure(self, folder: Path) -> None:
        settings = THROWAWAY if self.throwaway else DURABLE
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (folder / "postgresql.conf").open("a") as file:
            file.write(f"\n# Set by modeler.\n{lines}")
        (folder / "pg_hba.conf").write_text(
            "local all all scram-sha-256\nlocal replication all scram-sha-256\n"
        )

    def _single_user(
        self, binaries: PostgresBinaries, folder: Path, statements: Iterable[str]
    ) -> None:
        command = [binaries.postgres, "--single", "-D", folder, "-c", "exit_on_error=on"]
        # A log statement would write the passwords into the log.
        command += ["-c", "log_statement=none", "-c", "log_min_error_statement=panic", "postgres"]
        self._run(command, folder, "".join(f"{line}\n" for line in statements))

    def _run(self, command: list, folder: Path, text: str = "") -> None:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            cwd=folder,
            env=plain_environment(),
            umask=0o077,
            preexec_fn=dies_with_parent(signal.SIGKILL),
            **as_account(self.place.account),
        )
        if done.returncode != 0:
            said = " ".join((done.stderr or done.stdout).split())[-600:]
            raise ServerError(
                f"The PostgreSQL cluster {self.folder} could not be made: {said or 'no reason'}"
            )

    def _remove_halves(self) -> None:
        for half in self.folder.parent.glob(f"{self.name}.new-*"):
            shutil.rmtree(half, ignore_errors=True)


def clusters(place: Place, *, throwaway: bool = False) -> dict[str, Cluster]:
    """The two clusters of a place, by name; ``throwaway`` asks for a fast one of the project."""
    return {
        "postgres": Cluster(place, "postgres", 5432, throwaway),
        "shadow": Cluster(place, "shadow", 5433, throwaway=True),
    }
