"""The names that tables have on the live server now, through renames of the pending migrations."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.relation_names import relation_name
from modeler.previews.sql.actions import Rename
from modeler.previews.sql.commands import AlterRelation
from modeler.previews.sql.definitions import ObjectKind
from modeler.previews.sql.reader import read_statements

TABLES = frozenset({ObjectKind.TABLE, ObjectKind.MATERIALIZED_VIEW})


class Origins:
    """Follows renames, a statement at a time."""

    def __init__(self) -> None:
        self._before: dict[str, str] = {}

    def of(self, table: str) -> str:
        """Return the name that a table had before everything that was followed."""
        return self._before.get(table, table)

    def follow(self, statements: Iterable[str]) -> None:
        """Take renames that were done into account."""
        for sql in statements:
            if "RENAME" not in sql.upper():
                continue
            for command in read_statements(sql):
                if isinstance(command, AlterRelation) and command.kind in TABLES:
                    for action in command.actions:
                        if (
                            isinstance(action, Rename)
                            and not action.column
                            and not action.constraint
                        ):
                            self._rename(command, action.to)

    def _rename(self, command: AlterRelation, to: str) -> None:
        before = relation_name(command.name.schema, command.name.name)
        after = relation_name(command.name.schema, to)
        self._before[after] = self._before.pop(before, before)
