"""One apply at a time on a database: a hold with an end, renewed while its holder lives.

It lies in ``modeler_state`` (``_id`` is ``{"hold": "apply"}``), with the holder's name, since when
and until when. All times are the server's, so that clocks of machines do not matter. Who is
killed renews no more, and the next takes over when the hold has ended. Source: MongoDB manual,
"findAndModify" (a document is read and changed in one step), "Aggregation Variables" ($$NOW).
"""

from __future__ import annotations

import getpass
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from modeler.errors import ConflictError, ServerError
from modeler.mongo.server import said_clearly
from modeler.mongo.state import COLLECTION

if TYPE_CHECKING:
    from pymongo.database import Database

ID = {"hold": "apply"}
SECONDS = 9.0  # that a hold lasts without being renewed
RENEWED_EVERY = SECONDS / 3
LOOK_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class Holder:
    """Who applies: a name for people, since when, and until when unless it is renewed."""

    name: str
    since: datetime
    until: datetime

    @property
    def said(self) -> str:
        """Who it is and since when, as part of a sentence."""
        return f"{self.name}, since {self.since:%Y-%m-%d %H:%M:%S} UTC"


class Hold:
    """The hold of this process.

    Args:
        database: that is held.
    """

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.states = states(database)
        self.where = database.name
        self.token = uuid.uuid4().hex

    def take(self) -> Holder | None:
        """Take it where nobody has it; return who has it else.

        Raises:
            PyMongoError: the server does not answer.
        """
        from pymongo import ReturnDocument
        from pymongo.errors import DuplicateKeyError

        mine = {
            "_id": {"$literal": ID}, "token": self.token, "holder": {"$literal": own_name()},
            "since": "$$NOW", "until": _end(),
        }  # fmt: skip
        free = {"$lt": [{"$ifNull": ["$until", None]}, "$$NOW"]}
        try:
            held = self.states.find_one_and_update(
                {"_id": ID},
                [{"$replaceWith": {"$cond": [free, mine, "$$ROOT"]}}],
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:  # two made it at the same time
            return self.take()
        assert held is not None
        return None if held["token"] == self.token else _holder(held)

    def renew(self) -> None:
        """Hold on for some time more.

        Raises:
            ConflictError: somebody else has it by now.
            PyMongoError: the server does not answer.
        """
        done = self.states.update_one(
            {"_id": ID, "token": self.token}, [{"$set": {"until": _end()}}]
        )
        if not done.matched_count:
            other = _holder_of(self.states)
            whose = f" by {other.said}," if other else ""
            raise ConflictError(
                f"{self.where} is held{whose} now: this process was silent for more than "
                f"{SECONDS:.0f} s. What was done stays. Let the other apply end, and apply again."
            )

    def give_back(self) -> None:
        """Let the next one in at once."""
        self.states.update_one({"_id": ID, "token": self.token}, {"$set": {"until": None}})


@contextmanager
def held(
    database: Database[dict[str, Any]], waiting: Callable[[str], None] = lambda said: None
) -> Iterator[Hold]:
    """Keep others from applying to a database while the block runs.

    Where somebody has it, this waits to see whether that one lives: a hold that is renewed is
    refused at once, one of a killed process is taken over when it ends.

    Args:
        database: of MongoDB.
        waiting: told once, in a sentence, when there is somebody to wait for.

    Raises:
        ConflictError: another apply is at work.
        ServerError: the server does not answer.
    """
    hold = Hold(database)
    with said_clearly():
        _taken(hold, waiting)
    stopping = threading.Event()
    renewing = threading.Thread(target=_renewed, args=(hold, stopping), daemon=True)
    renewing.start()
    try:
        yield hold
    finally:
        stopping.set()
        renewing.join()
        _quietly(hold.give_back)


def states(database: Database[dict[str, Any]]) -> Any:
    """Return the collection of holds; what it says is on a majority of members."""
    from pymongo.write_concern import WriteConcern

    return database.get_collection(COLLECTION, write_concern=WriteConcern("majority"))


def holder(database: Database[dict[str, Any]]) -> Holder | None:
    """Return who applies to a database now, None where nobody does.

    Raises:
        ServerError: the server does not answer.
    """
    with said_clearly():
        return _holder_of(states(database))


def _holder_of(collection: Any) -> Holder | None:
    found = collection.find_one({"_id": ID, "$expr": {"$gt": ["$until", "$$NOW"]}})
    return _holder(found) if found else None


def own_name() -> str:
    """Return what people call this process: user, machine, number."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name, as in containers
        user = str(os.getuid()) if hasattr(os, "getuid") else "somebody"
    return f"{user} on {socket.gethostname()} (process {os.getpid()})"


def _taken(hold: Hold, waiting: Callable[[str], None]) -> None:
    first = hold.take()
    if first is None:
        return
    waiting(
        f"{hold.where} is held by {first.said}. Waiting up to {SECONDS:.0f} s to see whether that "
        "apply still runs."
    )
    until = time.monotonic() + 2 * SECONDS
    while time.monotonic() < until:
        time.sleep(LOOK_AGAIN)
        other = hold.take()
        if other is None:
            return
        if other != first:
            first = other
            break
    raise ConflictError(
        f"Another apply is at work on {hold.where}: {first.said}. Nothing was done here. Let it "
        "end, and run the same again."
    )


def _renewed(hold: Hold, stopping: threading.Event) -> None:
    """Renew until told to stop; what fails here is said by ``renew`` before the next step."""
    while not stopping.wait(RENEWED_EVERY):
        _quietly(hold.renew)


def _quietly(act: Callable[[], None]) -> None:
    """Do what matters only while the server answers: else the hold ends by itself."""
    try:
        with said_clearly():
            act()
    except (ConflictError, ServerError):
        return


def _end() -> dict[str, Any]:
    return {"$add": ["$$NOW", int(SECONDS * 1000)]}


def _holder(document: dict[str, Any]) -> Holder:
    since, until = (document[name].replace(tzinfo=UTC) for name in ("since", "until"))
    return Holder(str(document["holder"]), since, until)
