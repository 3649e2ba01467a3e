"""Forms that notice when somebody else saved the row after they were opened.

A form carries the version it shows. One that comes back with another is refused: what was typed
stays, what only the others changed is taken over, and both are shown field by field. Saving once
more is then a decision and not an accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import ValidationError
from django.db import models

from catalog.admin.events import state_at
from catalog.admin.refusal import RefusableForm

VERSION = "opened_version"
STALE = "Somebody else saved this meanwhile. Compare, and save again to keep what is in the form."


@dataclass(frozen=True, slots=True)
class Difference:
    """A field on which two people differ, as text.

    ``opened`` is what the form showed first, None where that is not known; ``taken_over`` says
    that only they changed it, so the form now has their value.
    """

    label: str
    opened: str | None
    yours: str
    theirs: str
    taken_over: bool


def version_of(row: models.Model) -> str:
    """Return what changes whenever the row does: its version, else the time of its change."""
    version = getattr(row, "version", None)
    return str(version) if version is not None else row.updated_at.isoformat()  # type: ignore[attr-defined]


class VersionField(forms.CharField):
    """The hidden field of the version; a form is not changed by being old."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class VersionedForm(RefusableForm):
    """A form of one row that refuses to overwrite what it has not shown."""

    opened_version = VersionField()
    differences: tuple[Difference, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial[VERSION] = version_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opened_at = cleaned.get(VERSION, "")
        current = self.initial.get(VERSION)
        if current is not None and opened_at != current:
            self._refuse_stale(opened_at)
        return cleaned

    def _refuse_stale(self, opened_at: str) -> None:
        opened = state_at(self.instance, opened_at) or {}
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix(VERSION)] = self.initial[VERSION]
        found = []
        for name, field in self.fields.items():
            if name == VERSION or field.disabled or name not in self.initial:
                continue
            theirs, typed = self.initial[name], self[name].data
            if not field.has_changed(theirs, typed):
                continue
            known = name in opened
            untouched = known and not field.has_changed(opened[name], typed)
            found.append(
                Difference(
                    label=str(self[name].label),
                    opened=_words(field, opened[name]) if known else None,
                    yours=_words(field, self.cleaned_data.get(name, typed)),
                    theirs=_words(field, theirs),
                    taken_over=untouched,
                )
            )
            if untouched:
                self._take_over(name, field, theirs)
        if found:
            self.differences = tuple(found)
            self.add_error(None, ValidationError(self.stale_message(), code="stale"))

    def stale_message(self) -> str:
        """Return what is told on top of the form; the page shows ``differences`` beside it."""
        return STALE

    def _take_over(self, name: str, field: forms.Field, theirs: Any) -> None:
        prefixed, value = self.add_prefix(name), field.prepare_value(theirs)
        data: Any = self.data
        widget: Any = field.widget
        if isinstance(field.widget, forms.MultiWidget):
            for suffix, part in zip(widget.widgets_names, widget.decompress(value), strict=True):
                data[prefixed + suffix] = part
        elif isinstance(field, forms.BooleanField) and not theirs:
            data.pop(prefixed, None)
        else:
            data[prefixed] = "" if value is None else value


class VersionedRow(VersionedForm):
    """A row of an inline, which has no room for a table of differences."""

    def stale_message(self) -> str:
        said = "; ".join(
            f"{d.label}: yours “{d.yours}”, theirs “{d.theirs}”" for d in self.differences
        )
        return f"{STALE} {said}"


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        if not isinstance(value, models.Model):
            value = field.queryset.filter(pk=value).first() if value else None  # type: ignore[union-attr]
        return str(value) if value is not None else "–"
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, forms.JSONField):
        return str(field.prepare_value(value))
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, display_for_value(value, "–") or "–"))
