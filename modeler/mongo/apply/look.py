"""One look at a database: what the server is, what it holds, what earlier runs noted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from modeler.conf import modeler_settings
from modeler.errors import ConfigurationError
from modeler.mongo.apply.plan import plan
from modeler.mongo.apply.step import Plan
from modeler.mongo.drift.live import LiveCollection
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.drift.target import Target
from modeler.mongo.server import mongo_client, mongo_database
from modeler.mongo.server_facts import ServerFacts, read_facts
from modeler.mongo.state import Standing, read_state

if TYPE_CHECKING:
    from pymongo.database import Database

LEVELS = ("constraint", "strict")


@dataclass(frozen=True, slots=True)
class Look:
    """What was found.

    Attributes:
        database: that was looked at; what an apply writes to.
        facts: of its server.
        live: its collections, by name; those that were asked for.
        state: what earlier runs noted, by name; of all collections.
    """

    database: Database[dict[str, Any]]
    facts: ServerFacts
    live: Mapping[str, LiveCollection]
    state: Mapping[str, Standing]

    def plan(self, targets: Iterable[Target]) -> Plan:
        """Return the plan by the project's settings.

        Raises:
            ConfigurationError: a setting cannot be used.
        """
        chosen = modeler_settings()
        days, level = chosen["MONGO_HIDDEN_DAYS"], chosen["MONGO_LEVEL"]
        if not isinstance(days, int) or days < 0:
            raise ConfigurationError(
                f"MODELER['MONGO_HIDDEN_DAYS'] must be a number of days, not {days!r}."
            )
        if level not in LEVELS:
            raise ConfigurationError(
                f"MODELER['MONGO_LEVEL'] must be {' or '.join(LEVELS)}, not {level!r}."
            )
        return plan(
            targets,
            self.live,
            self.state,
            self.facts,
            hidden_days=days,
            guarantee=level == "constraint",
        )


def look(
    targets: Iterable[Target],
    *,
    database: str | None = None,
    url: str | None = None,
    writes: bool = True,
    postgres_clock: Callable[[], datetime | None] | None = None,
) -> Look:
    """Connect and look; nothing is written.

    Args:
        targets: whose collections are read.
        database: its name; see ``mongo_database``.
        url: of the server; see ``configured_url``.
        writes: whether the server must take writes.
        postgres_clock: returns PostgreSQL's time, for a warning of clocks that differ.

    Raises:
        ConfigurationError: no server is named, or pymongo is missing.
        ServerError: the server cannot be reached, or is not one that will do.
    """
    client = mongo_client(url)
    chosen = mongo_database(client, database)
    facts = read_facts(client, chosen.name, postgres_clock=postgres_clock)
    facts.require(writes=writes)
    names = [target.name for target in targets]
    return Look(chosen, facts, read_collections(chosen, names, facts), read_state(chosen))
