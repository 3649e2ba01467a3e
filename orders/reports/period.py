"""From when to when a report looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from orders.models import Order

# No shop is older, and a longer table helps nobody.
_MOST_YEARS = 20


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _newest() -> date:
    """Return the day of the newest order, today if there is none: reports begin with the last."""
    newest = Order.objects.in_order().values_list("created_at", flat=True).first()
    return newest.astimezone(UTC).date() if newest else timezone.localdate()


def year_before() -> date:
    """Return the first day of the newest order's month a year before."""
    newest = _newest()
    return date(newest.year - 1, newest.month, 1)


def month_after() -> date:
    """Return the first day of the month after the newest order."""
    newest = _newest()
    return date(newest.year + newest.month // 12, newest.month % 12 + 1, 1)


class PeriodForm(forms.Form):
    """From a day to before another."""

    start = DayField(label="From", initial=year_before)
    end = DayField(label="Until before", initial=month_after)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and not start < end:
            raise ValidationError({"end": "The end comes after the start."})
        if start and end and (end - start).days > _MOST_YEARS * 366:
            raise ValidationError({"end": f"At most {_MOST_YEARS} years."})
        return cleaned


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins, UTC, as revenue is reckoned."""
    return datetime.combine(day, time(), tzinfo=UTC)
