"""Collection specifications: the list, and a page a collection."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.errors import UnknownName
from modeler.mongo.text import describe
from modeler.mongo.validator import validator
from modeler.web.access import page
from modeler.web.project import project_schema, project_specs
from modeler.web.render import render_page


@page(permissions.READ)
def collections(request: HttpRequest) -> HttpResponse:
    return render_page(
        request, "collections.html", title=_("Collection specs"), specs=project_specs()
    )


@page(permissions.READ)
def collection(request: HttpRequest, key: str) -> HttpResponse:
    spec = next((spec for spec in project_specs() if spec.table == key), None)
    if spec is None:
        unknown = UnknownName("collection for", key, [s.table for s in project_specs()])
        return render_page(
            request, "unknown.html", title=_("Not found"), status=404, unknown=unknown
        )
    return render_page(
        request,
        "collection.html",
        title=spec.name,
        spec=spec,
        table=project_schema().table(spec.table),
        fields=[(field, describe(field)) for field in (*spec.key, *spec.fields) if field.stored],
        left_out=[field for field in spec.fields if not field.stored],
        indexes=[
            (
                index,
                ", ".join(f"{name}: {kind}" for name, kind in index.keys),
                json.dumps(dict(index.options), ensure_ascii=False, indent=1)
                if index.options
                else "",
            )
            for index in spec.indexes
        ],
        validator=json.dumps(validator(spec), ensure_ascii=False, indent=2),
    )
