"""Select boxes that fetch their choices while one types, and know the label of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.utils.html import format_html


class LabelledAutocomplete(AutocompleteSelect):
    """Admin's own box asks the database for the label of every chosen row: one query a row.

    ``known`` (key as text to label) spares that where the rows were fetched with what they
    refer to.
    """

    known: Mapping[str, str] = {}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        # Without script the box stays empty. The last field of a name counts: a key can be typed.
        return format_html(
            '{}<noscript><input type="text" name="{}" value="{}" placeholder="{}"></noscript>',
            super().render(name, value, attrs, renderer),
            name,
            value or "",
            "key",
        )

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        chosen = [str(v) for v in value if v]
        if not chosen or not set(chosen) <= set(self.known):
            return super().optgroups(name, value, attr)
        options: list[Any] = [] if self.is_required else [("", "", False)]
        options += [(key, self.known[key], True) for key in chosen]
        return [
            (
                None,
                [
                    self.create_option(name, key, label, selected, index)
                    for index, (key, label, selected) in enumerate(options)
                ],
                0,
            )
        ]


class LabelledRows(forms.ModelForm):
    """A form whose boxes take the labels from what its row was fetched with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            box = getattr(field.widget, "widget", field.widget)
            if isinstance(box, LabelledAutocomplete):
                column = self.instance._meta.get_field(name)
                fetched = self.instance._state.fields_cache.get(column.name)
                if isinstance(fetched, models.Model):
                    box.known = {str(fetched.pk): str(fetched)}
