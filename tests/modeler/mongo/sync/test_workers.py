"""Several workers and writers at once: no deadlock, no dead letter, and all is equal."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import Error

from modeler.mongo.sync.worker import Worker
from modeler.postgres.connections import connection_to
from tests.modeler.mongo.sync.domain import shop_in
from tests.torture.changes import change, rows

WORKERS, WRITERS, CHANGES = 3, 3, 120


@pytest.fixture(scope="module")
def busy(fresh_database, mongo_client):
    with shop_in(fresh_database, mongo_client, rows=rows()) as made:
        yield made


@pytest.mark.parametrize("seed", [1, 2])
def test_documents_equal_rows_after_random_changes(busy, seed):
    said: list[object] = []
    workers: list[Worker] = []
    settings = busy.connection.settings_dict

    def work(number: int) -> None:
        alias = f"worker {number}"
        worker = Worker(
            settings, alias, busy.client, busy.mongo.name, busy.collections, said.append, size=50
        )
        workers.append(worker)
        worker.run()

    def write(number: int) -> None:
        draw = random.Random(f"{seed} {number}")
        own = connection_to(settings, f"writer {number}")
        for _ in range(CHANGES):
            try:
                with own.cursor() as cursor:
                    cursor.execute(change(draw)[1])
            except Error:  # a constraint, or a deadlock with another writer
                own.close()
        own.close()

    working = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(WORKERS)]
    writing = [threading.Thread(target=write, args=(n,), daemon=True) for n in range(WRITERS)]
    for thread in (*working, *writing):
        thread.start()
    for thread in writing:
        thread.join(60)
    until = time.monotonic() + 60
    while busy.queued() and time.monotonic() < until:
        time.sleep(0.05)
    for worker in workers:
        worker.stop()
    for thread in (*working, *writing):
        thread.join(20)
        assert not thread.is_alive()
    assert busy.queued() == []
    assert [one for one in said if isinstance(one, str)] == []
    assert busy.rows("SELECT collection, key, reason FROM modeler_sync_dead") == []
    busy.assert_equal()
