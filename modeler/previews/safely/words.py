"""What a run would do, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations.loader import MigrationLoader

from modeler.postgres.preflight.obstacle import Obstacle
from modeler.previews.preview import Preview
from modeler.previews.safely.operations import resumable, runs_code
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.statements import fits_transaction, read
from modeler.previews.steps import Node
from modeler.previews.trace.shape import waits_outside
from modeler.reporting.words import spoken


def number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def counted(nodes: Sequence[Node]) -> str:
    return number(len(nodes), "migration", "migrations")


def plan_text(
    loader: MigrationLoader,
    nodes: tuple[Node, ...],
    preview: Preview | None,
    patience: Patience,
    alias: str,
) -> str:
    """Return what would be done, migration by migration."""
    if not nodes:
        return f"Nothing is pending on {alias!r}; migrate would send its signals and no more.\n"
    noun = "migration" if len(nodes) == 1 else "migrations"
    lines = [
        f"{len(nodes)} pending {noun} on {alias!r}, one at a time. A statement waits for a lock "
        f"for {spoken(patience.lock_timeout)} at most; {patience.attempts} attempts, with growing "
        "pauses."
    ]
    shown = {found.key: found for found in preview.migrations} if preview else {}
    for node in nodes:
        migration = loader.graph.nodes[node]
        key = ".".join(node)
        how = (
            "one transaction, rolled back whole when it fails"
            if migration.atomic
            else "no transaction, each statement noted, so that a rerun goes on after it"
        )
        lines += ["", f"{key}  ({how})"]
        for position, operation in enumerate(migration.operations):
            mark = ""
            if not migration.atomic and not operation.atomic and runs_code(operation):
                mark = (
                    "  [goes on where it stopped]"
                    if resumable(operation)
                    else "  [code: begun and not ended, it stops the next run]"
                )
            lines.append(f"  {position + 1}. {operation.describe()}{mark}")
            if key in shown:
                for statement in shown[key].of_operation(position):
                    first, *rest = statement.sql.splitlines() or [""]
                    lines.append(f"       {first}{' …' if rest else ''}{_wait(statement.sql)}")
    return "\n".join(lines) + "\n"


def obstacle_text(found: tuple[Obstacle, ...], stopping: tuple[Obstacle, ...]) -> str:
    """Return what the preflight found."""
    lines = []
    for one in found:
        mark = "STOPS   " if one in stopping else ("ACCEPTED" if one.blocks else "NOTE    ")
        lines.append(f"{mark}  {one.kind.value}: {one.message}")
        if one.hint:
            lines.append(f"            → {one.hint}")
    return "\n".join(lines) + "\n" if lines else ""


def _wait(sql: str) -> str:
    commands = read(sql)
    if waits_outside(commands):
        return "   [waits as long as --patience says; nobody queues behind it]"
    return "" if fits_transaction(commands) else "   [may commit by itself]"
