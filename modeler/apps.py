from django.apps import AppConfig


class ModelerConfig(AppConfig):
    name = "modeler"
    label = "modeler"
    verbose_name = "Data model"
    default_auto_field = "django.db.models.BigAutoField"
