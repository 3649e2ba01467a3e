"""What Django's admin shows of each model."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from modeler.schema.dotted import dotted_name
from modeler.schema.registry.reading import key_of
from modeler.schema.table import AdminFacts


def admin_facts() -> dict[str, tuple[AdminFacts, ...]]:
    """Return the facts by table key, for every admin site, ordered by the site's name."""
    # Importing the admin where it is not installed would fail; where it is, it is imported.
    module = sys.modules.get("django.contrib.admin.sites")
    sites: Iterable[Any] = module.all_sites if module is not None else ()
    found: dict[str, list[AdminFacts]] = {}
    for site in sorted(sites, key=lambda site: (site.name, dotted_name(type(site)))):
        for model, admin in site._registry.items():
            found.setdefault(key_of(model), []).append(_facts(site, admin))
    return {key: tuple(facts) for key, facts in found.items()}


def _facts(site: Any, admin: Any) -> AdminFacts:
    return AdminFacts(
        site=site.name,
        admin_class=dotted_name(type(admin)),
        list_display=_names(admin.list_display),
        search_fields=_names(admin.search_fields),
        list_filter=_names(admin.list_filter),
        inlines=tuple(key_of(inline.model) for inline in admin.inlines),
    )


def _names(entries: Iterable[Any]) -> tuple[str, ...]:
    """Return what stands in the class; of ``(field, FilterClass)`` the field."""
    names = []
    for entry in entries:
        if isinstance(entry, (tuple, list)) and entry:
            entry = entry[0]
        names.append(entry if isinstance(entry, str) else getattr(entry, "__name__", str(entry)))
    return tuple(names)
