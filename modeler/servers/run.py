"""Running a command on the servers: signals go to it, its exit code comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from modeler.errors import ServerError

from .child import dies_with_parent
from .hold import Held
from .status import read_status
from .urls import mongo_url

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WATCHED = (*ENDING, signal.SIGCHLD)
STEP = 0.5
# sigaction(2): the terminal's Ctrl-C comes from the kernel, and the command got it too.
SI_KERNEL = 0x80
ENDING_SECONDS = 10


def run_command(held: Held, command: Sequence[str]) -> int:
    """Run ``command`` while ``held`` is held; return its exit code as a shell would.

    A supervisor that was killed meanwhile is started again; one that was asked to stop ends the
    command.

    Raises:
        ServerError: the command cannot be started, or the servers were stopped under it.
    """
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    try:
        try:
            child = subprocess.Popen(
                command,
                env={**os.environ, **environment(held)},
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        except OSError as error:
            raise ServerError(
                f"The command {command[0]!r} cannot be run: {error.strerror}. Check its name."
            ) from error
        return _watched(held, child)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def serve(held: Held) -> None:
    """Hold the servers until Ctrl-C or another ending signal."""
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    try:
        while True:
            caught = signal.sigtimedwait(WATCHED, STEP)
            if caught is not None and caught.si_signo in ENDING:
                return
            keep_alive(held)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def environment(held: Held) -> dict[str, str]:
    """What the command needs to find the servers: the data folder, and MongoDB's address."""
    found = {"MODELER_DATA_DIR": str(held.place.data_dir)}
    if "mongo" in held.servers:
        found["MONGO_URL"] = mongo_url(held.place.data_dir)
    return found


def keep_alive(held: Held) -> None:
    """Start a killed supervisor again.

    Raises:
        ServerError: somebody asked it to stop, or a server does not start any more.
    """
    if held.is_alive():
        return
    status = read_status(held.place)
    if status is not None and status.ended:
        raise ServerError(f"The servers in {held.place.data_dir} were stopped by somebody else.")
    print("The supervisor was killed; starting the servers again.", file=sys.stderr)
    held.revive()


def _watched(held: Held, child: subprocess.Popen[bytes]) -> int:
    while child.poll() is None:
        caught = signal.sigtimedwait(WATCHED, STEP)
        if caught is None:
            try:
                keep_alive(held)
            except ServerError:
                _end(child)
                raise
        # As in the supervisor, what is no signal at all is passed over.
        elif caught.si_signo in ENDING and caught.si_code != SI_KERNEL:
            child.send_signal(caught.si_signo)
    code = child.returncode
    return code if code >= 0 else 128 - code


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
