"""A preview as calm text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import LockMode
from modeler.postgres.preflight.obstacle import Obstacle
from modeler.previews.estimates.words import (
    estimate_in_words,
    grounds_in_words,
    held_in_words,
)
from modeler.previews.holds import Hold, holds_of, measured_or_expected
from modeler.previews.preview import MigrationPreview, OperationPreview, Preview, Reversal
from modeler.previews.replay.replay import Replay
from modeler.previews.statement import Statement
from modeler.reporting.finding import Finding

HOW_TO_GO_ON = (
    "To preview others:  manage.py migration_preview APP 0001..0003   a range of an app",
    "                    manage.py migration_preview --from-zero      the whole history",
)


def headline(preview: Preview) -> str:
    """Return one sentence: what is shown, and on which server it ran."""
    count = len(preview.migrations)
    noun = "migration" if count == 1 else "migrations"
    if preview.nothing_pending:
        what = (
            f"Nothing is pending on {preview.database!r}. Shown: {preview.asked} ({count} {noun})"
        )
    elif preview.asked == "pending":
        what = f"{count} pending {noun} on {preview.database!r}"
    else:
        what = f"{preview.asked} on {preview.database!r}: {count} {noun}"
    ran = f"run on a shadow with PostgreSQL {preview.server_version}"
    if preview.database_version and _major(preview.database_version) != _major(
        preview.server_version
    ):
        ran += f" (your server has {preview.database_version})"
    return f"{what}, {ran}."


def to_text(preview: Preview) -> str:
    lines = [headline(preview)]
    for migration in preview.migrations:
        lines += ["", *_migration(migration), *_findings(preview.findings_of(migration))]
    if preview.replay is not None:
        lines += ["", "All of them as one deploy:", *_replay(preview.replay)]
    elsewhere = [
        found
        for found in preview.findings
        if not any(found in preview.findings_of(migration) for migration in preview.migrations)
    ]
    if elsewhere:
        lines += ["", "Of all migrations together:", *_findings(elsewhere)]
    if preview.obstacles is not None:
        lines += ["", *_obstacles(preview.obstacles)]
    for accepted in preview.accepted:
        by = f" by {accepted.owner}" if accepted.owner else ""
        finding = accepted.finding
        lines += ["", f"Accepted{by}: {finding.code} {finding.message} ({accepted.reason})"]
    if preview.grounds is not None and (preview.grounds.measured or preview.grounds.notes):
        lines += ["", *(f"Estimates: {said}" for said in grounds_in_words(preview.grounds))]
    if preview.notes:
        lines += ["", *(f"Note: {note}" for note in preview.notes)]
    if preview.nothing_pending:
        lines += ["", *HOW_TO_GO_ON]
    return "\n".join(lines) + "\n"


def _obstacles(obstacles: tuple[Obstacle, ...]) -> list[str]:
    if not obstacles:
        return ["Preflight: nothing stands in the way on the live server now."]
    lines = ["Preflight, on the live server now:"]
    for found in obstacles:
        mark = "BLOCKS" if found.blocks else "KNOW"
        lines.append(f"  {mark:<8}{found.subject}: {found.message}")
        lines += [f"     {name}: {value}" for name, value in found.evidence]
        if found.hint:
            lines.append(f"     → {found.hint}")
    return lines


def _findings(findings: Iterable[Finding]) -> list[str]:
    lines = []
    for found in findings:
        lines.append(f"  {found.level.value.upper():<8}{found.code}  {found.message}")
        lines += [f"     {name}: {text}" for name, text in found.evidence if name != "statement"]
        if found.hint:
            lines.append(f"     → {found.hint}")
    return lines


def _migration(migration: MigrationPreview) -> list[str]:
    facts = [
        "applied" if migration.applied else "not applied",
        "one transaction" if migration.atomic else "no transaction",
        "reversible" if migration.reversible else "irreversible",
    ]
    if migration.replaces:
        facts.append(f"replaces {len(migration.replaces)}")
    lines = [f"{migration.key}  ({', '.join(facts)})"]
    for position, operation in enumerate(migration.operations):
        lines += _operation(migration, position, operation)
    if not migration.operations and not migration.error:
        lines.append("  no operations")
    lines += locks_text(migration)
    lines += _replay(migration.replay)
    if migration.reversal is not None:
        lines += _reversal(migration.reversal)
    if migration.broken_by_rows:
        lines.append(f"  FAILED on generated rows: {migration.broken_by_rows}")
    if migration.error and not migration.broke_on:
        lines.append(f"  FAILED on the shadow: {migration.error}")
    return lines


def _operation(
    migration: MigrationPreview, position: int, operation: OperationPreview
) -> list[str]:
    marks = "" if operation.reversible else "  [irreversible]"
    lines = [f"  {position + 1}. {operation.description}{marks}"]
    sent = migration.of_operation(position)
    lines += _statements("forward ", [found for found in sent if not found.deferred])
    lines += _statements("at end  ", [found for found in sent if found.deferred])
    if operation.forward_note:
        lines.append(f"     forward   – {operation.forward_note}")
    lines += _statements("backward", migration.undoing(position))
    if operation.backward_note:
        lines.append(f"     backward  – {operation.backward_note}")
    return lines


def _statements(label: str, statements: Iterable[Statement]) -> list[str]:
    lines = []
    for statement in statements:
        first, *rest = statement.sql.splitlines() or [""]
        lines.append(f"     {label}  {first}")
        lines += [f"               {line}" for line in rest]
        if statement.estimate:
            lines.append(f"               {estimate_in_words(statement.estimate)}")
            if statement.estimate.unmeasured:
                lines.append(f"               {statement.estimate.unmeasured}")
        if statement.error:
            lines.append(f"               FAILED: {statement.error}")
    return lines


def locks_text(migration: MigrationPreview) -> list[str]:
    """Return a table of the locks on relations that people read and write, the gravest first."""
    holds = [
        hold
        for hold in holds_of(migration.forward, measured_or_expected)
        if hold.kind.holds_rows and hold.mode is not LockMode.ACCESS_SHARE
    ]
    if not holds:
        return []
    holds.sort(key=lambda hold: (not hold.blocks_long, -hold.mode.strength, hold.first))
    wide = max(len(hold.relation) for hold in holds)
    lines = ["  Locks, each kept until its transaction ends:"]
    for hold in holds:
        lines.append(
            f"     {hold.mode.value:<22} {hold.relation:<{wide}}  {_cause(hold)}".rstrip()
        )
        if hold.blocks_long:
            whom = "reads and writes" if hold.mode.blocks_reads else "writes"
            work = dict.fromkeys(
                f"{entry.kind.value} of {entry.relation}" for _, entry in hold.during
            )
            lines.append(f"       {whom} wait during: {', '.join(work)}")
        lines += [
            f"       {held_in_words(held)}"
            for held in migration.held
            if (held.relation, held.last) == (hold.relation, hold.last)
        ]
    return lines


def _replay(replay: Replay | None) -> list[str]:
    """Return the order of deploy, and what breaks otherwise."""
    if replay is None:
        return []
    return [
        f"  Deploy: {replay.order.order.value}",
        *(f"     {reason}" for reason in replay.order.reasons),
        *(f"     Meanwhile: {caution}" for caution in replay.order.cautions),
    ]


def _cause(hold: Hold) -> str:
    return hold.causes[0] if hold.causes else ""


def _reversal(reversal: Reversal) -> list[str]:
    if reversal.error:
        return [f"  Undone and done again: FAILED: {reversal.error}"]
    found = (
        *(f"left by the reverse: {change}" for change in reversal.left),
        *(f"lost by the reverse: {loss}" for loss in reversal.lost),
        *(f"differs when done again: {change}" for change in reversal.again),
    )
    if not found:
        return ["  Undone and done again: nothing differs."]
    return ["  Undone and done again:", *(f"     {line}" for line in found)]


def _major(version: str) -> str:
    return version.partition(".")[0]
