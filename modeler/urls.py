"""``path("admin/modeler/", include("modeler.urls"))`` is all that a project adds."""

from modeler.web.urls import app_name, urlpatterns

__all__ = ["app_name", "urlpatterns"]
