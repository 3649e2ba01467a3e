"""A trigger as one line in PostgreSQL's words."""

from __future__ import annotations

from modeler.diagrams.descriptions.parts import deferrable_text, joined, names_text
from modeler.schema.sql_text import quoted_function, sql_text
from modeler.schema.table import Trigger

ENABLED = {
    "disabled": "DISABLED", "always": "ENABLE ALWAYS", "replica": "ENABLE REPLICA",
}  # fmt: skip


def trigger_text(trigger: Trigger) -> str:
    """Return ``BEFORE INSERT OR UPDATE OF price FOR EACH ROW EXECUTE FUNCTION round_price()``."""
    events = " OR ".join(_event(event, trigger) for event in trigger.events)
    condition = trigger.condition
    return joined(
        "CONSTRAINT" * trigger.constraint,
        trigger.timing.upper(),
        events,
        deferrable_text(trigger),
        f"FOR EACH {trigger.level.upper()}",
        "" if condition is None else f"WHEN ({sql_text(condition)})",
        f"EXECUTE FUNCTION {quoted_function(trigger.function)}()" if trigger.function else "",
        ENABLED.get(trigger.enabled, ""),
    )


def _event(event: str, trigger: Trigger) -> str:
    word = event.upper()
    if event == "update" and trigger.columns:
        return f"{word} OF {names_text(trigger.columns)}"
    return word
