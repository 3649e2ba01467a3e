"""Cells that are edited in a list: one that somebody else changed meanwhile is not overwritten."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from catalog.admin.refusal import RefusableForm


class ShownCells(RefusableForm):
    """A row of a list that carries the values it showed.

    Only cells that were edited are written; the others may have moved on. An edited one that has
    moved is refused with both values.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if name not in self.initial or name not in cleaned or field.widget.is_hidden:
                continue
            theirs, yours = self.initial[name], cleaned[name]
            if name not in self.changed_data:
                cleaned[name] = theirs
            elif theirs not in (yours, self._shown(name, field)):
                self._refuse(name, yours=yours, theirs=theirs)
        return cleaned

    def _shown(self, name: str, field: Any) -> Any:
        try:
            return field.to_python(self.data.get(self.add_initial_prefix(name)))
        except ValidationError:
            return None

    def _refuse(self, name: str, *, yours: Any, theirs: Any) -> None:
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_initial_prefix(name)] = str(theirs)  # type: ignore[index]
        self.add_error(
            name,
            ValidationError(
                "Somebody else made this %(theirs)s meanwhile; yours is %(yours)s. "
                "Save again to keep yours.",
                code="stale",
                params={"theirs": theirs, "yours": yours},
            ),
        )
