"""An event trigger that says which table is rewritten and why.

Source: PostgreSQL manual, section 38.5 (a table rewrite event trigger example) and
``pg_event_trigger_table_rewrite_reason``: 1 persistence, 2 default, 4 type, 8 access method.
"""

from __future__ import annotations

SCHEMA = "modeler_trace"
INSTALL = f"""
CREATE SCHEMA {SCHEMA};
CREATE FUNCTION {SCHEMA}.rewrite() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE DEBUG 'modeler: rewrite % %', pg_event_trigger_table_rewrite_oid()::oid,
        pg_event_trigger_table_rewrite_reason();
END $$;
CREATE EVENT TRIGGER {SCHEMA} ON table_rewrite EXECUTE FUNCTION {SCHEMA}.rewrite();
"""
REMOVE = f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"
REASONS = {1: "persistence", 2: "a computed default", 4: "the column's type", 8: "access method"}


def in_words(reason: int) -> str:
    """Return the reasons whose bits are set."""
    return " and ".join(words for bit, words in REASONS.items() if reason & bit) or "unknown"
