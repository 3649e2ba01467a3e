from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self) -> None:
        # Registers the reports.
        import orders.reports  # noqa: F401
        from catalog.violations import register_violations
        from orders.violations import FIELDS, MESSAGES

        register_violations("orders", FIELDS, MESSAGES)
