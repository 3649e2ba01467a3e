"""Where admin lists a table's rows, for whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.sites import all_sites
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from modeler.schema.table import Table
from modeler.web.access import admin_site


@dataclass(frozen=True, slots=True)
class AdminList:
    """A list of rows: the site's name, ``""`` for the one whose look the pages have."""

    site: str
    url: str


def admin_lists(request: HttpRequest, table: Table) -> tuple[AdminList, ...]:
    """Return the lists that this user may see, the pages' own site first."""
    if not table.admin:
        return ()
    try:
        model = apps.get_model(table.app, table.name)
    except LookupError:
        return ()
    names = {facts.site for facts in table.admin}
    # The default site is a lazy object: equal to the site, and not the same.
    own = admin_site()
    found = []
    for site in sorted(all_sites, key=lambda each: (own != each, each.name)):
        admin = site._registry.get(model)
        if admin is None or site.name not in names or not admin.has_view_permission(request):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        try:
            url = reverse(name, current_app=site.name)
        except NoReverseMatch:
            continue  # registered at a site that no address leads to
        found.append(AdminList("" if own == site else site.name, url))
    return tuple(found)
