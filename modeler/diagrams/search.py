"""What a search over a schema looks through."""

from __future__ import annotations

from typing import Any

from modeler.schema.schema import Schema
from modeler.schema.table import TableKind


def search_document(schema: Schema) -> dict[str, Any]:
    """Return ``{"tables": [[key, label, table, app title, text, [[column, text], …]], …]}``.

    Texts are comments, help texts, labels and documentation, on one line each.
    """
    titles = {app.label: app.title for app in schema.apps}
    return {
        "tables": [
            [
                table.key,
                table.label,
                table.location.table if table.location else "",
                titles.get(table.app, table.app),
                _text(table.comment, table.documentation),
                [
                    [column.name, _text(column.label, column.comment, column.help_text)]
                    for column in table.columns
                ],
            ]
            for table in schema.tables
            if table.kind is not TableKind.SWAPPED
        ]
    }


def _text(*texts: str) -> str:
    return " ".join(dict.fromkeys(" ".join(text.split()) for text in texts if text))
