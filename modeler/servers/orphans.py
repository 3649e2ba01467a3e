"""Processes that a killed server left in its data folder."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from modeler.errors import ServerError

NO_SIGNAL = 0  # kill(2): asks whether the process is there, no more


def processes_in(folder: Path, program: str) -> tuple[int, ...]:
    """Return the processes of ``program`` (``"postgres"``) whose working folder is ``folder``.

    A pid file proves nothing: its number may belong to anybody by now. PostgreSQL and all its
    backends change into the data folder, and no other program of that name does.
    """
    return tuple(sorted(_found(folder, program)))


def _found(folder: Path, program: str) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if (entry / "cwd").readlink() != folder:
                continue
            if (entry / "exe").readlink().name.removesuffix(" (deleted)") == program:
                yield int(entry.name)
        except OSError:
            continue  # ended meanwhile, a zombie, or somebody else's


def end_orphans(
    folder: Path,
    program: str,
    patience: float = 10.0,
    insist: Sequence[signal.Signals] | None = None,
) -> None:
    """Wait until no process of ``program`` is left in ``folder``, then insist by signals.

    Only the holder of the supervisor's lock may call this: nobody else can rightly run there.
    """
    for number in (NO_SIGNAL, *(insist or (signal.SIGQUIT, signal.SIGKILL))):
        for pid in processes_in(folder, program):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while left := processes_in(folder, program):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        if not left:
            return
    raise ServerError(f"The processes {left} of an earlier server in {folder} do not end.")
