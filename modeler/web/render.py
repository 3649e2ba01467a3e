"""A page inside the admin site's frame."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from modeler.web.access import admin_site


def render_page(
    request: HttpRequest, template: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render ``modeler/<template>`` with what the site's base template needs."""
    return render(
        request,
        f"modeler/{template}",
        {**admin_site().each_context(request), "title": title, **context},
        status=status,
    )
