"""Real processes of the command line, and what they leave."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from modeler.servers import Place
from modeler.servers.binaries import SAY_BIN
from modeler.servers.mongod import SAY_MONGOD
from modeler.servers.status import Status, read_status

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 40.0
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | {
    name: os.environ[name] for name in (SAY_BIN, SAY_MONGOD) if name in os.environ
}


def await_true(condition: Callable[[], T], what: str) -> T:
    """Wait for a true answer and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.02)
    return answer


@dataclass(slots=True)
class CommandLine:
    """``python -m modeler.servers`` on one data folder."""

    data_dir: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str, verb: str = "run", **options) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "modeler.servers", verb, "--data", self.data_dir, *arguments],
            **{
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "text": True,
                "env": ENVIRONMENT,
                "cwd": "/",
            }
            | options,
        )
        self.started.append(child)
        return child

    def call(self, *arguments: str, verb: str = "run", **options) -> tuple[int, str, str]:
        """Run to the end; return the exit code and both outputs."""
        child = self.start(*arguments, verb=verb, **options)
        output, errors = child.communicate(timeout=PATIENCE)
        return child.returncode, output, errors

    def serving(self, *arguments: str) -> subprocess.Popen[str]:
        """Start, and return when the command below it runs."""
        command = ("--", "sh", "-c", "echo up; exec sleep 600")
        child = self.start(*arguments, *command)
        line = child.stdout.readline()
        assert line == "up\n", child.communicate()
        return child

    @property
    def place(self) -> Place:
        return Place.of(self.data_dir)

    @property
    def status(self) -> Status:
        """What the supervisor says; an empty one while it says nothing."""
        return read_status(self.place) or Status()

    def left(self) -> list[str]:
        """Command lines of living processes that belong to this data folder."""
        names = {str(self.data_dir), str(self.place.home)}
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                folder = str((entry / "cwd").readlink())
            except OSError:
                continue  # ended meanwhile, or a zombie
            if any(name in line or folder.startswith(name) for name in names):
                found.append(line)
        return found

    def all_gone(self) -> bool:
        """Wait until nothing is left."""
        return await_true(lambda: not self.left(), "no process left")

    def close(self) -> None:
        self.call(verb="stop")
        for child in self.started:
            if child.poll() is None:
                child.kill()
            child.communicate()
