"""What a search over a schema looks through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modeler.diagrams.descriptions.constraints import constraint_text
from modeler.diagrams.descriptions.indexes import index_text
from modeler.diagrams.descriptions.triggers import trigger_text
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


def search_document(schema: Schema) -> dict[str, Any]:
    """Return ``{"tables": [[key, label, table, app title, text, [[name, text], …]], …]}``.

    Names are those of columns, then of constraints, indexes and triggers; texts are comments, help
    texts, labels and documentation, or what a constraint, index or trigger is, on one line.
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
                    *(
                        [column.name, _text(column.label, column.comment, column.help_text)]
                        for column in table.columns
                    ),
                    *_rules(table),
                ],
            ]
            for table in schema.tables
            if table.kind is not TableKind.SWAPPED
        ]
    }


def _rules(table: Table) -> Iterator[list[str]]:
    for constraint in table.constraints:
        if constraint.name:
            yield [constraint.name, _text(constraint_text(constraint), constraint.message)]
    known = {constraint.name for constraint in table.constraints}
    for index in table.indexes:
        if index.name and index.name not in known:
            yield [index.name, index_text(index)]
    for trigger in table.triggers:
        yield [trigger.name, trigger_text(trigger)]


def _text(*texts: str) -> str:
    return " ".join(dict.fromkeys(" ".join(text.split()) for text in texts if text))
