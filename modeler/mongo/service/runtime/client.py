"""How a service connects."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    InvalidURI,
    OperationFailure,
    PyMongoError,
)

from modeler.mongo.service.runtime.errors import Unavailable


@dataclass(frozen=True)
class Settings:
    """How to connect. Each has an environment variable, MONGO_ before it.

    Attributes:
        url: of the replica set; credentials belong in it.
        database: that holds the collections; if empty, the address's.
        min_pool_size, max_pool_size: connections, fewest and most.
        connect_seconds: to open a connection.
        selection_seconds: to find a server that can answer.
        read_preference: primary, primaryPreferred, secondary,
            secondaryPreferred or nearest.
        read_concern: local, available, majority, linearizable or snapshot.
        write_concern: majority, or a number of servers.
    """

    url: str
    database: str = ""
    min_pool_size: int = 0
    max_pool_size: int = 20
    connect_seconds: float = 5.0
    selection_seconds: float = 5.0
    read_preference: str = "primary"
    read_concern: str = "majority"
    write_concern: str = "majority"

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] = os.environ,
    ) -> Settings:
        """Return the settings of the environment.

        Raises:
            Unavailable: MONGO_URL is not set, or a number is none.
        """
        url = environment.get("MONGO_URL", "")
        if not url:
            raise Unavailable(
                "No MongoDB is named. Set MONGO_URL, such as "
                "mongodb://user:password@host:27017/shop?replicaSet=rs0."
            )
        given: dict[str, Any] = {}
        for name, kind in (
            ("database", str),
            ("min_pool_size", int),
            ("max_pool_size", int),
            ("connect_seconds", float),
            ("selection_seconds", float),
            ("read_preference", str),
            ("read_concern", str),
            ("write_concern", str),
        ):
            variable = f"MONGO_{name.upper()}"
            if variable in environment:
                try:
                    given[name] = kind(environment[variable])
                except ValueError as error:
                    raise Unavailable(
                        f"{variable} must be a number, not {environment[variable]!r}."
                    ) from error
        return cls(url, **given)


def connect(
    settings: Settings | None = None,
) -> MongoClient[dict[str, Any]]:
    """Return a client whose server has answered a ping. One a process.

    Args:
        settings: those of the environment if not given.

    Raises:
        Unavailable: the address cannot be used, nobody answers, or the
            user is refused.
    """
    chosen = settings or Settings.from_environment()
    w = chosen.write_concern
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(
            chosen.url,
            minPoolSize=chosen.min_pool_size,
            maxPoolSize=chosen.max_pool_size,
            connectTimeoutMS=round(chosen.connect_seconds * 1000),
            serverSelectionTimeoutMS=round(chosen.selection_seconds * 1000),
            readPreference=chosen.read_preference,
            readConcernLevel=chosen.read_concern,
            w=int(w) if w.isdecimal() else w,
            retryWrites=True,
            retryReads=True,
            tz_aware=True,
            uuidRepresentation="standard",
        )
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise Unavailable(
            f"The settings of MongoDB cannot be used: {error}."
        ) from error
    try:
        client.admin.command("ping")
    except OperationFailure as error:
        client.close()
        raise Unavailable(
            "MongoDB refuses the user or the password. "
            "Mend MONGO_URL and its authSource."
        ) from error
    except PyMongoError as error:
        client.close()
        said = str(error).partition(", Timeout:")[0]
        raise Unavailable(
            f"MongoDB cannot be reached: {said}. Is it running, and is MONGO_URL right?"
        ) from error
    return client


def open_database(
    client: MongoClient[dict[str, Any]],
    name: str = "",
) -> Database[dict[str, Any]]:
    """Return the database: the one named, else the address's.

    Raises:
        Unavailable: neither names one.
    """
    if name:
        return client[name]
    try:
        return client.get_default_database()
    except ConfigurationError as error:
        raise Unavailable(
            "No database is named. Name it in MONGO_DATABASE, "
            "or after the host in MONGO_URL."
        ) from error
