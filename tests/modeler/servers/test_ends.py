"""However anything is killed, nothing is left behind and the next start works."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from modeler.servers import hold, postgres_url
from modeler.servers.child import as_account

from .processes import ENVIRONMENT, CommandLine, await_true

pytestmark = pytest.mark.servers

QUERY = """
import sys, time, psycopg
from modeler.servers import postgres_url
time.sleep(float(sys.argv[2]))
with psycopg.connect(postgres_url(sys.argv[1])) as connection:
    print(*connection.execute("SELECT system_identifier FROM pg_control_system()").fetchone())
"""


def query(servers: CommandLine, seconds: float = 0) -> tuple[str, ...]:
    """A command that connects after some seconds and prints which cluster answered."""
    return ("--", sys.executable, "-c", QUERY, str(servers.data_dir), str(seconds))


def starts_again(servers: CommandLine) -> bool:
    code, output, errors = servers.call(*query(servers))
    assert (code, errors) == (0, "")
    return output.strip().isdigit() and servers.all_gone()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_signal_to_the_client(servers, number, code):
    client = servers.serving()
    client.send_signal(number)
    client.communicate()
    assert client.returncode == code
    assert servers.all_gone()
    assert starts_again(servers)


def test_a_machine_that_stood_still_ends_nothing(servers):
    """A wait for signals that is interrupted past its time is no signal (as after a suspend)."""
    client = servers.serving()
    before = servers.status
    for pid in (before.supervisor, client.pid):
        for _ in range(2):
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.8)  # longer than either waits
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.3)
    assert client.poll() is None
    assert servers.status == before
    client.terminate()
    client.communicate()
    assert client.returncode == 143


def test_ctrl_c_in_a_terminal_reaches_the_command_once(servers):
    code = """
import signal, sys
# Taken one by one: a handler of Python's cannot tell two quick signals from one.
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print("up", flush=True)
signal.sigwait([signal.SIGINT])
heard = 1 if signal.sigtimedwait([signal.SIGINT], 1) is None else 2
print("heard", heard, flush=True)
sys.exit(7)
"""
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "modeler.servers", "run", "--data", servers.data_dir]
        os.execve(sys.executable, [*command, "--", sys.executable, "-c", code], ENVIRONMENT)
    read_until(terminal, b"up")
    os.write(terminal, b"\x03")
    assert b"heard 1" in read_until(terminal, b"heard ", more=1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    os.close(terminal)
    assert servers.all_gone()


def read_until(terminal: int, word: bytes, more: int = 0) -> bytes:
    """Read until ``word`` and so many bytes after it."""
    seen = b""
    while word not in seen or len(seen) < seen.index(word) + len(word) + more:
        seen += os.read(terminal, 1024)
    return seen


def test_kill_9_of_the_supervisor_under_a_living_client_starts_the_servers_again(servers):
    client = servers.serving()
    before = servers.status
    os.kill(before.supervisor, signal.SIGKILL)
    await_true(
        lambda: (
            servers.status.supervisor != before.supervisor
            and "postgres" in servers.status.servers
            and servers.status.servers["postgres"].state == "ready"
        ),
        "another supervisor",
    )
    assert servers.call(*query(servers))[0] == 0
    client.terminate()
    assert "The supervisor was killed; starting the servers again." in client.communicate()[1]
    assert starts_again(servers)


def test_kill_9_of_supervisor_and_client_at_once(servers):
    client = servers.serving("--postgres", "--shadow")
    os.kill(servers.status.supervisor, signal.SIGKILL)
    client.kill()
    client.communicate()
    assert servers.all_gone()
    assert not (servers.place.home / "postgres" / "postmaster.pid").exists()
    assert starts_again(servers)


def test_sigterm_to_the_supervisor_ends_the_command_and_says_so(servers):
    client = servers.serving()
    assert servers.call(verb="stop") == (
        0,
        f"Stopped what ran in {servers.data_dir}.\n",
        "",
    )
    errors = client.communicate()[1]
    assert client.returncode == 1
    assert errors == (
        f"modeler.servers: The servers in {servers.data_dir} were stopped by somebody else.\n"
    )
    assert starts_again(servers)


def test_a_killed_postgres_is_started_again_until_it_dies_too_often(servers):
    client = servers.serving()
    for _ in range(3):
        dead = servers.status.servers["postgres"].pid
        os.kill(dead, signal.SIGKILL)
        await_true(
            lambda dead=dead: (
                servers.status.servers["postgres"].state == "ready"
                and servers.status.servers["postgres"].pid != dead
            ),
            "another postgres",
        )
        with psycopg.connect(postgres_url(servers.data_dir)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    os.kill(servers.status.servers["postgres"].pid, signal.SIGKILL)
    said = await_true(lambda: servers.status.servers["postgres"].message, "the last word")
    assert said == (
        "The server postgres died 4 times within a minute and was left so. Read "
        f"{servers.place.logs}/postgres.log, then run again."
    )
    client.terminate()
    client.communicate()
    assert starts_again(servers)


def test_a_killed_client_of_the_database_disturbs_nobody(servers):
    servers.serving()
    command = [sys.executable, "-c", QUERY, str(servers.data_dir), "0"]
    victim = subprocess.Popen(
        [*command[:2], QUERY.replace("print", "time.sleep(600); print"), *command[3:]],
        env=ENVIRONMENT,
    )
    with psycopg.connect(postgres_url(servers.data_dir), autocommit=True) as connection:
        count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'project'"
        await_true(lambda: connection.execute(count).fetchone() == (2,), "the victim's session")
        victim.kill()
        victim.wait()
        await_true(lambda: connection.execute(count).fetchone() == (1,), "the session's end")


def test_three_cold_starts_at_once_share_one_cluster_and_the_first_may_leave_first(servers):
    children = [servers.start(*query(servers, seconds)) for seconds in (0, 0.7, 1.4)]
    done = [child.communicate() for child in children]
    assert [errors for _, errors in done] == ["", "", ""]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert len({output for output, _ in done}) == 1
    assert servers.all_gone()
    # One place and one supervisor: nothing was started that nobody asked for.
    made = {path.name for path in servers.data_dir.iterdir()}
    assert made == {"postgres", "passwords", "run", "logs", "sockets"}
    assert starts_again(servers)


def test_stale_pid_and_socket_files_of_living_strangers_are_not_believed(servers):
    assert starts_again(servers)
    # PostgreSQL believes a number of its own user alone.
    alive = subprocess.Popen(["sleep", "600"], **as_account(servers.place.account))
    stranger = f"{alive.pid}\n{servers.place.home / 'postgres'}\n"
    for path in (
        servers.place.home / "postgres" / "postmaster.pid",
        servers.place.sockets / ".s.PGSQL.5432",
        servers.place.sockets / ".s.PGSQL.5432.lock",
    ):
        path.write_text(stranger)
    try:
        assert starts_again(servers)
        assert alive.poll() is None
    finally:
        alive.kill()
        alive.wait()


def test_an_orphaned_postgres_without_a_supervisor_is_ended_first(servers):
    """One that ignores its parent's death, as a stuck backend would."""
    servers.serving()
    orphan = servers.status.servers["postgres"].pid
    os.kill(orphan, signal.SIGSTOP)
    servers.started[0].kill()
    os.kill(servers.status.supervisor, signal.SIGKILL)
    # SIGINT waits for SIGCONT; the supervisor's lock is free meanwhile.
    script = "import sys\nfrom modeler.servers.orphans import end_orphans\n"
    script += "from pathlib import Path\nend_orphans(Path(sys.argv[1]), 'postgres', 0.3)"
    folder = str(servers.place.home / "postgres")
    subprocess.run([sys.executable, "-c", script, folder], check=True, env=ENVIRONMENT)
    assert servers.all_gone()
    assert starts_again(servers)


def test_killed_while_it_was_made_the_cluster_is_made_anew(servers):
    client = servers.start("--", "true")
    half = servers.data_dir
    await_true(lambda: list(half.glob("postgres.new-*")), "initdb at work")
    supervisor = await_true(lambda: supervisors(servers), "the supervisor")
    for pid in supervisor:
        os.kill(pid, signal.SIGKILL)
    client.kill()
    client.communicate()
    assert servers.all_gone()
    assert not (half / "postgres").exists()
    assert starts_again(servers)
    assert list(half.glob("postgres.new-*")) == []


def supervisors(servers: CommandLine) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-f", f"supervise --data {servers.data_dir}"], capture_output=True, text=True
    )
    return [int(line) for line in found.stdout.split()]


def test_servers_that_nobody_holds_stop_while_others_go_on(servers):
    with hold(servers.data_dir, ("shadow",)):
        with hold(servers.data_dir, ("postgres",)):
            assert sorted(servers.status.servers) == ["postgres", "shadow"]
        await_true(lambda: sorted(servers.status.servers) == ["shadow"], "postgres to stop")
    assert servers.all_gone()


def test_a_throwaway_folder_goes_with_a_killed_test_run(servers):
    script = "import time\nfrom modeler.servers import supervised\n"
    script += "with supervised() as servers: print(servers.data_dir, flush=True); time.sleep(600)"
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    data_dir = Path(child.stdout.readline().strip())
    assert (data_dir / "postgres").is_dir()
    child.kill()
    child.communicate()
    await_true(lambda: not data_dir.exists(), "the folder to go")
