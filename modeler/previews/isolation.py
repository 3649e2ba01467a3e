"""The child process in which migrations run: it can reach the shadow and nothing else.

Migrations hold Python of the project. It could write to production by another alias, by libpq's
environment, a cache, a mail server or a queue; here all of these lead nowhere.
"""

from __future__ import annotations

import ctypes
import os
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # <linux/sched.h>
# What a process needs to run at all; everything else may be an address or a secret.
KEPT = frozenset(
    "PATH HOME USER LOGNAME SHELL TMPDIR TZ LANG LANGUAGE TERM VIRTUAL_ENV LD_LIBRARY_PATH "
    "DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHASHSEED PYTHONUTF8 PYTHONIOENCODING".split()
)


def cut_network() -> str:
    """Move this process to a network namespace of its own, without any device.

    Unix sockets in the file system stay reachable: by one of them it speaks to the shadow.

    Returns:
        ``""`` when the network is cut off, else why it is not.
    """
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        unshare = libc.unshare
    except (OSError, AttributeError):
        return "this system has no network namespaces"
    # Root may have one at once; others need a user namespace around it.
    for flags in (CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET):
        if unshare(flags) == 0:
            return ""
    return f"the system refused a network namespace ({os.strerror(ctypes.get_errno())})"


def scrub_environment() -> None:
    """Forget every variable that is not needed; to be called once the settings are loaded."""
    for name in list(os.environ):
        if name not in KEPT and not name.startswith("LC_"):
            del os.environ[name]


def repoint_settings(databases: dict[str, dict[str, Any]]) -> None:
    """Load the project's settings and let every service in them lead nowhere.

    Args:
        databases: what ``DATABASES`` becomes; aliases that are missing here are empty SQLite
            databases in memory.
    """
    from django.conf import settings

    settings.DATABASES = {
        alias: databases.get(alias, {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"})
        for alias in {**settings.DATABASES, **databases}
    }
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {
        alias: {**memory, "LOCATION": f"modeler-{alias}"} for alias in settings.CACHES
    }
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    files = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    if hasattr(settings, "STORAGES"):
        # Static files are read by name alone; the rest may be a bucket of production.
        settings.STORAGES = {
            alias: entry if alias == "staticfiles" else files
            for alias, entry in settings.STORAGES.items()
        }
    # Celery's own switch; without a network its broker could not be reached anyway.
    settings.CELERY_TASK_ALWAYS_EAGER = True
