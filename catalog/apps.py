from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CatalogConfig(AppConfig):
    name = "catalog"

    def ready(self) -> None:
        # Registers the report.
        import catalog.reports.category_subtree  # noqa: F401
        from catalog.connections import ignore_no_triggers

        connection_created.connect(ignore_no_triggers, dispatch_uid="catalog.ignore_no_triggers")
