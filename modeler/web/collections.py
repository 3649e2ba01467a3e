"""Collections of MongoDB: the list with their health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.text import check_names
from modeler.reporting.finding import Level
from modeler.web.access import page
from modeler.web.collection_health import Health, Known, collection_health, commands_of
from modeler.web.project import specs_or_notice
from modeler.web.render import render_page

COMMANDS = (
    "manage.py collection_specs --preflight --store",
    "manage.py collection_specs --prove --store",
    "manage.py collection_specs --apply",
    "manage.py collection_specs --drift --store",
    "manage.py sync_collections --verify --store",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A collection in the list.

    Attributes:
        spec: its specification.
        embedded: fields that hold rows of other tables.
        carried: constraints in its validator.
        lost: rules that are not carried.
        proof, drift, verification: what is known of it.
        dead: documents that were given up.
    """

    spec: CollectionSpec
    embedded: str
    carried: int
    lost: int
    proof: Known
    drift: Known
    verification: Known
    dead: int

    @property
    def known(self) -> tuple[Known, ...]:
        """What commands stored of it, as the columns show it."""
        return self.proof, self.drift, self.verification


@page(permissions.READ)
def collections(request: HttpRequest) -> HttpResponse:
    known = specs_or_notice()
    specs = known.specs
    health = collection_health(known.schema, specs)
    lines = _lines(specs, health)
    return render_page(
        request,
        "collections.html",
        title=_("Collection specs"),
        lines=lines,
        outdated=commands_of(one for line in lines for one in line.known if one.outdated),
        health=health,
        notices=(*known.notices, *health.notices),
        commands=COMMANDS,
        declared=any(spec.parts or spec.computed for spec in specs),
    )


def _lines(specs: Sequence[CollectionSpec], health: Health) -> list[Line]:
    return [
        Line(
            spec,
            ", ".join([*(part.field for part in spec.parts)]),
            len(check_names(spec)),
            sum(finding.level is not Level.INFO for finding in spec.findings),
            health.proof(spec.name),
            health.drift(spec.name),
            health.verification(spec),
            len(health.dead(spec.name)),
        )
        for spec in specs
    ]
