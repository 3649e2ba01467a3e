"""``migrate`` on a live PostgreSQL: short waits for locks, attempts, resumption.

Source: PostgreSQL manual, sections 13.3 (explicit locking) and 20.11.1 (statement behavior), and
CREATE INDEX, "Building Indexes Concurrently".
"""
