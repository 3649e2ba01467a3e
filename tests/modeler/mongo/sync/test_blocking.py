"""What other sessions do to tables while a worker works must end for both."""

from __future__ import annotations

import threading
import time

from modeler.postgres.connections import connection_to


def test_who_locks_a_table_meanwhile_waits_for_no_worker(shop, monkeypatch):
    """Between finding the documents and reading them, somebody wants a table for himself."""
    done = threading.Event()

    def lock_for_himself() -> None:
        other = connection_to(shop.connection.settings_dict, "other")
        with other.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE sale, line, step IN ACCESS EXCLUSIVE MODE; COMMIT")
        other.close()
        done.set()

    connections = shop.worker.connections
    next_version = connections.next_version

    def version_after_lock() -> int:
        threading.Thread(target=lock_for_himself, daemon=True).start()
        assert done.wait(5), "a worker keeps locks of tables while it works"
        return next_version()

    monkeypatch.setattr(connections, "next_version", version_after_lock)
    shop.sql("UPDATE step SET word = 'locked'", "UPDATE label SET word = 'more' WHERE id = 1")
    started = time.monotonic()
    shop.worker.batch.run()
    assert time.monotonic() - started < 5
    monkeypatch.undo()
    shop.worker.drain()
    shop.assert_equal()
