"""Programs of the shop as processes of their own, on a database of the test's cluster."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-fifty-signs-for-tests-0123456789-abcdef-ghij"


def environment(**changes: str) -> dict[str, str]:
    """Return this process's environment with changes; an empty value removes the variable."""
    merged = {**os.environ, **changes}
    return {name: value for name, value in merged.items() if value}


def production(**changes: str) -> dict[str, str]:
    """Return an environment in which the shop runs in production on the test's database."""
    return environment(
        **{
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DJANGO_SECRET_KEY": SECRET,
            "DJANGO_ALLOWED_HOSTS": "shop.example",
            "DATABASE_URL": url_of(str(connection.settings_dict["NAME"])),
            **changes,
        }
    )


def url_of(database: str) -> str:
    """Return the address of another database of the cluster."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def run(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python with arguments, in the project's folder."""
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )


@contextmanager
def new_database(name: str) -> Iterator[str]:
    """Make an empty database, yield its address, and drop it."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield url_of(name)
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
