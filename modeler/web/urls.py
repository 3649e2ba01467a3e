from __future__ import annotations

from django.urls import path, register_converter

from modeler.web.cockpit import cockpit
from modeler.web.collection import collection
from modeler.web.collections import collections
from modeler.web.comparisons import snapshots, sources, steps
from modeler.web.design import design
from modeler.web.diagram import diagram
from modeler.web.export import export
from modeler.web.keys import KeyConverter
from modeler.web.panel import panel
from modeler.web.preview import preview
from modeler.web.preview_migration import preview_migration
from modeler.web.preview_rules import RuleCodeConverter, rule, rules
from modeler.web.saved_views import saved_view, views
from modeler.web.scenes import arrange, scene, search
from modeler.web.table import table
from modeler.web.tables import tables
from modeler.web.twin import twin

register_converter(KeyConverter, "modeler_key")
register_converter(RuleCodeConverter, "modeler_rule")

app_name = "modeler"
urlpatterns = [
    path("", cockpit, name="cockpit"),
    path("diagram/", diagram, name="diagram"),
    path("diagram/list/", twin, name="twin"),
    path("diagram/panel/<modeler_key:key>/", panel, name="panel"),
    path("tables/", tables, name="tables"),
    path("tables/<modeler_key:key>/", table, name="table"),
    path("diagram/scene.json", scene, name="scene"),
    path("diagram/search.json", search, name="search"),
    path("diagram/arrange.json", arrange, name="arrange"),
    path("diagram/views/", views, name="views"),
    path("diagram/views/<int:number>/", saved_view, name="view"),
    path("diagram/sources.json", sources, name="sources"),
    path("diagram/steps/<str:app>/", steps, name="steps"),
    path("diagram/snapshots/", snapshots, name="snapshots"),
    path("diagram/export/<str:format>/", export, name="export"),
    path("preview/", preview, name="preview"),
    path("preview/rules/", rules, name="rules"),
    path("preview/rules/<modeler_rule:code>/", rule, name="rule"),
    path("preview/<str:app>/<modeler_key:name>/", preview_migration, name="preview_migration"),
    path("collections/", collections, name="collections"),
    path("design/", design, name="design"),
    path("collections/<str:key>/", collection, name="collection"),
]
