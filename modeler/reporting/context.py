"""What rules may read; each gets what it declared and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from modeler.schema.schema import Schema
from modeler.schema.statistics import Statistics


class Need(StrEnum):
    """Something that a rule can ask for."""

    MODELS = "models"  # Schema of the registry or of a migration state
    CATALOG = "catalog"  # Schema of a live database
    STATISTICS = "statistics"
    DATA = "data"  # a read-only connection
    PLAN = "plan"  # what a migration will do


class Context:
    """The facts of one run.

    Args:
        facts: what there is, by need.
        server_version: the major version, None without a server.
    """

    def __init__(self, facts: Mapping[Need, Any], *, server_version: int | None = None) -> None:
        self._facts = dict(facts)
        self.server_version = server_version

    def missing(self, needs: frozenset[Need]) -> tuple[Need, ...]:
        """Return those of the needs that this run cannot serve."""
        return tuple(sorted(needs - self._facts.keys()))

    def restricted_to(self, needs: frozenset[Need]) -> Context:
        """Return a context that hands over these needs alone."""
        return Context(
            {need: fact for need, fact in self._facts.items() if need in needs},
            server_version=self.server_version,
        )

    def __getitem__(self, need: Need) -> Any:
        """Return a fact.

        Raises:
            KeyError: the rule did not declare that it needs it.
        """
        return self._facts[need]

    @property
    def models(self) -> Schema:
        return self[Need.MODELS]

    @property
    def catalog(self) -> Schema:
        return self[Need.CATALOG]

    @property
    def statistics(self) -> Statistics:
        return self[Need.STATISTICS]
