"""Reading the address of a PostgreSQL database from a URL."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from modeler.errors import ConfigurationError

SCHEMES = ("postgres", "postgresql", "pgsql")
EXAMPLE = "postgres://user:password@host:5432/name"


def settings_from_url(url: str, what: str = "DATABASE_URL") -> dict[str, Any]:
    """Return an entry for Django's ``DATABASES`` from ``postgres://user:password@host:port/name``.

    Parameters after ``?`` are libpq's; ``host`` (also the folder of a socket) and ``port`` there
    count when the URL's own are empty.

    Raises:
        ConfigurationError: names ``what``, and shows no password.
    """
    try:
        parts = urlsplit(url.strip())
        # Read here: a bad port or bracket raises when it is read, not when it is split.
        port, host = parts.port, unquote(host_of(parts.netloc))
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise refused(what, "it is no URL (is the port a number? are @, : and / in a "
                      "password written as %40, %3A and %2F?)") from error  # fmt: skip
    if parts.scheme not in SCHEMES:
        raise refused(
            what, f"it starts with {parts.scheme + '://' if parts.scheme else 'no scheme'!r}"
        )
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise refused(what, "it names no database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host or options.pop("host", ""),
        "PORT": options.pop("port", "") if port is None else str(port),
        "OPTIONS": options,
    }


def host_of(netloc: str) -> str:
    """Return the host as it is written: ``hostname`` would lower the case of a socket's path."""
    place = netloc.rpartition("@")[2]
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0]


def refused(what: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"{what} cannot be used: {why}. Write it like {EXAMPLE}.")
