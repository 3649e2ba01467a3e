"""Lock modes of tables and which of them keep each other waiting.

Source: PostgreSQL manual, section 13.3.1 (table-level locks), the same from 14 to 18.
"""

from __future__ import annotations

from enum import StrEnum


class LockMode(StrEnum):
    """A mode; members are ordered from the weakest to the strongest."""

    ACCESS_SHARE = "access share"
    ROW_SHARE = "row share"
    ROW_EXCLUSIVE = "row exclusive"
    SHARE_UPDATE_EXCLUSIVE = "share update exclusive"
    SHARE = "share"
    SHARE_ROW_EXCLUSIVE = "share row exclusive"
    EXCLUSIVE = "exclusive"
    ACCESS_EXCLUSIVE = "access exclusive"

    @property
    def strength(self) -> int:
        """1 for the weakest, 8 for the strongest."""
        return tuple(LockMode).index(self) + 1

    @property
    def blocks_reads(self) -> bool:
        """A plain SELECT waits for it."""
        return self.conflicts_with(LockMode.ACCESS_SHARE)

    @property
    def blocks_writes(self) -> bool:
        """INSERT, UPDATE and DELETE wait for it."""
        return self.conflicts_with(LockMode.ROW_EXCLUSIVE)

    def conflicts_with(self, other: LockMode) -> bool:
        """Tell whether two transactions cannot hold the two at once."""
        return other in CONFLICTS[self]

    @classmethod
    def of_server(cls, name: str) -> LockMode:
        """Read what ``pg_locks.mode`` says, such as ``AccessExclusiveLock``.

        Raises:
            KeyError: it is no lock of a relation.
        """
        return OF_SERVER[name]


def strongest(modes: frozenset[LockMode] | tuple[LockMode, ...]) -> LockMode:
    """Return the strongest of some modes.

    Raises:
        ValueError: there are none.
    """
    return max(modes, key=lambda mode: mode.strength)


_FROM_SHARE = frozenset(tuple(LockMode)[2:]) - {LockMode.SHARE}
CONFLICTS: dict[LockMode, frozenset[LockMode]] = {
    LockMode.ACCESS_SHARE: frozenset({LockMode.ACCESS_EXCLUSIVE}),
    LockMode.ROW_SHARE: frozenset({LockMode.EXCLUSIVE, LockMode.ACCESS_EXCLUSIVE}),
    LockMode.ROW_EXCLUSIVE: frozenset(tuple(LockMode)[4:]),
    LockMode.SHARE_UPDATE_EXCLUSIVE: frozenset(tuple(LockMode)[3:]),
    LockMode.SHARE: _FROM_SHARE,
    LockMode.SHARE_ROW_EXCLUSIVE: frozenset(tuple(LockMode)[2:]),
    LockMode.EXCLUSIVE: frozenset(tuple(LockMode)[1:]),
    LockMode.ACCESS_EXCLUSIVE: frozenset(LockMode),
}
OF_SERVER = {f"{mode.value.title().replace(' ', '')}Lock": mode for mode in LockMode}
