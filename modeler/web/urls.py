from __future__ import annotations

from django.urls import path

from modeler.web.cockpit import cockpit
from modeler.web.collections import collection, collections
from modeler.web.diagram import diagram
from modeler.web.preview import preview

app_name = "modeler"
urlpatterns = [
    path("", cockpit, name="cockpit"),
    path("diagram/", diagram, name="diagram"),
    path("preview/", preview, name="preview"),
    path("collections/", collections, name="collections"),
    path("collections/<str:key>/", collection, name="collection"),
]
