"""A server's process that cannot outlive the process that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from modeler.errors import ServerError

from .account import Account

PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child may not take the loader's locks.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a ``preexec_fn``: the kernel sends ``death_signal`` when the parent is gone.

    See prctl(2), PR_SET_PDEATHSIG. The mark is lost when the user changes, so it must run after
    that; subprocess calls ``preexec_fn`` last.
    """
    parent = os.getpid()

    def in_child() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        assert _libc is not None  # this code runs on Linux alone
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died in between, and nobody will tell us
            os._exit(1)

    return in_child


def start_child(
    command: Sequence[str | Path],
    *,
    account: Account,
    log: Path,
    death_signal: signal.Signals,
    cwd: Path,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server as a direct child, in a session of its own, writing to ``log``."""
    with log.open("ab") as output:
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**plain_environment(), **(environment or {})},
                start_new_session=True,
                preexec_fn=dies_with_parent(death_signal),
                umask=0o077,
                **as_account(account),
            )
        except OSError as error:
            raise ServerError(f"{command[0]} did not start: {error.strerror}.") from error


def as_account(account: Account) -> dict:
    """Arguments for subprocess that change to ``account``, where that is somebody else."""
    if not account.is_other:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": ()}


def plain_environment() -> dict[str, str]:
    """An environment for servers: our PG… variables, locale and secrets are not their business."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def end_child(
    child: subprocess.Popen[bytes], steps: Sequence[tuple[signal.Signals, float]]
) -> None:
    """Send each signal in turn until the child has ended, giving it the seconds beside it."""
    for number, seconds in steps:
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def last_lines(log: Path, most: int = 3) -> str:
    """Return the end of a log on one line, for messages."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return " / ".join(line.strip() for line in lines[-most:] if line.strip())
