"""A page inside the admin site's frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from modeler.web.access import admin_site

ROOMS = (
    ("cockpit", gettext_noop("Cockpit")),
    ("diagram", gettext_noop("ER diagram")),
    ("tables", gettext_noop("Tables")),
    ("preview", gettext_noop("Migration preview")),
    ("collections", gettext_noop("Collection specs")),
)


def render_page(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render ``modeler/<template>`` with what the site's base template needs."""
    return render(
        request,
        f"modeler/{template}",
        {
            **admin_site().each_context(request),
            "title": title,
            "rooms": [(reverse(f"modeler:{name}"), gettext(label)) for name, label in ROOMS],
            **context,
        },
        status=status,
    )
