from __future__ import annotations

from django.apps import AppConfig


class ModelerConfig(AppConfig):
    name = "modeler"
    label = "modeler"
    verbose_name = "Data model"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from modeler import checks  # noqa: F401 - registers itself
