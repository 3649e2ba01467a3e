"""Several migrations undone, the last one first, and done again."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.state import ProjectState

from modeler.previews.preview import Reversal
from modeler.previews.reversal import Snapshot, compared, snapshot
from modeler.previews.words import in_words


class Chain:
    """Remembers migrations that ran, so that all of them can be undone together.

    Args:
        connection: of the shadow.

    Attributes:
        links: migrations with the state before each, in the order in which they ran.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.links: list[tuple[Migration, ProjectState]] = []
        self._before: Snapshot | None = None

    def begin(self) -> None:
        """Look at the database before the first of them runs."""
        if not self.links:
            self._before = snapshot(self.connection)

    def ran(self, migration: Migration, state: ProjectState) -> None:
        """Note that a migration ran from a state."""
        self.links.append((migration, state))

    def there_and_back(self) -> Reversal:
        """Undo all of them and do them again; what fails is said in the result."""
        assert self._before is not None
        after = snapshot(self.connection, rows=False)
        try:
            for migration, state in reversed(self.links):
                with self.connection.schema_editor(atomic=migration.atomic) as editor:
                    migration.unapply(state.clone(), editor)
        except Exception as error:  # the project's code may raise anything
            return Reversal(error=f"{migration.name} undone: {in_words(error)}")
        undone = snapshot(self.connection)
        try:
            for migration, state in self.links:
                with self.connection.schema_editor(atomic=migration.atomic) as editor:
                    migration.apply(state.clone(), editor)
        except Exception as error:  # as above
            return compared(
                self._before,
                after,
                undone,
                None,
                f"{migration.name} done again: {in_words(error)}",
            )
        return compared(self._before, after, undone, snapshot(self.connection, rows=False))
