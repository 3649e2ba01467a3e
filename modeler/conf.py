"""modeler's settings: the project's ``MODELER`` dict over these defaults."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver

from modeler.errors import ConfigurationError, nearest_names

DEFAULTS: dict[str, Any] = {
    # The folder of the embedded servers; without it $MODELER_DATA_DIR, else BASE_DIR/.data,
    # else .data where the command was started.
    "DATA_DIR": None,
    # A folder with PostgreSQL's programs, instead of those that are found.
    "POSTGRES_BIN": None,
    # A marked database on a server of one's own, instead of the embedded shadow.
    "SHADOW_URL": None,
    # Dotted path of the AdminSite whose look and login the pages take; None: the default one.
    "ADMIN_SITE": None,
    # Models at which a diagram's focus stops, beside the user model and content types.
    "HUBS": (),
    # Patterns of app.Model.column whose values are masked; "!" first takes one out again.
    "SENSITIVE": (),
    # Address of MongoDB; without it $MONGO_URL, else the embedded server of DATA_DIR.
    "MONGO_URL": None,
    # Its database for collections; without it the one that the address names, else "modeler".
    "MONGO_DATABASE": None,
    # Connections that a process keeps, and opens at most.
    "MONGO_POOL": (0, 20),
    # Seconds to connect, and to find a server that can do what is asked.
    "MONGO_CONNECT_SECONDS": 5.0,
    "MONGO_SELECTION_SECONDS": 5.0,
    # Version of the oldest MongoDB that collections are specified for: "7.0"; without it 6.0. An
    # apply and a drift go by the server they speak to.
    "MONGO_VERSION": None,
    # Days that an index which the specification no longer has stays hidden before it is dropped.
    "MONGO_HIDDEN_DAYS": 7,
    # How far an apply climbs: "constraint" where the server has it (9.0), or "strict".
    "MONGO_LEVEL": "constraint",
    # Dotted path of an iterable of modeler.mongo.aggregate.Aggregate: collections that the code
    # declares, which go before any points.
    "COLLECTIONS": None,
    # Numbers of the design of collections over the defaults: {"embed": 5, "veto_rows": 500}.
    "DESIGN_WEIGHTS": {},
    # {"app.Model.field": {"read_together": 0 to 3, "written_alone": 0 to 3}}.
    "DESIGN_WORKLOAD": {},
    # Compound indexes over several tables, each a sequence of "app.Model.column": no two of
    # them become arrays of one document.
    "DESIGN_INDEXES": (),
}


@cache
def modeler_settings() -> dict[str, Any]:
    """Return all settings; read once, and again after a test changed them.

    Raises:
        ConfigurationError: ``MODELER`` is no dict, or has a key that does not exist.
    """
    given = getattr(settings, "MODELER", {})
    if not isinstance(given, dict):
        raise ConfigurationError("The setting MODELER must be a dict; see docs/servers.md.")
    for name in given:
        if name not in DEFAULTS:
            nearest = " or ".join(nearest_names(name, DEFAULTS)) or ", ".join(sorted(DEFAULTS))
            raise ConfigurationError(
                f"The setting MODELER[{name!r}] does not exist. Use {nearest}, or remove it."
            )
    return DEFAULTS | given


def data_dir() -> Path:
    """Return the folder of the embedded servers."""
    if named := modeler_settings()["DATA_DIR"] or os.environ.get("MODELER_DATA_DIR"):
        return Path(named)
    return Path(getattr(settings, "BASE_DIR", None) or Path.cwd()) / ".data"


@receiver(setting_changed)
def forget_settings(*, setting: str, **kwargs: Any) -> None:
    """Read ``MODELER`` again after ``override_settings``."""
    if setting == "MODELER":
        modeler_settings.cache_clear()
