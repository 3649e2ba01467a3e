"""From when to when a report looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

# No shop is older, and a longer table helps nobody.
_MOST_YEARS = 20


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def year_ago() -> date:
    """Return the first day of this month a year ago."""
    today = timezone.localdate()
    return today.replace(year=today.year - 1, day=1)


def next_month() -> date:
    """Return the first day of the next month."""
    today = timezone.localdate()
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


class PeriodForm(forms.Form):
    """From a day to before another."""

    start = DayField(label="From", initial=year_ago)
    end = DayField(label="Until before", initial=next_month)

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
