"""Drift: where a live database is not what its migrations make."""

from __future__ import annotations

from modeler.schema.aligned import aligned
from modeler.schema.changes import Change
from modeler.schema.differences import differences
from modeler.schema.schema import Schema


def drift(live: Schema, expected: Schema) -> tuple[Change, ...]:
    """Return the changes that lead from what is expected to what is there; empty without drift.

    ``before`` is what migrations make, ``after`` what the server has. Both were read by
    ``read_database``, so names, defaults, casts, predicates, bodies, comments and storage are
    compared as they stand. The order of columns is no drift, nor is a constraint's index, its
    relation, or the name of a NOT NULL constraint, which say nothing of their own.
    """
    expected, live = aligned(expected, live)
    return differences(expected, live)


def version_mismatch(live: Schema, expected: Schema) -> str:
    """Return a sentence where two servers have different major versions, else ``""``.

    They print some expressions differently, and newer ones know more, so a finding may be the
    version's and not the database's.
    """
    versions = [
        {alias: version for alias, vendor, version in side.vendors if version and vendor}
        for side in (live, expected)
    ]
    for alias, version in versions[0].items():
        other = versions[1].get(alias, "")
        if other and _major(version) != _major(other):
            return (
                f"{alias!r} is on PostgreSQL {version}, what is expected was made on {other}: "
                "some differences may come from that. Name a server of the same major version "
                "in MODELER['SHADOW_URL'] to be sure."
            )
    return ""


def _major(version: str) -> str:
    return version.partition(".")[0]
