"""What the supervisor says about its servers, in a file that others read."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

from .place import Place

STARTING, READY, FAILED = "starting", "ready", "failed"
# Why a supervisor ended; one that was killed could not say.
ASKED, UNNEEDED = "asked to stop", "nobody needed its servers"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """One server: its state, process, version (``"18.4"``), and why it failed."""

    state: str
    pid: int | None = None
    version: str = ""
    message: str = ""


@dataclass(slots=True)
class Status:
    """The supervisor's process, its servers by name, and why it ended, once it has."""

    supervisor: int = 0
    servers: dict[str, ServerStatus] = field(default_factory=dict)
    ended: str = ""

    def write(self, place: Place) -> None:
        """Replace the file as a whole, so that no reader sees half of it."""
        new = place.run / f"status.{os.getpid()}.new"
        new.write_text(json.dumps(asdict(self)))
        new.replace(place.run / "status.json")


def read_status(place: Place) -> Status | None:
    """Return the last written status, of a supervisor that may be dead; None without one."""
    try:
        stored = json.loads((place.run / "status.json").read_text())
        servers = {name: ServerStatus(**values) for name, values in stored["servers"].items()}
        return Status(stored["supervisor"], servers, stored["ended"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # left by another version


def forget_status(place: Place) -> None:
    (place.run / "status.json").unlink(missing_ok=True)
