"""What pending statements will do to a table, as the probes need it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modeler.errors import ConfigurationError
from modeler.postgres.locks import LockMode

PART = re.compile(r'"((?:[^"]|"")+)"|([^".\s]+)')
WHOLE = re.compile(rf"(?:{PART.pattern})(?:\.(?:{PART.pattern}))?")


@dataclass(frozen=True, slots=True)
class Intent:
    """One table that pending statements will touch.

    Attributes:
        relation: its name, schema-qualified only outside of the current schema, parts quoted
            where SQL needs it.
        modes: the lock modes they will take.
        alters: they need its owner.
        rewrites: it is written anew, with all its indexes.
        concurrently: a statement waits for old snapshots (CREATE INDEX CONCURRENTLY and kin).
        builds: indexes that they will make, by name.
    """

    relation: str
    modes: frozenset[LockMode] = frozenset()
    alters: bool = False
    rewrites: bool = False
    concurrently: bool = False
    builds: tuple[str, ...] = ()

    @property
    def schema(self) -> str:
        """``""`` for the current schema."""
        return split_name(self.relation)[0]

    @property
    def name(self) -> str:
        return split_name(self.relation)[1]

    def conflicts_with(self, held: LockMode) -> bool:
        """Tell whether a lock that somebody holds keeps these statements waiting."""
        return any(mode.conflicts_with(held) for mode in self.modes)


def split_name(relation: str) -> tuple[str, str]:
    """Return schema (``""`` if none) and name, without their quotes.

    Raises:
        ConfigurationError: it is no name of a relation.
    """
    if not WHOLE.fullmatch(relation):
        raise ConfigurationError(
            f'{relation!r} is no name of a table. Write schema.table, or "Schema"."Table".'
        )
    parts = [
        quoted.replace('""', '"') if quoted else bare for quoted, bare in PART.findall(relation)
    ]
    return (parts[0], parts[1]) if len(parts) == 2 else ("", parts[0])
