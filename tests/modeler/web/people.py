"""Who looks at the pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission


def person(name: str, *, staff: bool = True, holding: str | tuple[str, ...] = ()) -> Any:
    """Make a user who holds permissions."""
    model = get_user_model()
    user = model.objects.create(**{model.USERNAME_FIELD: name, "is_staff": staff})
    for each in (holding,) if isinstance(holding, str) else holding:
        app, _, codename = each.partition(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    return user
