"""Columns of type json. Source: PostgreSQL manual, section 8.14."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.type_text import read_type_text
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn, AlterType
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class JsonInsteadOfJsonb(Hazard):
    code = "MP214"
    slug = "json-instead-of-jsonb"
    title = "A column is made as json, not jsonb"
    level = Level.INFO
    hint = "Use jsonb, which Django's JSONField makes."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, column, text in _columns(migration):
            kind = read_type_text(text)
            if kind is not None and kind.name == "json":
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{relation}.{column}",
                    f"{relation}.{column} is json: it cannot be compared, sorted by, made unique "
                    "or indexed.",
                )


def _columns(migration: Planned) -> Iterable[tuple[Sent, str, str, str]]:
    """Return the columns that a migration makes or changes, with their types."""
    for sent, command in migration.commands():
        if isinstance(command, CreateTable):
            for column in command.columns:
                yield sent, sent.relation(command.name), column.name, column.type
    for sent, relation, added in migration.parts(AddColumn):
        yield sent, relation, added.column.name, added.column.type
    for sent, relation, altered in migration.parts(AlterType):
        yield sent, relation, altered.column, altered.type
