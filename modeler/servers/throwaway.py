"""Servers for tests: in a folder of their own that goes with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .hold import Held, hold
from .place import Place
from .urls import embedded_database, postgres_url


@dataclass(frozen=True, slots=True)
class Throwaway:
    """Running servers that nobody else uses."""

    held: Held

    @property
    def data_dir(self) -> Path:
        return self.held.place.data_dir

    @property
    def database_url(self) -> str:
        """The project's database, whose role owns it and may create others."""
        return postgres_url(self.data_dir)

    @property
    def database(self) -> dict:
        """The same as an entry for ``DATABASES``."""
        return embedded_database(self.data_dir)


@contextmanager
def supervised(servers: Sequence[str] = ("postgres",)) -> Iterator[Throwaway]:
    """Run servers in a new folder, fast instead of durable; stop and remove them after.

    Raises:
        ServerError: a server could not be started.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="modeler-"))
    data_dir.chmod(0o755)  # ours, and the server's account has to pass through it
    held = None
    try:
        with hold(data_dir, servers, throwaway=True, temporary=True) as held:
            yield Throwaway(held)
    finally:
        if held is not None:
            held.wait_until_stopped()
        Place.of(data_dir).remove()
