"""The index of all tables and columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.column_index import column_index
from modeler.diagrams.references import References, references_of
from modeler.diagrams.table_search import search_tables
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from modeler.web.access import page
from modeler.web.project import project_schema
from modeler.web.render import render_page

AT_ONCE = 300  # tables or names on one page
MOST_TABLES = 8  # that a column's name is listed with


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the index."""

    table: Table
    about: str
    outgoing: int
    incoming: int


@dataclass(frozen=True, slots=True)
class Section:
    """An app with its tables; rows are left out where only the number is shown."""

    label: str
    title: str
    count: int
    rows: tuple[Row, ...] = ()


@page(permissions.READ)
def tables(request: HttpRequest) -> HttpResponse:
    schema = project_schema()
    query = request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {"q": query}
    if query:
        context["hits"] = search_tables(schema, query)
        context["list"] = "hits"
    elif request.GET.get("list") == "columns":
        context |= _columns(schema, request.GET.get("letter", ""))
    else:
        context |= _by_app(schema, request.GET.get("app"), request.GET.get("page", "1"))
    shown = [table for table in schema.tables if table.kind is not TableKind.SWAPPED]
    kinds = Counter(str(table.kind) for table in shown)
    return render_page(
        request,
        "tables.html",
        title=_("Tables"),
        total=len(shown),
        total_columns=sum(len(table.columns) for table in shown),
        kinds=sorted(kinds.items(), key=lambda each: (-each[1], each[0])),
        **context,
    )


def _by_app(schema: Schema, wanted: str | None, number: str) -> dict[str, Any]:
    """Return all apps with their tables, or only their numbers where there are many."""
    titles = {app.label: app.title for app in schema.apps}
    references = references_of(schema)
    by_app: dict[str, list[Table]] = {}
    for table in schema.tables:
        if table.kind is not TableKind.SWAPPED:
            by_app.setdefault(table.app, []).append(table)
    total = sum(len(found) for found in by_app.values())
    one = wanted if wanted in by_app else None
    whole = total <= AT_ONCE and one is None
    sections = [
        Section(
            label,
            titles.get(label, label) or _("Tables without a model"),
            len(found),
            _rows(references, found) if whole else (),
        )
        for label, found in sorted(by_app.items())
    ]
    context: dict[str, Any] = {"list": "apps", "sections": sections, "whole": whole}
    if one is not None:
        pages = Paginator(by_app[one], AT_ONCE)
        listed = pages.get_page(number)
        section = next(each for each in sections if each.label == one)
        context |= {
            "app": Section(one, section.title, section.count, _rows(references, list(listed))),
            "listed": listed,
        }
    return context


def _rows(references: References, found: list[Table]) -> tuple[Row, ...]:
    return tuple(
        Row(
            table,
            table.comment or table.documentation.partition("\n\n")[0],
            sum(1 for relation in table.relations if relation.target),
            len(references.incoming.get(table.key, ())),
        )
        for table in sorted(found, key=lambda each: each.key)
    )


def _columns(schema: Schema, wanted: str) -> dict[str, Any]:
    """Return the names of all columns, or those of one letter where there are many."""
    index = column_index(schema)
    whole = sum(len(names) for names in index.values()) <= AT_ONCE
    letter = wanted if wanted in index else next(iter(index), "")
    return {
        "list": "columns",
        "whole": whole,
        "letters": [(each, len(names)) for each, names in index.items()],
        "letter": "" if whole else letter,
        "groups": [
            (
                each,
                [(name, name.tables[:MOST_TABLES], len(name.tables) - MOST_TABLES)
                 for name in names],
            )
            for each, names in index.items()
            if whole or each == letter
        ],
    }  # fmt: skip
