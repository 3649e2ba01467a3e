"""The page of one collection."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from modeler import permissions
from modeler.diagrams.graph import ColumnMode, graph_of
from modeler.errors import UnknownName
from modeler.mongo.mongosh import to_mongosh
from modeler.mongo.shard_keys import shard_advice
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.text import check_names, describe
from modeler.mongo.validator import validator
from modeler.schema.schema import Schema
from modeler.web.access import page
from modeler.web.collection_health import collection_health, commands_of
from modeler.web.document_tree import document_tree, tables_of
from modeler.web.figures import figures_of
from modeler.web.linked_picture import linked_picture
from modeler.web.project import specs_or_notice
from modeler.web.render import render_page

MOST_TABLES = 25  # more boxes say nothing at half the width of a page


@page(permissions.READ)
def collection(request: HttpRequest, key: str) -> HttpResponse:
    known = specs_or_notice()
    schema, specs = known.schema, known.specs
    spec = next((one for one in specs if key in (one.name, one.table)), None)
    if spec is None:
        names = [name for one in specs for name in (one.name, one.table)]
        unknown = UnknownName("collection for", key, names)
        return render_page(
            request, "unknown.html", title=_("Not found"), status=404, unknown=unknown
        )
    table = schema.table(spec.table)
    health = collection_health(schema, specs, [spec])
    tables = tables_of(spec)
    proof, drift = health.proof(spec.name), health.drift(spec.name)
    verification, samples = health.verification(spec), health.samples(spec.name)
    preflight = health.preflight(spec.name, tables)
    found = preflight.details.get("findings", ())
    alias = table.location.alias if table.location else ""
    stored = figures_of(schema, [alias]).of(table)
    counted = {one.name: one for one in stored.columns} if stored else {}
    advice = shard_advice(spec, table, counted)
    return render_page(
        request,
        "collection.html",
        title=spec.name,
        spec=spec,
        table=table,
        tree=document_tree(spec, _references(schema, spec)),
        picture=_picture(schema, spec, tables),
        fields=[(field, describe(field)) for field in (*spec.key, *spec.fields) if field.stored],
        left_out=[field for field in spec.fields if not field.stored],
        checks=check_names(spec),
        indexes=[
            (
                index,
                ", ".join(f"{name}: {kind}" for name, kind in index.keys),
                [
                    name if value is True else f"{name} {json.dumps(value, ensure_ascii=False)}"
                    for name, value in index.options
                ],
            )
            for index in spec.indexes
        ],
        validator=json.dumps(validator(spec), ensure_ascii=False, indent=2),
        script=to_mongosh([spec], [advice]),
        advice=advice,
        health=health,
        notices=(*known.notices, *health.notices),
        outdated=commands_of(
            one for one in (proof, drift, verification, preflight, samples) if one.outdated
        ),
        proof=proof,
        drift=drift,
        verification=verification,
        preflight=preflight,
        obstacles=[one for one in found if one.get("level") != "info"],
        facts=[one for one in found if one.get("level") == "info"],
        dead=health.dead(spec.name),
        samples=samples,
        sample_texts=[str(one) for one in samples.details.get("texts", ())],
    )


def _references(schema: Schema, spec: CollectionSpec) -> dict[str, str]:
    return {
        relation.columns[0]: relation.target
        for relation in schema.table(spec.table).relations
        if len(relation.columns) == 1 and relation.target
    }


def _picture(schema: Schema, spec: CollectionSpec, tables: tuple[str, ...]) -> SafeString | str:
    """Return the tables that documents are made of, as SVG."""
    if len(tables) > MOST_TABLES:
        return ""
    graph = graph_of(schema, columns=ColumnMode.KEYS, shown=frozenset(tables))
    title = _("Tables that %(name)s is made of") % {"name": spec.name}
    return linked_picture(graph, title=title, here="")
