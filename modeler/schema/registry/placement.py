"""In which databases a model has a table: what the project's routers say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, router

from modeler.errors import ConfigurationError, UnknownName

DUMMY = "django.db.backends.dummy"


def chosen_aliases(aliases: Iterable[str] | None) -> tuple[str, ...]:
    """Return the database aliases to read, ``default`` first.

    Raises:
        UnknownName: an alias is not in ``DATABASES``.
        ConfigurationError: no database is configured at all.
    """
    known = {
        alias: settings
        for alias, settings in connections.settings.items()
        if settings.get("ENGINE", DUMMY) != DUMMY
    }
    if not known:
        raise ConfigurationError(
            "No database is configured, so columns have no types. Set DATABASES in the settings."
        )
    wanted = list(known) if aliases is None else list(aliases)
    for alias in wanted:
        if alias not in known:
            raise UnknownName("database alias", alias, known)
    return tuple(sorted(dict.fromkeys(wanted), key=lambda alias: (alias != DEFAULT_DB_ALIAS,)))


def places_of(
    app_label: str, model_name: str, model: Any, aliases: tuple[str, ...]
) -> tuple[tuple[str, ...], str]:
    """Return the aliases that have a model's table, the one with the rows first, and a reason.

    The rows are where the project writes, when migrations make the table there or nowhere (an
    external database that its router protects from migrations). The reason says why a router
    could not be asked, else it is empty.

    Args:
        app_label, model_name: of the model, the name in lower case.
        model: the class, None where only a migration knows the model.
        aliases: those that are read.
    """
    if not router.routers:
        # Without routers Django migrates every model everywhere and writes to ``default``.
        return aliases, ""
    hints = {"model_name": model_name}
    if model is not None:
        hints["model"] = model
    reason = ""
    # Routers are the project's code and may want hints that only a query has.
    try:
        allowed = [alias for alias in aliases if router.allow_migrate(alias, app_label, **hints)]
    except Exception as error:
        allowed, reason = list(aliases[:1]), f"a router failed: {type(error).__name__}: {error}"
    if model is None:
        return tuple(allowed), reason
    try:
        written = router.db_for_write(model)
    except Exception as error:
        return tuple(allowed), f"a router failed: {type(error).__name__}: {error}"
    if written in allowed or (not allowed and written in aliases):
        rest = [alias for alias in allowed if alias != written]
        return (written, *rest), reason
    return tuple(allowed), reason
