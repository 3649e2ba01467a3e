"""``path("admin/reports/", include("catalog.reports.urls"))``, before the admin site itself."""

from __future__ import annotations

from django.urls import path

from catalog.reports.pages import report_page

app_name = "reports"
urlpatterns = [path("<slug:slug>/", report_page, name="report")]
