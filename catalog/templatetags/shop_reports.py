"""The reports a user may see, for the index of the admin site."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.reports.report import Report, reports_for

register = template.Library()


@register.simple_tag
def reports_of(user: Any) -> list[Report]:
    """Return the reports for cards on the index."""
    return reports_for(user)
