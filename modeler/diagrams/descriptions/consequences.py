"""What deleting a row does, grouped and in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.diagrams.consequences import Consequence, Effect


@dataclass(frozen=True, slots=True)
class ConsequenceLine:
    """One consequence in words.

    Attributes:
        table: key of the table whose rows are touched.
        along: key of the relation.
        action: what is declared there: ``CASCADE``, ``SET_NULL`` …
        rows: how many rows for one deleted row, in words, ``""`` where that says nothing.
        notes: what else is to be known, a clause each.
        depth: 1 for what refers to the row itself.
    """

    table: str
    along: str
    action: str
    rows: str
    notes: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class ConsequenceGroup:
    """All consequences of one effect."""

    effect: Effect
    title: str
    lines: tuple[ConsequenceLine, ...]


def consequence_groups(
    consequences: Iterable[Consequence], *, counted: bool
) -> tuple[ConsequenceGroup, ...]:
    """Return the consequences by effect: first what stops the delete, then what goes.

    Args:
        consequences: of one table.
        counted: statistics were there; without them a missing number is not worth a word.
    """
    found = tuple(consequences)
    groups = []
    for effect, title in (
        (Effect.STOPS, _("Stop the delete while they exist")),
        (Effect.DELETED, _("Deleted as well")),
        (Effect.SET, _("Kept, the reference is replaced")),
        (Effect.DANGLES, _("Kept, and refer to nothing afterwards")),
        (Effect.CUSTOM, _("Decided by the project's own handler")),
    ):
        lines = tuple(_line(each, counted) for each in found if each.effect is effect)
        if lines:
            groups.append(ConsequenceGroup(effect, title, lines))
    return tuple(groups)


def _line(each: Consequence, counted: bool) -> ConsequenceLine:
    notes = []
    if each.upwards:
        notes.append(_("the parent's part of the row"))
    if each.by_database:
        notes.append(_("by the database"))
    if each.spared:
        notes.append(_("not if they are deleted as well"))
    if each.again:
        notes.append(_("and so on from there"))
    if each.depth > 1:
        notes.append(_("after %(table)s") % {"table": each.after})
    return ConsequenceLine(
        each.table,
        each.relation.key,
        "" if each.upwards else each.relation.on_delete,
        rows_text(each.rows) if counted else "",
        tuple(notes),
        each.depth,
    )


def rows_text(rows: float | None) -> str:
    """Return an average for people: ``1``, ``0.3``, ``12``, ``almost none``, ``unknown``."""
    if rows is None:
        return _("unknown")
    if rows == 0:
        return "0"
    if rows < 0.01:
        return _("almost none")
    if rows < 1:
        return f"{rows:.2f}".rstrip("0")
    if rows < 10:
        return f"{rows:.1f}".removesuffix(".0")
    return f"{rows:,.0f}".replace(",", "\u202f")  # a narrow space: points and commas differ
