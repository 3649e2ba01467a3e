"""The page of one migration of a stored preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import FormatError, ServerError, UnknownName
from modeler.previews.estimates.words import grounds_in_words
from modeler.previews.preview import MigrationPreview, OperationPreview, Preview
from modeler.previews.statement import Statement
from modeler.previews.timeline import timeline_of
from modeler.previews.waiting import longest_hold, made_until, wait_in_words
from modeler.web.access import page
from modeler.web.preview import basis_of
from modeler.web.preview_estimates import held_line
from modeler.web.preview_findings import shown_accepted, shown_findings
from modeler.web.preview_models import model_difference
from modeler.web.preview_statements import ShownStatement, shown_statements
from modeler.web.preview_stored import StoredPreview, stored_preview
from modeler.web.preview_timeline import timeline_picture
from modeler.web.render import render_page


@dataclass(frozen=True, slots=True)
class ShownOperation:
    """An operation with what it sent; ``number`` is from 1."""

    number: int
    operation: OperationPreview
    statements: tuple[ShownStatement, ...]
    backward: tuple[Statement, ...]


@page(permissions.READ)
def preview_migration(request: HttpRequest, app: str, name: str) -> HttpResponse:
    notices: list[str] = []
    shown: StoredPreview | None = None
    try:
        shown = stored_preview(request)
        if shown is None:
            raise UnknownName(
                _("migration in this preview"), f"{app}.{name}", (),
                hint=_("No preview is stored yet."),
            )  # fmt: skip
        migration = shown.migration(app, name)
    except UnknownName as error:
        return render_page(
            request, "preview_unknown.html", title=_("Not found"), status=404,
            unknown=error, stored=shown.stored if shown else None,
        )  # fmt: skip
    except (ServerError, FormatError) as error:
        notices.append(str(error))
        return render_page(request, "preview_unknown.html", title=f"{app}.{name}", notices=notices)
    return render_page(
        request,
        "preview_migration.html",
        title=migration.key,
        stored=shown.stored,
        notices=notices,
        **_context(request, shown.preview, migration),
    )


def _context(
    request: HttpRequest, preview: Preview, migration: MigrationPreview
) -> dict[str, Any]:
    new = made_until(preview, migration)
    whole = request.GET.get("all", "") not in {"", "0"}
    timeline = timeline_of(migration.forward, new=new, fold=not whole)
    hold = longest_hold(migration, new)
    findings = preview.findings_of(migration)
    numbered = shown_statements(migration)
    operations = shown_operations(migration, numbered)
    place = preview.migrations.index(migration)
    return {
        "preview": preview,
        "migration": migration,
        "findings": shown_findings(findings),
        "level": findings[0].level if findings else None,
        "accepted": shown_accepted(
            each
            for each in preview.accepted
            if each.finding.subject.partition(":")[0] == migration.key
        ),
        "basis": basis_of(migration),
        "wait": wait_in_words(hold) if hold else "",
        "held": held_line(migration.held, hold),
        "grounds": grounds_in_words(preview.grounds) if preview.grounds else (),
        "timeline": timeline_picture(timeline, migration),
        "whole": whole,
        "operations": operations,
        "words": {
            "statement": _("Statement"),
            "estimate": _("estimate:"),
            "failed": _("Failed:"),
            "effect": _("Effect"),
            "rules": _("By rules"),
            "measured": _("Measured"),
        },
        "unnumbered": [
            each
            for each in numbered
            if not 0 <= each.statement.operation < len(migration.operations)
        ],
        "disagreements": sum(each.differing for shown in operations for each in shown.statements),
        "models": model_difference(migration.app, migration.name),
        "before": preview.migrations[place - 1] if place else None,
        "after": preview.migrations[place + 1] if place + 1 < len(preview.migrations) else None,
        "place": place + 1,
    }


def shown_operations(
    migration: MigrationPreview, numbered: list[ShownStatement]
) -> tuple[ShownOperation, ...]:
    """Return the operations with their statements, those at the end after the others."""
    by_operation: dict[int, list[ShownStatement]] = {}
    for each in sorted(numbered, key=lambda each: (each.statement.deferred, each.number)):
        by_operation.setdefault(each.statement.operation, []).append(each)
    return tuple(
        ShownOperation(
            position + 1,
            operation,
            tuple(by_operation.get(position, ())),
            migration.undoing(position),
        )
        for position, operation in enumerate(migration.operations)
    )
