from __future__ import annotations

from django.urls import URLPattern

app_name = "modeler"
urlpatterns: list[URLPattern] = []
