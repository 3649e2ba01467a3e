"""The pages of the reports, in the frame of the admin site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from catalog.csv_lines import csv_response
from catalog.reports.report import Report, cell_text, report_named, reports_for

FORMAT = "download"


def report_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Show a report for the parameters in the query string, or hand it over as CSV.

    Strangers are sent to the login of the admin site; who may not see the rows gets 403.
    """
    return admin.site.admin_view(_report_page)(request, slug)


def _report_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    report = report_named(slug)
    if report is None:
        raise Http404(f"There is no report “{slug}”.")
    user: Any = request.user
    if not user.has_perm(report.permission):
        raise PermissionDenied
    request.current_app = admin.site.name
    form = report.form(_asked(report, request))
    table: dict[str, Any] = {}
    if form.is_valid():
        wanted = request.GET.get(FORMAT)
        if wanted == "csv":
            header = [column.title for column in report.columns]
            return csv_response(slug, header, report.rows(**form.cleaned_data))
        if wanted == "json" and (text := report.document(**form.cleaned_data)):
            return HttpResponse(
                text,
                content_type="application/json",
                headers={"Content-Disposition": f'attachment; filename="{slug}.json"'},
            )
        try:
            table = _answer(report, form.cleaned_data)
        except DataError:
            form.add_error(None, "The database cannot reckon with these values; try others.")
    return render(
        request,
        "admin/shop/report.html",
        {
            **admin.site.each_context(request),
            "title": report.title,
            "report": report,
            "reports": reports_for(user),
            "form": form,
            "query": _query(form),
            **table,
        },
    )


def _asked(report: Report, request: HttpRequest) -> dict[str, Any]:
    """Return the parameters: those of the address, else what the form begins with."""
    first = report.form()
    asked = {
        name: first.get_initial_for_field(field, name) for name, field in first.fields.items()
    }
    return {**asked, **request.GET.dict()}


def _answer(report: Report, parameters: dict[str, Any]) -> dict[str, Any]:
    found = list(islice(report.rows(**parameters), report.shown + 1))
    shown = found[: report.shown]
    return {
        "rows": [_cells(report, row) for row in shown],
        "more": len(found) > report.shown,
        "plot": report.plot(shown, **parameters),
        "document": report.document(**parameters),
    }


def _cells(report: Report, row: Sequence[Any]) -> list[tuple[str, bool]]:
    return [
        (cell_text(value), column.number)
        for value, column in zip(row, report.columns, strict=True)
    ]


def _query(form: Any) -> str:
    pairs = ((name, form.data.get(name)) for name in form.fields)
    return urlencode(
        [
            (name, v.isoformat() if isinstance(v, date) else str(v))
            for name, v in pairs
            if v is not None
        ]
    )
