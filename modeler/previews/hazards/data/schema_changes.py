"""Changes of models' tables that a command makes, as far as Django's state could tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modeler.previews.hazards.table_facts import TableFacts
from modeler.previews.sql import actions
from modeler.previews.sql.actions import Action
from modeler.previews.sql.commands import AlterRelation, Command, Drop
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Level


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """A change.

    Attributes:
        kind: ``add``, ``drop``, ``rename``, ``type``, ``null``.
        table: of a model.
        column: ``""``: the table itself.
        to: new name of a rename.
        words: ``drops the column …``.
        consequence: what comes of it if Django does not know.
    """

    kind: str
    table: str
    column: str
    words: str
    consequence: str
    level: Level
    to: str = ""

    @property
    def subject(self) -> str:
        return f"{self.table}.{self.column}" if self.column else self.table

    def undoes(self, other: SchemaChange) -> bool:
        """A column that is dropped and added in one migration is there before and after."""
        return (
            {self.kind, other.kind} == {"add", "drop"}
            and self.table == other.table
            and self.column == other.column
        )


def schema_changes(command: Command, tables: Mapping[str, TableFacts]) -> Iterator[SchemaChange]:
    """Return the changes of models' tables that a command makes.

    Args:
        command: of RunSQL.
        tables: models' tables before the migration.
    """
    if isinstance(command, Drop) and command.kind is ObjectKind.TABLE:
        for name in command.names:
            if name.name in tables:
                yield SchemaChange(
                    "drop", name.name, "", f"drops the table {name.name}",
                    "every query of its model fails", Level.ERROR,
                )  # fmt: skip
    elif isinstance(command, AlterRelation) and command.name.name in tables:
        table = command.name.name
        for action in command.actions:
            yield from _of_action(action, table, tables[table])


def _of_action(action: Action, table: str, facts: TableFacts) -> Iterator[SchemaChange]:
    match action:
        case actions.AddColumn(column=column):
            yield SchemaChange(
                "add", table, column.name, f"adds the column {column.name} to {table}",
                "no model can use it, and a later AddField of that name fails", Level.INFO,
            )  # fmt: skip
        case actions.DropColumn(column=column) if facts.field_of(column):
            yield SchemaChange(
                "drop", table, column, f"drops the column {column} of {table}",
                "every query of its model fails", Level.ERROR,
            )  # fmt: skip
        case actions.Rename(column=column, to=to) if column and facts.field_of(column):
            yield SchemaChange(
                "rename", table, column, f"renames the column {column} of {table} to {to}",
                "every query of its model fails", Level.ERROR, to,
            )  # fmt: skip
        case actions.Rename(column="", constraint="", to=to):
            yield SchemaChange(
                "rename", table, "", f"renames the table {table} to {to}",
                "every query of its model fails", Level.ERROR, to,
            )  # fmt: skip
        case actions.AlterType(column=column) if facts.field_of(column):
            yield SchemaChange(
                "type", table, column, f"changes the type of {table}.{column}",
                "later migrations start from the old type", Level.WARNING,
            )  # fmt: skip
        case actions.SetNotNull(column=column) | actions.DropNotNull(column=column):
            known = facts.field_of(column)
            null = isinstance(action, actions.DropNotNull)
            # Where the field says the same, the statement brings the table into line with it.
            if known is not None and known.null is not null:
                yield SchemaChange(
                    "null", table, column,
                    f"{'allows NULL in' if null else 'forbids NULL in'} {table}.{column}",
                    "the model still says the contrary", Level.WARNING,
                )  # fmt: skip
