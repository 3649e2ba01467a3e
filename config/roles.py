"""Who may do what: four groups, and what each may do."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from modeler import permissions

ADMINISTRATOR = "administrator"
_SHOP = Q(content_type__app_label__in=("catalog", "orders"))
_RESULTS = Q(
    content_type__app_label="modeler",
    codename__in=("view_storedresult", "view_schemasnapshot", "view_savedview"),
)


def _named(*names: str) -> Q:
    wanted = Q(pk=None)
    for name in names:
        app, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return wanted


ROLES = {
    "analyst": _SHOP,
    "architect": _named(permissions.READ, permissions.STORE, permissions.SHARE) | _RESULTS,
    "deployer": _named(permissions.READ, permissions.STORE, permissions.APPLY) | _RESULTS,
}


def roles_make() -> dict[str, Group]:
    """Create the groups, or bring their permissions to what stands here; by name."""
    groups = {}
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(wanted))
        groups[name] = group
    return groups
