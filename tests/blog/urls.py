from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

# This model appears only when the URLs are imported.
from tests.blog.late import LateNote
from tests.blog.site import desk

urlpatterns = [
    path("office/modeler/", include("modeler.urls")),
    path("office/", admin.site.urls),
    path("desk/", desk.urls),
]
__all__ = ["LateNote", "urlpatterns"]
