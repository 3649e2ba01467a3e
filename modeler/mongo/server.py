"""The client of MongoDB: one a process, and what goes wrong said in one sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from modeler.conf import data_dir, modeler_settings
from modeler.errors import ConfigurationError, ServerError
from modeler.servers import Place, mongo_url
from modeler.servers.mongo import read_port

if TYPE_CHECKING:
    from pymongo import MongoClient
    from pymongo.database import Database

APPLICATION = "modeler"
DATABASE = "modeler"
# Databases of the server's own; validators are refused there.
RESERVED = frozenset({"admin", "local", "config"})
# Codes of the server (src/mongo/base/error_codes.yml).
UNAUTHORIZED, AUTHENTICATION_FAILED = 13, 18
NOT_PRIMARY = frozenset({189, 10107, 11602, 13435, 13436})
NOT_AUTHORIZED = re.compile(r"not authorized on (\S+) to execute command \{ (\w+):")
REFUSED_USER = "MongoDB refuses the user or the password. Mend MONGO_URL (and its authSource)."
# By process and address.
CLIENTS: dict[tuple[int, str], MongoClient[dict[str, Any]]] = {}


def require_pymongo() -> None:
    """Say what to install where pymongo is not.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        import pymongo  # noqa: F401, an extra
    except ImportError as error:
        raise ConfigurationError(
            "Collections need the package pymongo. Install it with "
            "'pip install django-modeler[mongo]'."
        ) from error


def configured_url() -> str:
    """Return the address: the setting, ``$MONGO_URL``, or the embedded server's.

    Raises:
        ConfigurationError: none of them is there.
    """
    if named := modeler_settings()["MONGO_URL"] or os.environ.get("MONGO_URL"):
        return str(named)
    if read_port(Place.of(data_dir())) is not None:
        return mongo_url(data_dir())
    raise ConfigurationError(
        "No MongoDB is named. Set MONGO_URL or MODELER['MONGO_URL'], or run the command under "
        "'python -m modeler.servers run --mongo --'."
    )


def mongo_client(url: str | None = None) -> MongoClient[dict[str, Any]]:
    """Return the process's client of an address; the server has answered a ping.

    A client does not survive a fork, so that a child process gets one of its own.

    Raises:
        ConfigurationError: pymongo is not installed, or the address cannot be read.
        ServerError: the server is down or refuses the credentials.
    """
    key = os.getpid(), url or configured_url()
    if key not in CLIENTS:
        CLIENTS[key] = _new_client(key[1])
    client = CLIENTS[key]
    with said_clearly():
        client.admin.command("ping")
    return client


def mongo_database(
    client: MongoClient[dict[str, Any]], name: str | None = None
) -> Database[dict[str, Any]]:
    """Return the database for collections: the one named, the setting's, or the address's.

    Raises:
        ConfigurationError: the name is not one that may be used.
    """
    from pymongo.errors import InvalidName

    try:
        if chosen := name or modeler_settings()["MONGO_DATABASE"]:
            found = client[chosen]
        else:
            found = client.get_default_database(DATABASE)
    except InvalidName as error:
        raise ConfigurationError(f"No database can be called {chosen!r}: {error}.") from error
    if found.name in RESERVED:
        raise ConfigurationError(
            f"The database {found.name!r} is MongoDB's own. Name another with --database."
        )
    return found


def close_clients() -> None:
    """Close this process's clients; the next call for one opens it anew."""
    for key in [key for key in CLIENTS if key[0] == os.getpid()]:
        CLIENTS.pop(key).close()


def _new_client(url: str) -> MongoClient[dict[str, Any]]:
    require_pymongo()
    from pymongo import MongoClient
    from pymongo.errors import ConfigurationError as Misconfigured
    from pymongo.errors import InvalidURI

    chosen = modeler_settings()
    least, most = _pool(chosen["MONGO_POOL"])
    try:
        return MongoClient(
            url,
            appname=APPLICATION,
            minPoolSize=least,
            maxPoolSize=most,
            connectTimeoutMS=_milliseconds("MONGO_CONNECT_SECONDS"),
            serverSelectionTimeoutMS=_milliseconds("MONGO_SELECTION_SECONDS"),
        )
    except (InvalidURI, Misconfigured, ValueError) as error:
        raise ConfigurationError(
            f"The address of MongoDB cannot be used: {_brief(error)}. Mend MONGO_URL."
        ) from error


def _pool(value: Any) -> tuple[int, int]:
    match value:
        case (int(least), int(most)) if 0 <= least <= most and most > 0:
            return least, most
    raise ConfigurationError(
        f"MODELER['MONGO_POOL'] must be two numbers, fewest and most connections, not {value!r}."
    )


def _milliseconds(name: str) -> int:
    seconds = modeler_settings()[name]
    if isinstance(seconds, (int, float)) and seconds > 0:
        return max(1, round(seconds * 1000))
    raise ConfigurationError(f"MODELER[{name!r}] must be a number of seconds, not {seconds!r}.")


@contextmanager
def said_clearly() -> Iterator[None]:
    """Turn the driver's errors into one sentence with the next step.

    Raises:
        ServerError: instead of what the driver raised.
    """
    from pymongo import errors

    try:
        yield
    except errors.ServerSelectionTimeoutError as error:
        # Behind the first sentence the topology is described, in which these words always stand.
        if "Authentication failed" in _brief(error):
            raise ServerError(REFUSED_USER) from error
        if "Primary" in _brief(error) or "writable" in _brief(error):
            raise ServerError(
                "MongoDB has no primary that can be written to. Wait for the election; on a "
                "replica set that is new, call rs.initiate() once. rs.status() shows its members."
            ) from error
        raise ServerError(
            f"MongoDB cannot be reached: {_brief(error)}. Is it running, and is MONGO_URL right?"
        ) from error
    except errors.OperationFailure as error:
        raise ServerError(operation_said(error)) from error
    except errors.ConnectionFailure as error:
        raise ServerError(
            f"The connection to MongoDB was lost: {_brief(error)}. Run the command again."
        ) from error
    except errors.PyMongoError as error:
        raise ServerError(f"MongoDB's driver failed: {_brief(error)}.") from error


def operation_said(error: Any) -> str:
    """Return a sentence for an ``OperationFailure``, with the next step."""
    said = _brief((error.details or {}).get("errmsg") or error)
    if error.code == AUTHENTICATION_FAILED:
        return REFUSED_USER
    if error.code == UNAUTHORIZED and "requires authentication" in said:
        return "MongoDB asks for a user and a password. Name them in MONGO_URL."
    if error.code == UNAUTHORIZED:
        # What follows is the whole command, which helps nobody.
        found = NOT_AUTHORIZED.match(said)
        what = f"run {found[2]} in the database {found[1]}" if found else f"do this: {said}"
        return f"MongoDB's user may not {what}. Grant it the roles readWrite and dbAdmin there."
    if error.code in NOT_PRIMARY:
        return (
            f"This MongoDB cannot be written to: {said}. Name the whole replica set in MONGO_URL."
        )
    return f"MongoDB refused (code {error.code}): {said}."


def _brief(error: object) -> str:
    """The first sentence of what the driver said; the rest describes the topology."""
    text = " ".join(str(error).split())
    for end in (", full error:", ", Timeout:", " (configured timeouts:"):
        text = text.partition(end)[0]
    return text[:300].rstrip(". ")
