"""Work that is undone: savepoints that are used again, so that most cost one statement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


class Scratch:
    """Savepoints of one transaction; Django's own cost three statements each.

    Args:
        connection: inside a transaction.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.depth = 0
        self.set = 0  # how many savepoints the server has, one a depth

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo what happens in the block, whether it fails or not; errors are passed on."""
        depth = self._enter()
        try:
            yield
        finally:
            self._undo(depth)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep what happens in the block, or undo it where it fails; errors are passed on."""
        depth = self._enter()
        try:
            yield
        except BaseException:
            self._undo(depth)
            raise
        self.depth = self.set = depth
        self._execute(f"RELEASE SAVEPOINT replay_{depth}")

    def _enter(self) -> int:
        depth = self.depth
        if self.set <= depth:
            self._execute(f"SAVEPOINT replay_{depth}")
        self.depth = self.set = depth + 1
        return depth

    def _undo(self, depth: int) -> None:
        # Django notes on the connection that a statement failed; that is undone as well.
        self.connection.needs_rollback = False
        self._execute(f"ROLLBACK TO SAVEPOINT replay_{depth}")
        self.depth, self.set = depth, depth + 1

    def _execute(self, sql: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
