"""Locks in plain words: who waits for a mode, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import RelationKind, Work, WorkKind
from modeler.previews.holds import Hold, holds_of, measured_or_expected
from modeler.previews.preview import MigrationPreview, Preview

# The abbreviations that PostgreSQL people use; a mode is told by them where there is no room.
SHORT = {
    LockMode.ACCESS_SHARE: "AS",
    LockMode.ROW_SHARE: "RS",
    LockMode.ROW_EXCLUSIVE: "RX",
    LockMode.SHARE_UPDATE_EXCLUSIVE: "SUX",
    LockMode.SHARE: "S",
    LockMode.SHARE_ROW_EXCLUSIVE: "SRX",
    LockMode.EXCLUSIVE: "X",
    LockMode.ACCESS_EXCLUSIVE: "AX",
}
_WORK = {
    WorkKind.REWRITE: (gettext_lazy("a rewrite"), gettext_lazy("rewrites")),
    WorkKind.COPY: (gettext_lazy("a copy of the files"), gettext_lazy("copies of the files")),
    WorkKind.SCAN: (gettext_lazy("a scan"), gettext_lazy("scans")),
    WorkKind.INDEX_BUILD: (gettext_lazy("an index build"), gettext_lazy("index builds")),
    WorkKind.VALIDATION: (
        gettext_lazy("a foreign-key validation"),
        gettext_lazy("foreign-key validations"),
    ),
    WorkKind.ROWS: (gettext_lazy("the writing of rows"), gettext_lazy("the writing of rows")),
    WorkKind.READ: (gettext_lazy("the reading of rows"), gettext_lazy("the reading of rows")),
}
NAMED = 3  # tables; of more only the number is said


def meaning(mode: LockMode) -> str:
    """Return what others can and cannot do to a table while the mode is held (section 13.3.1)."""
    if mode.blocks_reads:
        return _("nobody can read or write")
    if mode is LockMode.EXCLUSIVE:
        return _("everyone can read, nobody can write or lock rows")
    if mode.blocks_writes:
        return _("everyone can read, nobody can write")
    if mode is LockMode.SHARE_UPDATE_EXCLUSIVE:
        return _("everyone can read and write; vacuum and changes of the schema wait")
    if mode is LockMode.ROW_EXCLUSIVE:
        return _("everyone can read and write; changes of the schema and index builds wait")
    return _("everyone can read and write; some changes of the schema wait")


def work_in_words(works: Iterable[Work], held: str = "") -> str:
    """Return such as ``index builds and a scan of orders_order``.

    Args:
        works: what grows with rows.
        held: the table that goes without saying.
    """
    by_kind: dict[WorkKind, dict[tuple[str, str], None]] = {}
    for work in works:
        by_kind.setdefault(work.kind, {})[work.relation, work.detail] = None
    said = []
    for kind, entries in by_kind.items():
        one, many = _WORK.get(kind, (kind.value, kind.value))
        tables = list(dict.fromkeys(relation for relation, _detail in entries))
        words = str(one if len(entries) == 1 else many)
        if tables != [held]:
            if len(tables) > NAMED:
                words = _("%(work)s of %(number)d tables") % {"work": words, "number": len(tables)}
            else:
                words = _("%(work)s of %(tables)s") % {"work": words, "tables": listed(tables)}
        said.append(words)
    return listed(said)


def listed(words: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(some)s and %(last)s") % {"some": ", ".join(words[:-1]), "last": words[-1]}


def makes_wait(kind: RelationKind, mode: LockMode) -> bool:
    """Tell whether people who read or write the relation wait for the mode.

    A materialized view has no writers but REFRESH: there readers count.
    """
    if kind is RelationKind.MATERIALIZED_VIEW:
        return mode.blocks_reads
    return kind.holds_rows and mode.blocks_writes


def wait_in_words(hold: Hold) -> str:
    """Return who waits for a lock and how long; ``""`` where no reader or writer does."""
    if not makes_wait(hold.kind, hold.mode):
        return ""
    during = work_in_words((work for _at, work in hold.during), hold.relation)
    names = {"table": hold.relation, "work": during}
    if hold.mode.blocks_reads:
        if during:
            return _("reads and writes of %(table)s wait during %(work)s") % names
        return _("reads and writes of %(table)s wait for a moment") % names
    if during:
        return _("writes to %(table)s wait during %(work)s") % names
    return _("writes to %(table)s wait for a moment") % names


def made_by(migration: MigrationPreview) -> frozenset[str]:
    """Return the relations that a migration makes, by both accounts: nobody waits for them."""
    found: set[str] = set()
    for statement in migration.forward:
        if statement.effects:
            found.update(statement.effects.creates)
        if statement.trace:
            found.update(statement.trace.creates)
    return frozenset(found)


def made_until(preview: Preview, migration: MigrationPreview) -> frozenset[str]:
    """Return the relations that nobody uses yet when a migration runs.

    Pending migrations run in one deploy, so that those before it count; in a history each is
    looked at on its own.
    """
    found = set(made_by(migration))
    if preview.together:
        for before in preview.migrations:
            if before is migration:
                break
            found |= made_by(before)
    return frozenset(found)


def longest_hold(migration: MigrationPreview, new: frozenset[str] = frozenset()) -> Hold | None:
    """Return the lock that hurts most: held during work, the longer by estimate, then by mode.

    Args:
        migration: with its forward statements.
        new: relations that nobody uses yet.

    Returns:
        None where nobody who reads or writes rows has to wait.
    """
    waited = [
        hold
        for hold in holds_of(migration.forward, measured_or_expected)
        if hold.relation not in new and wait_in_words(hold)
    ]

    lasting = {(held.relation, held.last): held.seconds.interval.upper for held in migration.held}

    def gravity(hold: Hold) -> tuple[bool, float, int, int, int]:
        return (
            not hold.blocks_long,
            -lasting.get((hold.relation, hold.last), 0.0),
            -hold.mode.strength,
            -len(hold.during),
            hold.first,
        )

    return min(waited, key=gravity, default=None)
