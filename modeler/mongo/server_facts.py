"""What a MongoDB server is: version, kind, and whether collections can be specified on it.

Source: MongoDB manual, "hello", "buildInfo", "connectionStatus", "setFeatureCompatibilityVersion".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from modeler.errors import ServerError
from modeler.mongo.server import mongo_client, said_clearly
from modeler.mongo.server_features import CONSTRAINT, OLDEST, Version

if TYPE_CHECKING:
    from pymongo import MongoClient

# Clocks that differ by more are said: times of documents and of rows would not compare.
SKEW_SECONDS = 1.0
# What an apply does, as privileges call it.
ACTIONS = (
    "collMod", "createCollection", "createIndex", "dropIndex", "find", "insert", "listCollections",
    "listIndexes", "update",
)  # fmt: skip


class Topology(StrEnum):
    """How the server is run."""

    STANDALONE = "standalone"
    REPLICA_SET = "replica set"
    SHARDED = "sharded cluster"


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server, as one look found it.

    Attributes:
        version: of the program: ``(6, 0, 27)``.
        compatibility: the feature compatibility version; ``()`` where the user may not ask.
        topology: see Topology; a cluster is seen through its mongos.
        writable: whether it takes writes.
        max_document: bytes of the largest document.
        now: the server's clock.
        skew: seconds that its clock is ahead of ours.
        postgres_skew: seconds that it is ahead of PostgreSQL's; None where none was asked.
        missing: rights on the database that the user lacks for an apply.
    """

    version: tuple[int, ...]
    compatibility: tuple[int, ...]
    topology: Topology
    writable: bool
    max_document: int
    now: datetime
    skew: float = 0.0
    postgres_skew: float | None = None
    missing: tuple[str, ...] = ()

    @property
    def has_constraint(self) -> bool:
        """Whether validation can guarantee what is stored (9.0, and set so)."""
        return CONSTRAINT.on(self.version) and CONSTRAINT.on(self.compatibility)

    def require(self, *, writes: bool = True) -> None:
        """Refuse a server on which collections cannot be specified.

        Raises:
            ServerError: too old, a standalone, read-only, or the user lacks rights.
        """
        if self.version < OLDEST:
            raise ServerError(
                f"MongoDB {_dotted(self.version)} is too old: its validators and indexes lack "
                f"what specifications use. Update it to {_dotted(OLDEST)} or newer."
            )
        if self.compatibility and self.compatibility < OLDEST:
            raise ServerError(
                f"MongoDB {_dotted(self.version)} keeps to the features of "
                f"{_dotted(self.compatibility)}. Raise it by setFeatureCompatibilityVersion to "
                f"{_dotted(OLDEST)} or newer."
            )
        if not writes:
            return
        if self.topology is Topology.STANDALONE:
            raise ServerError(
                "This MongoDB is a standalone server, which has no transactions. Start it with "
                "--replSet and call rs.initiate() once; one member is enough."
            )
        if not self.writable:
            raise ServerError(
                "This MongoDB is not the primary and cannot be written to. Name the whole "
                "replica set in MONGO_URL, without directConnection."
            )
        if self.missing:
            raise ServerError(
                f"MongoDB's user may not {', '.join(self.missing)} on the database. Grant the "
                "roles readWrite and dbAdmin on it."
            )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on clocks that do not agree."""
        found = []
        for whose, skew in (("this machine's", self.skew), ("PostgreSQL's", self.postgres_skew)):
            if skew is not None and abs(skew) > SKEW_SECONDS:
                found.append(
                    f"MongoDB's clock is {abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} "
                    f"{whose}: synchronise them, or times in documents will mislead."
                )
        return tuple(found)


def read_facts(
    client: MongoClient[dict[str, Any]],
    database: str,
    *,
    postgres_clock: Callable[[], datetime | None] | None = None,
) -> ServerFacts:
    """Ask a server what it is.

    Args:
        client: of the server.
        database: where collections are to be made; rights are looked up for it.
        postgres_clock: returns PostgreSQL's time, aware; None where it cannot.

    Raises:
        ServerError: it cannot be asked.
    """
    with said_clearly():
        before = datetime.now(UTC)
        hello = client.admin.command("hello")
        after = datetime.now(UTC)
        build = client.admin.command("buildInfo")
        status = client.admin.command("connectionStatus", showPrivileges=True)["authInfo"]
        compatibility = _compatibility(client)
    now = hello["localTime"].replace(tzinfo=UTC)
    skew = difference(now, before, after)
    postgres_skew = None
    if postgres_clock is not None:
        before = datetime.now(UTC)
        theirs = postgres_clock()
        if theirs is not None:
            postgres_skew = skew - difference(theirs, before, datetime.now(UTC))
    return ServerFacts(
        version=tuple(build["versionArray"][:3]),
        compatibility=compatibility,
        topology=topology(hello),
        writable=bool(hello.get("isWritablePrimary")) and not hello.get("readOnly"),
        max_document=int(hello["maxBsonObjectSize"]),
        now=now,
        skew=skew,
        postgres_skew=postgres_skew,
        missing=missing_rights(status, database),
    )


def served_version(url: str | None = None) -> Version:
    """Return the version that a server's features are of, the oldest one for servers before it.

    Args:
        url: of the server; see ``configured_url``.

    Raises:
        ConfigurationError: no server is named, or pymongo is missing.
        ServerError: it cannot be asked.
    """
    client = mongo_client(url)
    with said_clearly():
        version = tuple(client.admin.command("buildInfo")["versionArray"][:2])
        compatibility = _compatibility(client)
    return max(OLDEST, min(version, compatibility or version))


def topology(hello: Mapping[str, Any]) -> Topology:
    """Return how a server is run from what it says to ``hello``."""
    if hello.get("msg") == "isdbgrid":
        return Topology.SHARDED
    return Topology.REPLICA_SET if hello.get("setName") else Topology.STANDALONE


def missing_rights(status: Mapping[str, Any], database: str) -> tuple[str, ...]:
    """Return the actions that the user may not do on a whole database.

    Without access control nobody is signed in, and all is allowed.
    """
    if not status.get("authenticatedUsers"):
        return ()
    allowed: set[str] = set()
    privileges: Sequence[Mapping[str, Any]] = status.get("authenticatedUserPrivileges", ())
    for privilege in privileges:
        resource = privilege["resource"]
        if resource.get("anyResource") or (
            resource.get("db") in ("", database) and resource.get("collection") == ""
        ):
            allowed.update(privilege["actions"])
    if "anyAction" in allowed:
        return ()
    return tuple(action for action in ACTIONS if action not in allowed)


def difference(theirs: datetime, before: datetime, after: datetime) -> float:
    """Return the seconds that a clock is ahead, 0 where the time of asking explains it."""
    if theirs > after:
        return (theirs - after).total_seconds()
    return min(0.0, (theirs - before).total_seconds())


def _compatibility(client: MongoClient[dict[str, Any]]) -> tuple[int, ...]:
    from pymongo.errors import OperationFailure

    try:
        found = client.admin.command({"getParameter": 1, "featureCompatibilityVersion": 1})
    except OperationFailure:  # a right of its own; mongos does not know it either
        return ()
    text = found["featureCompatibilityVersion"]["version"]
    return tuple(int(part) for part in text.split("."))


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))
