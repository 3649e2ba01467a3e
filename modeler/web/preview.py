"""The stored migration preview: its migrations, and what differs from another one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import FormatError, ServerError, UnknownName
from modeler.models import StoredResult
from modeler.previews.comparison import (
    MigrationDifference,
    PreviewComparison,
    compare_previews,
)
from modeler.previews.estimates.words import grounds_in_words
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.replay.replay import Order
from modeler.previews.text import headline
from modeler.previews.waiting import longest_hold, made_by, wait_in_words
from modeler.reporting.finding import Finding, Level
from modeler.results import results_without_payload
from modeler.web.access import page
from modeler.web.preview_estimates import held_line
from modeler.web.preview_findings import ShownFinding, shown_accepted, shown_findings
from modeler.web.preview_stored import StoredPreview, stored_preview
from modeler.web.render import render_page

FEW = 8  # migrations; of more, a reader may want to see only some
COMMAND = "manage.py migration_preview --trace --store"


@dataclass(frozen=True, slots=True)
class MigrationLine:
    """A migration in the list.

    Attributes:
        migration: it.
        level: of the gravest finding, None without any.
        count: of findings.
        wait: who waits longest, in words, and for how long where that is estimated; ``""`` where
            nobody does.
        long: they wait while work goes on that grows with rows.
        basis: ``traced``, ``rules`` or ``""`` where nothing was judged.
    """

    migration: MigrationPreview
    level: Level | None
    count: int
    wait: str
    long: bool
    basis: str

    @property
    def careful(self) -> bool:
        """Migrating first, as most people do, breaks code."""
        replay = self.migration.replay
        return replay is not None and replay.order.order in {Order.CODE_FIRST, Order.NEITHER}

    @property
    def order(self) -> str:
        """The order of deploy in words, ``""`` where it was not tried."""
        replay = self.migration.replay
        if replay is None:
            return ""
        if replay.order.order is not Order.EITHER:
            return str(replay.order.order)
        if replay.coverage.exercised < replay.coverage.models:
            return _("no break found")  # not all was tried: it would be too much to say "any"
        return _("deploy in any order")

    @property
    def quiet(self) -> bool:
        """Nothing of it needs anybody's attention."""
        failed = self.migration.error or self.migration.broken_by_rows
        return not (self.count or self.long or failed or self.careful)


@page(permissions.READ)
def preview(request: HttpRequest) -> HttpResponse:
    notices: list[str] = []
    shown: StoredPreview | None = None
    other: StoredPreview | None = None
    try:
        shown = stored_preview(request)
        if request.GET.get("with", "").strip():
            other = stored_preview(request, "with")
    except UnknownName as error:
        return render_page(
            request, "preview_unknown.html", title=_("Not found"), status=404, unknown=error
        )
    except (ServerError, FormatError) as error:
        notices.append(str(error))
    return render_page(
        request,
        "preview.html",
        title=_("Migration preview"),
        **_context(shown, other),
        others=_others(shown, notices),
        command=COMMAND,
        notices=notices,
    )


def _context(shown: StoredPreview | None, other: StoredPreview | None) -> dict[str, Any]:
    if shown is None:
        return {"stored": None, "preview": None}
    found = shown.preview
    lines = migration_lines(found)
    keys = {line.migration.key for line in lines}
    return {
        "stored": shown.stored,
        "preview": found,
        "headline": headline(found),
        "grounds": _grounds(found),
        "lines": lines,
        "quiet": sum(line.quiet for line in lines) if len(lines) > FEW else 0,
        "counts": _counts(found.findings),
        "elsewhere": shown_findings(
            each for each in found.findings if each.subject.partition(":")[0] not in keys
        ),
        "accepted": shown_accepted(found.accepted),
        "other": other.stored if other else None,
        "difference": ShownComparison.of(compare_previews(other.preview, found))
        if other
        else None,
    }


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """A comparison in the page; see ``PreviewComparison``."""

    appeared: list[ShownFinding]
    gone: list[ShownFinding]
    same: list[ShownFinding]
    only_new: list[str]
    only_old: list[str]
    differing: list[MigrationDifference]
    equal: int

    @classmethod
    def of(cls, comparison: PreviewComparison) -> ShownComparison:
        return cls(
            shown_findings(comparison.appeared),
            shown_findings(comparison.gone),
            shown_findings(comparison.same),
            [each.key for each in comparison.migrations if each.only == "new"],
            [each.key for each in comparison.migrations if each.only == "old"],
            [each for each in comparison.migrations if not each.only],
            comparison.equal,
        )


def migration_lines(preview: Preview) -> list[MigrationLine]:
    """Return the list of a preview's migrations, in the order in which they run."""
    findings: dict[str, list[Finding]] = {}
    for finding in preview.findings:
        findings.setdefault(finding.subject.partition(":")[0], []).append(finding)
    lines = []
    new: frozenset[str] = frozenset()
    for migration in preview.migrations:
        own = made_by(migration)
        new = new | own if preview.together else own
        hold = longest_hold(migration, new)
        found = findings.get(migration.key, [])
        lines.append(
            MigrationLine(
                migration,
                min((each.level for each in found), key=lambda level: level.rank, default=None),
                len(found),
                ", ".join(filter(None, [wait_in_words(hold), held_line(migration.held, hold)]))
                if hold
                else "",
                bool(hold and hold.blocks_long),
                basis_of(migration),
            )
        )
    return lines


def basis_of(migration: MigrationPreview) -> str:
    """Return what is known of a migration's statements: ``traced``, ``rules`` or ``""``."""
    if any(statement.trace for statement in migration.forward):
        return "traced"
    return "rules" if any(statement.effects for statement in migration.forward) else ""


def _grounds(preview: Preview) -> tuple[str, ...]:
    """Return what estimates rest on, nothing where no statement has one."""
    statements = (statement for each in preview.migrations for statement in each.forward)
    if preview.grounds is None or not any(statement.estimate for statement in statements):
        return ()
    return grounds_in_words(preview.grounds)


def _counts(findings: Iterable[Finding]) -> list[tuple[Level, int]]:
    levels = [finding.level for finding in findings]
    return [(level, levels.count(level)) for level in Level if level in levels]


def _others(shown: StoredPreview | None, notices: list[str]) -> list[StoredResult]:
    try:
        stored = results_without_payload(StoredResult.Kind.PREVIEW)
    except ServerError as error:
        if str(error) not in notices:
            notices.append(str(error))
        return []
    return [each for each in stored if shown is None or each.pk != shown.stored.pk]
