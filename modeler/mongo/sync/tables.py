"""The tables of the synchronisation, in the schema that the role writes to by default.

They hold what is to do, never a copy of rows; dropping them loses the queue alone, which a
verification finds again.
"""

from __future__ import annotations

QUEUE = "modeler_sync_queue"
DEAD = "modeler_sync_dead"
STATE = "modeler_sync_state"
TARGET = "modeler_sync_target"
VERSION = "modeler_sync_version"

CREATE = (
    f"""CREATE TABLE IF NOT EXISTS {QUEUE} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    watch text NOT NULL,
    key text[],
    low boolean NOT NULL DEFAULT false,
    after text[],
    attempts smallint NOT NULL DEFAULT 0,
    not_before timestamptz,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
)""",
    f"""COMMENT ON TABLE {QUEUE} IS
'What documents must be built anew. A key of NULL means all of the collection.'""",
    f"CREATE INDEX IF NOT EXISTS {QUEUE}_order ON {QUEUE} (low, id)",
    # Every entry lives for milliseconds: dead ones must not pile up before the pages that live.
    f"""ALTER TABLE {QUEUE} SET (autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)""",
    f"""CREATE TABLE IF NOT EXISTS {DEAD} (
    collection text NOT NULL,
    key text[] NOT NULL,
    reason text NOT NULL,
    attempts smallint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (collection, key)
)""",
    f"COMMENT ON TABLE {DEAD} IS 'Documents that could not be written, and why.'",
    f"""CREATE TABLE IF NOT EXISTS {STATE} (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    epoch integer NOT NULL DEFAULT 1,
    installed_at timestamptz NOT NULL DEFAULT clock_timestamp()
)""",
    f"INSERT INTO {STATE} DEFAULT VALUES ON CONFLICT DO NOTHING",
    f"""CREATE TABLE IF NOT EXISTS {TARGET} (
    collection text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (collection, name)
)""",
    f"""COMMENT ON TABLE {TARGET} IS
'Further collections of MongoDB that are written too, while they are rebuilt.'""",
    f"CREATE SEQUENCE IF NOT EXISTS {VERSION}",
)
DROP = tuple(
    f"DROP {kind} IF EXISTS {name}"
    for kind, name in (
        ("TABLE", QUEUE),
        ("TABLE", DEAD),
        ("TABLE", STATE),
        ("TABLE", TARGET),
        ("SEQUENCE", VERSION),
    )
)
