"""Row security, owners, triggers and rules.

Source: PostgreSQL manual, ALTER TABLE and CREATE TRIGGER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.hazards.waiting import listed, who_waits
from modeler.previews.sql.actions import RowSecurity, SetOwner, ToggleRule, ToggleTrigger
from modeler.previews.sql.commands import CreateRule, CreateTrigger, Drop, Policy
from modeler.previews.sql.definitions import ObjectKind
from modeler.reporting.finding import Finding, Level

ON_TABLES = frozenset({ObjectKind.TRIGGER, ObjectKind.RULE, ObjectKind.POLICY})


@HAZARDS.register
class TableRulesChange(Hazard):
    code = "MP119"
    slug = "table-rules-change"
    title = "A trigger, rule, policy or owner of a table changes"
    level = Level.INFO
    hint = "Run the migration with lock_timeout and retries, and keep it short."

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, what in _changes(migration):
            mode = max(
                (lock.mode for lock in sent.locks if lock.relation == relation),
                key=lambda found: found.strength,
                default=None,
            )
            if mode is None or not mode.blocks_writes:
                continue
            yield self.found(
                migration,
                sent.statement.operation,
                relation,
                f"{who_waits(mode, [relation])} until the migration ends, because {what}.",
                waits=(),
            )
        for sent, relation, action in migration.parts(RowSecurity):
            if action.action == "enable" and relation not in migration.made:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"Rows of {relation} that no policy shows are gone for every role but its "
                    "owner, code that still runs included.",
                    level=Level.WARNING,
                    hint=(
                        "Make the policies in the same migration, and try them with the role that "
                        "the code uses."
                    ),
                    waits=(),
                )


def _changes(migration: Planned) -> Iterator[tuple[Sent, str, str]]:
    """Return what changes, in words, with its statement and table."""
    for sent, command in migration.commands():
        match command:
            case CreateTrigger(name=name, table=table):
                yield sent, sent.relation(table), f"the trigger {name} is made"
            case CreateRule(name=name, table=table):
                yield sent, sent.relation(table), f"the rule {name} is made"
            case Policy(name=name, table=table, creates=creates):
                verb = "is made" if creates else "changes"
                yield sent, sent.relation(table), f"the policy {name} {verb}"
            case Drop(kind=kind, names=names, on=table) if kind in ON_TABLES and table:
                dropped = listed(name.name for name in names)
                yield sent, sent.relation(table), f"the {kind.value} {dropped} is dropped"
    for sent, relation, action in migration.every_part():
        match action:
            case RowSecurity(action=verb):
                yield sent, relation, f"row security changes ({verb})"
            case SetOwner(owner=owner):
                yield sent, relation, f"{owner} becomes its owner"
            case ToggleTrigger(trigger=name, enabled=enabled):
                yield sent, relation, f"the trigger {name} is {'en' if enabled else 'dis'}abled"
            case ToggleRule(rule=name, enabled=enabled):
                yield sent, relation, f"the rule {name} is {'en' if enabled else 'dis'}abled"
