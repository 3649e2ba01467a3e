from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import healthz, readyz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/modeler/", include("modeler.urls")),
    path("admin/reports/", include("catalog.reports.urls")),
    path("admin/", admin.site.urls),
]
