"""New columns without a comment; an opt-in pack.

Source: Django documentation, Field.db_comment.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed
from modeler.previews.sql.actions import AddColumn
from modeler.previews.sql.commands import Comment, CreateTable
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level


@HAZARDS.register
class ColumnWithoutComment(Hazard):
    code = "MP241"
    slug = "column-without-comment"
    title = "New columns have no comment"
    level = Level.INFO
    hint = "Set db_comment on the fields (Django 4.2 and later)."
    opt_in = "comments"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        added: dict[tuple[Sent, str], list[str]] = {}
        for sent, command in migration.commands():
            if isinstance(command, CreateTable) and not command.temporary:
                relation = sent.relation(command.name)
                added[sent, relation] = [column.name for column in command.columns]
        for sent, relation, action in migration.parts(AddColumn):
            added.setdefault((sent, relation), []).append(action.column.name)
        said = {
            (sent.relation(command.table), command.name.name)
            for sent, command in migration.commands()
            if isinstance(command, Comment)
            and command.kind is ObjectKind.COLUMN
            and command.table is not None
            and command.text
        }
        for (sent, relation), columns in added.items():
            silent = [name for name in columns if (relation, name) not in said]
            if silent:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"{listed(silent)} of {relation} {'has' if len(silent) == 1 else 'have'} no "
                    "comment.",
                    waits=(),
                )
