"""The stored picture of the model, with the list of what it shows."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.types import short_type
from modeler.errors import FormatError, ServerError, UnknownName
from modeler.models import StoredResult
from modeler.results import newest
from modeler.schema.encoding import fingerprint
from modeler.schema.table import TableKind
from modeler.web.access import page
from modeler.web.project import project_schema
from modeler.web.render import render_page
from modeler.web.svg import safe_svg


@page(permissions.READ)
def diagram(request: HttpRequest) -> HttpResponse:
    stored, picture, notices = None, "", []
    try:
        stored = newest(StoredResult.Kind.DIAGRAM)
        if stored is not None:
            picture = safe_svg(stored.payload["svg"])
    except (ServerError, FormatError) as error:
        notices.append(str(error))
    except (KeyError, TypeError):
        notices.append(_("The stored result holds no picture; draw it again."))
    if stored is not None and not _is_current(stored):
        notices.append(_("The models have changed since this picture was drawn."))
    return render_page(
        request,
        "diagram.html",
        title=_("ER diagram"),
        stored=stored,
        picture=picture,
        notices=notices,
        command=stored.command if stored else "manage.py er_diagram --store",
        apps=_apps(),
    )


def _is_current(stored: StoredResult) -> bool:
    """Tell whether a picture drawn now would show the same schema."""
    try:
        drawn = project_schema().select(stored.subject.split())
    except UnknownName:
        return False
    return stored.fingerprint == fingerprint(drawn)


def _apps() -> list[dict[str, object]]:
    """Tables by app, for the list beside the picture."""
    schema = project_schema()
    titles = {app.label: app.title for app in schema.apps}
    tables = [table for table in schema.tables if table.kind is not TableKind.SWAPPED]
    ordered = sorted(tables, key=lambda table: (table.app, table.key))
    return [
        {
            "label": label,
            "title": titles.get(label, label) or _("Tables without a model"),
            "tables": [
                {
                    "table": table,
                    "columns": [(c, short_type(c.database_type)) for c in table.columns],
                    "relations": [r for r in table.relations if r.target],
                }
                for table in group
            ],
        }
        for label, group in groupby(ordered, key=lambda table: table.app)
    ]
