"""Who may see a page: staff of the admin site who have the page's permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from modeler.conf import modeler_settings

if TYPE_CHECKING:
    from django.contrib.auth.models import User

View = Callable[..., HttpResponse]


def admin_site() -> AdminSite:
    """Return the site whose look and login the pages take: ``MODELER["ADMIN_SITE"]``."""
    path = modeler_settings()["ADMIN_SITE"]
    return import_string(path) if path else admin.site


def person(request: HttpRequest) -> User:
    """Return who is asking, on a page: no stranger comes that far."""
    return cast("User", request.user)


def page(permission: str) -> Callable[[View], View]:
    """Make a view a page of the admin site that needs a permission.

    Strangers are sent to the site's login; people without the permission get 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            site = admin_site()

            def permitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                if not person(request).has_perm(permission):
                    raise PermissionDenied
                # {% url 'admin:…' %} in the site's own templates means this site.
                request.current_app = site.name
                return view(request, *args, **kwargs)

            return site.admin_view(permitted)(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
