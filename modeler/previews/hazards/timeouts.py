"""Which timeouts are in force when a statement of a plan runs."""

from __future__ import annotations

from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.sql.commands import SetParameter

TIMEOUTS = ("lock_timeout", "statement_timeout")
# Milliseconds in each unit that PostgreSQL knows (manual, section 20.1.1).
UNITS = {"": 1, "us": 0.001, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def timeouts_before(plan: Plan, migration: Planned, sent: Sent) -> dict[str, str]:
    """Return the values that are set by then; SET lasts for the session, SET LOCAL for its
    transaction.

    Args:
        plan: earlier migrations of it run in the same session.
        migration, sent: the statement.
    """
    values = {name: plan.session.parameters.get(name, "") for name in TIMEOUTS}
    for earlier in plan.migrations:
        for other, command in earlier.commands():
            if earlier is migration and other.position >= sent.position:
                return values
            if not isinstance(command, SetParameter) or command.name not in values:
                continue
            same = (
                earlier is migration and other.statement.transaction == sent.statement.transaction
            )
            if command.local and not same:
                continue
            values[command.name] = command.value or plan.session.parameters.get(command.name, "")
    return values


def milliseconds(value: str) -> float | None:
    """Return a timeout in milliseconds, None where it cannot be read."""
    text = value.strip().strip("'\"").strip()
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz ").strip()
    unit = text[len(digits) :].strip()
    try:
        return float(digits) * UNITS[unit]
    except (ValueError, KeyError):
        return None


def is_off(value: str) -> bool:
    """Tell whether a value means no timeout; ``""`` (never set) and ``default`` do."""
    return value.strip().lower() in {"", "default"} or milliseconds(value) == 0
