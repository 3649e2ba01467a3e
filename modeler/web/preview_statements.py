"""Statements as the page of a migration shows them: the words are put together here."""

from __future__ import annotations

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler.previews.both_sides import Line, both_sides
from modeler.previews.preview import MigrationPreview
from modeler.previews.statement import Statement
from modeler.web.preview_estimates import ShownEstimate, shown_estimate


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A lock, a piece of work or a created relation.

    Attributes:
        strong, text: what it is.
        cause: why, by the rules.
        by_rules, measured: what each side says, a word or two.
        wrong: how they disagree, ``""`` where they do not.
    """

    strong: str
    text: str
    cause: str
    by_rules: str
    measured: str
    wrong: str


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement in the list.

    Attributes:
        number: from 1.
        statement: it.
        facts: its transaction and such.
        notices: what a reader must know.
        lines: both sides.
        summary: of the lines.
        differing: in how many of them rules and trace disagree.
        estimate: what it will cost, None where that is little or was not asked.
    """

    number: int
    statement: Statement
    facts: tuple[str, ...]
    notices: tuple[str, ...]
    lines: tuple[ShownLine, ...]
    summary: str
    differing: int
    estimate: ShownEstimate | None = None


def shown_statements(migration: MigrationPreview) -> list[ShownStatement]:
    """Return the forward statements of a migration with both sides, in order."""
    transactions: dict[int, int] = {}
    words = _Words()
    found = []
    pairs = zip(migration.forward, both_sides(migration.forward), strict=True)
    for number, (statement, lines) in enumerate(pairs, 1):
        transaction = transactions.setdefault(statement.transaction, len(transactions) + 1)
        differing = sum(line.disagrees for line in lines)
        found.append(
            ShownStatement(
                number,
                statement,
                words.facts(statement, transaction),
                _notices(statement),
                tuple(map(words.line, lines)),
                _summary(statement, len(lines), differing),
                differing,
                shown_estimate(statement.estimate) if statement.estimate else None,
            )
        )
    return found


class _Words:
    """What is said of every line, translated once."""

    def __init__(self) -> None:
        self.yes, self.no = _("yes"), "–"
        self.not_asked, self.not_traced = _("not asked"), _("not traced")
        self.held = _("held already")
        self.missed, self.unseen = _("the rules missed it"), _("not seen on the server")
        self.on, self.of, self.makes = _("on %s"), _("of %s"), _("makes")
        self.transaction, self.late = _("transaction %d"), _("at the end of the migration")
        self.wal = _("%s of write-ahead log")

    def facts(self, statement: Statement, transaction: int) -> tuple[str, ...]:
        found = [self.transaction % transaction]
        if statement.deferred:
            found.append(self.late)
        if statement.trace and statement.trace.wal_bytes:
            found.append(self.wal % filesizeformat(statement.trace.wal_bytes))
        return tuple(found)

    def line(self, line: Line) -> ShownLine:
        detail = f" ({line.detail})" if line.detail else ""
        if line.what == "created":
            strong, text = "", f"{self.makes} {line.relation}"
        else:
            place = self.on if line.what == "lock" else self.of
            strong, text = line.kind, f"{place % line.relation}{detail}"
        rules = self.yes if line.by_rules else self.no
        measured = self.yes if line.measured else (self.held if line.held else self.no)
        return ShownLine(
            strong,
            text,
            line.cause,
            self.not_asked if line.by_rules is None else rules,
            self.not_traced if line.measured is None else measured,
            "" if not line.disagrees else (self.missed if line.measured else self.unseen),
        )


def _notices(statement: Statement) -> tuple[str, ...]:
    effects, trace = statement.effects, statement.trace
    found = []
    if effects is not None:
        if effects.unread:
            found.append(_("Not analysed by the rules: %s") % effects.unread)
        if effects.fails:
            found.append(_("By the rules it cannot succeed: %s") % effects.fails)
        found += [_("It waits: %s") % wait for wait in effects.waits]
    if trace is not None:
        if trace.waited:
            found.append(_("Held up on purpose: %s") % trace.waited)
        found += [_("Could not be traced: %s") % missed for missed in trace.missed]
    return tuple(found)


def _summary(statement: Statement, lines: int, differing: int) -> str:
    found = ngettext("%d effect", "%d effects", lines) % lines
    if differing:
        return f"{found}, " + (
            ngettext("%d disagreement", "%d disagreements", differing) % differing
        )
    if statement.effects is not None and statement.trace is not None:
        if statement.effects.unread or statement.error:
            return found
        return f"{found}, " + _("rules and measurement agree")
    return found
