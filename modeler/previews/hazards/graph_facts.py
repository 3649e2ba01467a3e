"""What a project's migrations as a whole say, whichever of them are pending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.migrations.loader import MigrationLoader


@dataclass(frozen=True, slots=True)
class HalfSquash:
    """A squashed migration of which a part of what it replaces is applied.

    Attributes:
        key: the squashed one, as ``app.name``.
        applied, missing: those it replaces, as ``app.name``, in its order.
    """

    key: str
    applied: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """Facts of the graph.

    Attributes:
        conflicts: last migrations by app, where an app has several.
        half_squashed: squashes that are applied in part.
        unwritten: changes of models that no migration holds, as ``app: description``; None where
            nobody looked.
        aliases: databases of the project that take migrations, replicas not counted.
    """

    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    half_squashed: tuple[HalfSquash, ...] = ()
    unwritten: tuple[str, ...] | None = None
    aliases: int = 1


def graph_facts(
    loader: MigrationLoader, *, unwritten: tuple[str, ...] | None = None
) -> GraphFacts:
    """Return the facts of the loaded migrations.

    Args:
        loader: it knows what is applied, if it was given a connection.
        unwritten: see ``GraphFacts``.
    """
    applied = loader.applied_migrations or {}
    squashes = []
    for (app, name), migration in sorted(loader.replacements.items()):
        done = tuple(f"{a}.{n}" for a, n in migration.replaces if (a, n) in applied)
        rest = tuple(f"{a}.{n}" for a, n in migration.replaces if (a, n) not in applied)
        if done and rest and (app, name) not in applied:
            squashes.append(HalfSquash(f"{app}.{name}", done, rest))
    return GraphFacts(
        {app: tuple(sorted(names)) for app, names in sorted(loader.detect_conflicts().items())},
        tuple(squashes),
        unwritten,
        databases_of(connections.settings),
    )


def databases_of(settings: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many databases of a project take migrations: replicas are no further ones.

    Args:
        settings: ``DATABASES``. A replica says so for tests (``MIRROR``), or has another's name
            on another host.
    """
    return len(
        {
            (entry.get("ENGINE"), str(entry.get("NAME")))
            for entry in settings.values()
            if not (entry.get("TEST") or {}).get("MIRROR")
        }
    )
