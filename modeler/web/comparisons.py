"""What can be compared, the steps of an app's migrations, and snapshots by a button."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from modeler import permissions
from modeler.errors import FormatError, ModelerError
from modeler.models import SchemaSnapshot
from modeler.snapshots import snapshots as kept_snapshots
from modeler.sources import expected_command, project_history, snapshot_take
from modeler.web.access import page, person
from modeler.web.answers import in_sentences


@page(permissions.READ)
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """List what can be compared, with what people usually ask."""
    live = [alias for alias in connections if connections[alias].vendor == "postgresql"]
    notices: list[str] = []
    kept: tuple[SchemaSnapshot, ...] = ()
    try:
        kept = kept_snapshots()
    except ModelerError as error:
        notices.append(str(error))
    expected = {each.source.partition(":")[2] for each in kept if _is_expected(each)}
    return JsonResponse(
        {
            "sources": [
                {"value": "registry", "title": _("the code now")},
                {"value": "migrations", "title": _("all migrations")},
                *(
                    {"value": f"database:{alias}", "title": _("the database %s") % alias}
                    for alias in live
                ),
                *(
                    {"value": f"expected:{alias}", "title": _("%s, freshly migrated") % alias}
                    for alias in live
                    if alias in expected
                ),
                *(
                    {"value": f"snapshot:{each.pk}", "title": _titled(each)}
                    for each in kept
                    if not _is_expected(each)
                ),
            ],
            "usual": _usual(live, expected, kept),
            "apps": _apps(notices),
            "mayStore": person(request).has_perm(permissions.STORE),
            "notices": notices,
        }
    )


@page(permissions.READ)
@require_GET
@in_sentences
def steps(request: HttpRequest, app: str) -> HttpResponse:
    """List the migrations of an app in the order in which they run."""
    return JsonResponse({"app": app, "steps": list(project_history().app_steps(app))})


@page(permissions.READ)
@require_http_methods(["POST"])
@in_sentences
def snapshots(request: HttpRequest) -> HttpResponse:
    """Take a snapshot: ``{"source": "registry", "name": "2.1"}``."""
    user = person(request)
    if not user.has_perm(permissions.STORE):
        raise PermissionDenied
    given = json.loads(request.body or "{}")
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise FormatError("The body must be a JSON object with source and name.")
    taken = snapshot_take(
        source=given.get("source") or "registry", name=given.get("name", ""), user=user
    )
    return JsonResponse({"value": f"snapshot:{taken.pk}", "title": _titled(taken)}, status=201)


def _usual(
    live: list[str], expected: set[str], kept: tuple[SchemaSnapshot, ...]
) -> list[dict[str, Any]]:
    """Return the comparisons that answer a question, or the command that makes them possible."""
    found: list[dict[str, Any]] = [
        {
            "value": "migrations..registry",
            "title": _("What no migration holds yet"),
        }
    ]
    newest = next((each for each in kept if not _is_expected(each)), None)
    if newest is not None:
        found.append(
            {
                "value": f"snapshot:{newest.pk}..registry",
                "title": _("What changed since “%s”") % _titled(newest),
            }
        )
    for alias in live:
        found.append(
            {
                "value": f"registry..database:{alias}",
                "title": _("Code against the database %s") % alias,
            }
        )
        drift = {
            "value": f"expected:{alias}..database:{alias}",
            "title": _("Drift of %s: migrated against live") % alias,
        }
        found.append(drift if alias in expected else {**drift, "command": expected_command(alias)})
    return found


def _apps(notices: list[str]) -> list[str]:
    try:
        return list(project_history().apps)
    except ModelerError as error:
        notices.append(str(error))
        return []


def _is_expected(snapshot: SchemaSnapshot) -> bool:
    return snapshot.source.startswith("expected:")


def _titled(snapshot: SchemaSnapshot) -> str:
    taken = f"{snapshot.taken_at:%Y-%m-%d %H:%M}"
    name = snapshot.name or snapshot.source
    return f"{name} ({taken})"
