"""The design of collections: a card a relation, from stored measures or the models alone."""

from __future__ import annotations

import json
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.collection_designs import newest_measures, project_design
from modeler.errors import ModelerError
from modeler.mongo.design.card import card
from modeler.mongo.design.design import design as design_of
from modeler.mongo.design.text import ORDER
from modeler.web.access import page
from modeler.web.project import specs_or_notice
from modeler.web.render import render_page

COMMAND = "manage.py collection_design --store"
MOST_CARDS = 200


@page(permissions.READ)
def design(request: HttpRequest) -> HttpResponse:
    known = specs_or_notice()
    notices = list(known.notices)
    measures = None
    try:
        measures = newest_measures(DEFAULT_DB_ALIAS)
    except ModelerError as error:
        notices.append(str(error))
    try:
        made = project_design(known.schema, measures)
    except ModelerError as error:
        made = design_of(known.schema, measures)
        notices.append(str(error))
    apps = sorted({one.child.partition(".")[0] for one in made.decisions})
    chosen = request.GET.get("app", "")
    shown = [
        one
        for one in sorted(made.decisions, key=lambda one: (ORDER.index(one.verdict), one.relation))
        if not chosen or one.child.partition(".")[0] == chosen
    ]
    cards = [_with_texts(card(made, one)) for one in shown[:MOST_CARDS]]
    return render_page(
        request,
        "design.html",
        title=_("Design of collections"),
        measures=measures,
        command=COMMAND,
        cards=cards,
        more=len(shown) - len(cards),
        apps=apps,
        chosen=chosen,
        findings=made.findings,
        notices=notices,
    )


def _with_texts(one: dict[str, Any]) -> dict[str, Any]:
    """Add the documents as text, the two apart in one."""
    documents = one["documents"]
    texts = {
        name: json.dumps(document, ensure_ascii=False, indent=2) if document else ""
        for name, document in documents.items()
    }
    return {**one, "texts": texts}
