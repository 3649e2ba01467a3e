"""Events lie in a database of their own; everything else in ``default``."""

from __future__ import annotations

from typing import Any

EVENTS = {"event", "eventsource"}


class EventsRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "events" if _of_events(model._meta.app_label, model._meta.model_name) else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if app_label == "contenttypes":
            return None  # a model that lives in every database
        return (db == "events") == _of_events(app_label, model_name)


def _of_events(app_label: str, model_name: str | None) -> bool:
    return app_label == "blog" and model_name in EVENTS
