"""Stored previews: which one an address asks for, and what else is stored."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from modeler.errors import UnknownName
from modeler.models import StoredResult
from modeler.previews.encoding import from_document
from modeler.previews.preview import MigrationPreview, Preview
from modeler.results import find_result, newest

MOST_DIGITS = 18  # what a column of 64 bits holds


@dataclass(frozen=True, slots=True)
class StoredPreview:
    """A preview with where it is stored.

    Attributes:
        stored: the row.
        preview: what it holds.
    """

    stored: StoredResult
    preview: Preview

    def migration(self, app: str, name: str) -> MigrationPreview:
        """Return one of its migrations.

        Raises:
            UnknownName: it has none of that name.
        """
        for migration in self.preview.migrations:
            if (migration.app, migration.name) == (app, name):
                return migration
        raise UnknownName(
            _("migration in this preview"),
            f"{app}.{name}",
            (migration.key for migration in self.preview.migrations),
        )


def stored_preview(request: HttpRequest, parameter: str = "stored") -> StoredPreview | None:
    """Return the preview that an address names, the newest where it names none.

    Returns:
        None where none is named and none is stored.

    Raises:
        UnknownName: the one that is named is not there.
        ServerError: the table cannot be read.
        FormatError: what is stored was made by another modeler.
    """
    text = request.GET.get(parameter, "").strip()
    if text:
        found: StoredResult | None = find_result(StoredResult.Kind.PREVIEW, _number(text))
    else:
        found = newest(StoredResult.Kind.PREVIEW)
    return StoredPreview(found, from_document(found.payload)) if found else None


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return int(text)
    raise UnknownName(
        "stored migration preview", text, (), hint=_("It is named by a number, in digits.")
    )
