"""How long a server process stood ready and got no processor, for others had them all.

On a machine that others use, a long statement loses its turn again and again and a short one does
not, so that the long one looks slower than its work is. Linux keeps account of it: the second
figure of ``/proc/<process>/schedstat`` (kernel documentation, scheduler/sched-stats).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

PROC = Path("/proc")
WHO = "SELECT pg_backend_pid(), current_database()::text"


class ProcessorQueue:
    """The account of one session's server process.

    Args:
        cursor: of the session.

    Attributes:
        known: the process is on this machine, and its account can be read.
    """

    def __init__(self, cursor: Any) -> None:
        cursor.execute(WHO)
        number, database = cursor.fetchone()
        self._file = PROC / str(number) / "schedstat"
        self.known = self._is_it(PROC / str(number) / "cmdline", database)

    def waited(self) -> float:
        """Return the seconds that it waited since it began; 0 where that is not known."""
        if not self.known:
            return 0.0
        try:
            return int(self._file.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            self.known = False
            return 0.0

    def _is_it(self, file: Path, database: str) -> bool:
        """Tell whether the process of that number here is the server's, not one of its own name.

        A server in a container or on another machine counts its processes by itself.
        """
        try:
            title = file.read_bytes().decode(errors="replace")
        except OSError:
            return False
        return "postgres" in title and f" {database} " in title and self._file.exists()
