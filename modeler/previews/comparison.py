"""Two previews beside each other: findings and statements that differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from modeler.previews.preview import MigrationPreview, Preview
from modeler.reporting.finding import Finding

KEPT = 2  # equal statements around a difference
MOST = 400  # statements of one migration; of longer ones only the first differ in words


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of one side or of both; ``sign`` is ``-``, ``+``, a blank, or ``…``: a gap."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class MigrationDifference:
    """A migration whose statements differ.

    Attributes:
        key: ``app.name``.
        only: ``old`` or ``new`` where the other preview has no such migration, else ``""``.
        lines: the statements, those that are equal left out but for a few.
    """

    key: str
    only: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewComparison:
    """What leads from one preview to another.

    Attributes:
        appeared, gone, same: findings by fingerprint, as the new preview says them.
        migrations: those that differ, in the order of the new preview, then what only the old
            one has.
        equal: how many migrations have the same statements in both.
    """

    appeared: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    same: tuple[Finding, ...]
    migrations: tuple[MigrationDifference, ...]
    equal: int


def compare_previews(old: Preview, new: Preview) -> PreviewComparison:
    """Return what differs between two previews."""
    before = {finding.fingerprint for finding in old.findings}
    after = {finding.fingerprint for finding in new.findings}
    was = {migration.key: migration for migration in old.migrations}
    now = {migration.key: migration for migration in new.migrations}
    differing: list[MigrationDifference] = []
    equal = 0
    for key, migration in now.items():
        if key not in was:
            differing.append(MigrationDifference(key, "new"))
        elif lines := _lines(_sql(was[key]), _sql(migration)):
            differing.append(MigrationDifference(key, "", lines))
        else:
            equal += 1
    differing += [MigrationDifference(key, "old") for key in was if key not in now]
    return PreviewComparison(
        tuple(found for found in new.findings if found.fingerprint not in before),
        tuple(found for found in old.findings if found.fingerprint not in after),
        tuple(found for found in new.findings if found.fingerprint in before),
        tuple(differing),
        equal,
    )


def _sql(migration: MigrationPreview) -> tuple[str, ...]:
    found = tuple(statement.sql for statement in migration.forward)
    return (*found, f"-- failed: {migration.error}") if migration.error else found


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[Line, ...]:
    if old == new:
        return ()
    found: list[Line] = []
    matcher = SequenceMatcher(None, old[:MOST], new[:MOST], autojunk=False)
    for group in matcher.get_grouped_opcodes(KEPT):
        if found or group[0][1] > 0:
            found.append(Line("…", ""))
        for tag, old_first, old_last, new_first, new_last in group:
            if tag == "equal":
                found += _signed(" ", new[new_first:new_last])
            else:
                found += _signed("-", old[old_first:old_last])
                found += _signed("+", new[new_first:new_last])
    return tuple(found) or (Line("…", f"after statement {MOST}"),)


def _signed(sign: str, statements: Iterable[str]) -> list[Line]:
    return [Line(sign, text) for text in statements]
