"""A preview as calm text for a terminal."""

from __future__ import annotations

from modeler.previews.preview import MigrationPreview, OperationPreview, Preview

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
        lines += ["", *_migration(migration)]
    if preview.notes:
        lines += ["", *(f"Note: {note}" for note in preview.notes)]
    if preview.nothing_pending:
        lines += ["", *HOW_TO_GO_ON]
    return "\n".join(lines) + "\n"


def _migration(migration: MigrationPreview) -> list[str]:
    facts = [
        "applied" if migration.applied else "not applied",
        "one transaction" if migration.atomic else "no transaction",
        "reversible" if migration.reversible else "irreversible",
    ]
    if migration.replaces:
        facts.append(f"replaces {len(migration.replaces)}")
    lines = [f"{migration.key}  ({', '.join(facts)})"]
    for number, operation in enumerate(migration.operations, start=1):
        lines += _operation(number, operation)
    if not migration.operations and not migration.error:
        lines.append("  no operations")
    if migration.error:
        lines.append(f"  FAILED on the shadow: {migration.error}")
    return lines


def _operation(number: int, operation: OperationPreview) -> list[str]:
    marks = "" if operation.reversible else "  [irreversible]"
    lines = [f"  {number}. {operation.description}{marks}"]
    lines += _statements("forward ", operation.forward)
    lines += _statements("at end  ", operation.deferred)
    if operation.forward_note:
        lines.append(f"     forward   – {operation.forward_note}")
    lines += _statements("backward", operation.backward)
    if operation.backward_note:
        lines.append(f"     backward  – {operation.backward_note}")
    return lines


def _statements(label: str, statements: tuple[str, ...]) -> list[str]:
    lines = []
    for statement in statements:
        first, *rest = statement.splitlines() or [""]
        lines.append(f"     {label}  {first}")
        lines += [f"               {line}" for line in rest]
    return lines


def _major(version: str) -> str:
    return version.partition(".")[0]
