"""How soon changes are seen in MongoDB, how fast a backlog drains, what triggers cost a writer."""

from __future__ import annotations

import multiprocessing
import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connections
from pymongo import MongoClient

from benchmarks.mongo_servers import copied_database
from benchmarks.mongo_shop import empty_collections, shop_job
from modeler.mongo.spec import collection_specs
from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.install import install
from modeler.mongo.sync.processes import Job, work
from modeler.mongo.sync.tables import QUEUE
from modeler.mongo.sync.triggers import EVENTS, trigger_name
from modeler.postgres.connections import connection_to

RATE, SECONDS, WRITERS = 500, 20.0, 2
P50, P99, DRAINED, ADDED = 20.0, 100.0, 8_000, 0.3
STATEMENTS, ROUNDS = 150, 8
SPAWN = multiprocessing.get_context("spawn")
# A change and the figure by which its document shows that it has arrived.
ORDER = (
    "UPDATE orders_order SET tax_amount = tax_amount + 0.01, total_amount = total_amount + 0.01 "
    "WHERE id = %s RETURNING version"
)
CUSTOMER = "UPDATE orders_customer SET phone = %s WHERE id = %s RETURNING version"
PAYMENT = (
    "INSERT INTO orders_payment (id, order_id, amount, provider_reference, idempotency_key, "
    "status) VALUES (%s, %s, 1, '', %s, 'pending')"
)
PAID_MORE = "UPDATE orders_payment SET amount = amount + 0.01"
Change = tuple[str, bytes, Any, float]
Arrived = dict[tuple[str, bytes], list[tuple[Any, float]]]


def prepared(client: MongoClient[Any], url: str, template: str) -> tuple[Job, str]:
    """Copy the shop, install the triggers and export; return the job and the copy's address."""
    copy = f"{template}_followed"
    connections.close_all()  # nobody may use what is copied
    own = copied_database(url, copy, template)
    job = shop_job("bench_sync", copy, "orders", "customers", "products")
    flat = collection_specs(job.schema, [job.schema.table("orders.Payment")])
    job = Job(job.settings, job.alias, job.url, job.database, job.schema, (*job.specs, *flat))
    empty_collections(client, job.database, job.specs)
    connection = connection_to(job.settings, "default")
    install(connection, job.schema, job.specs)
    connection.close()
    for name, done, _ in export_collections(job, 2):
        assert not done.refused, (name, done.refused[:1])
    return job, own


def measure_lag(client: MongoClient[Any], job: Job, own: str) -> bool:
    """Change rows at a steady rate and print how long their documents took."""
    worker = SPAWN.Process(target=_work, args=(job,), daemon=True)
    ready, changes, seen = SPAWN.Event(), SPAWN.Queue(), SPAWN.Queue()
    stop = SPAWN.Event()
    reader = SPAWN.Process(target=_watch, args=(job, ready, stop, seen), daemon=True)
    worker.start()
    reader.start()
    ready.wait(60)
    time.sleep(3)
    start = time.time() + 2
    writers = [
        SPAWN.Process(target=_change, args=(own, n, start, changes), daemon=True)
        for n in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    made: list[Change] = [change for _ in writers for change in changes.get(timeout=SECONDS + 60)]
    time.sleep(3)
    stop.set()
    arrived = seen.get(timeout=60)
    os.kill(worker.pid, signal.SIGTERM)
    worker.join(10)
    lags = [lag for change in made if (lag := _lag(change, arrived)) is not None]
    lost = len(made) - len(lags)
    lags.sort()
    took = max(at for *_, at in made) - start
    p50, p99 = lags[len(lags) // 2] * 1000, lags[int(len(lags) * 0.99)] * 1000
    print(
        f"seen in MongoDB: {len(made):,} changes at {len(made) / took:,.0f} a second by {WRITERS} "
        f"writers; p50 {p50:.1f} ms (bar {P50:.0f}), p99 {p99:.1f} ms (bar {P99:.0f}), "
        f"longest {lags[-1] * 1000:.0f} ms; never seen: {lost}"
    )
    return p50 <= P50 and p99 <= P99 and not lost


def _lag(
    change: Change, arrived: dict[tuple[str, bytes], list[tuple[Any, float]]]
) -> float | None:
    kind, key, figure, committed = change
    for shown, at in arrived.get((kind, key), ()):
        if (figure in shown) if kind == "payment" else shown >= figure:
            return at - committed
    return None


def _work(job: Job) -> None:
    import django

    django.setup()
    work(job, lambda said: print(said) if isinstance(said, str) else None)


def _change(own: str, number: int, start: float, changes: Any) -> None:
    made: list[Change] = []
    with psycopg.connect(own, autocommit=True) as connection:
        orders = [
            row[0]
            for row in connection.execute("SELECT id FROM orders_order ORDER BY md5(id::text)")
        ]
        customers = [
            row[0]
            for row in connection.execute("SELECT id FROM orders_customer ORDER BY md5(id::text)")
        ]
        each = WRITERS / RATE
        for n in range(int(SECONDS / each)):
            wait = start + (n + number / WRITERS) * each - time.time()
            if wait > 0:
                time.sleep(wait)
            order = orders[(n * WRITERS + number) % len(orders)]
            customer = customers[(n * WRITERS + number) % len(customers)]
            if n % 5 == 0:
                (figure,) = connection.execute(
                    CUSTOMER, [f"+49{1_000_000 + n}", customer]
                ).fetchone()
                made.append(("customer", customer.bytes, figure, time.time()))
            elif n % 5 == 1:
                key = uuid4()
                connection.execute(PAYMENT, [key, order, str(key)])
                made.append(("payment", order.bytes, key.bytes, time.time()))
            else:
                (figure,) = connection.execute(ORDER, [order]).fetchone()
                made.append(("order", order.bytes, figure, time.time()))
    changes.put(made)


def _keys(connection: psycopg.Connection[Any], table: str) -> list[Any]:
    rows = connection.execute(f"SELECT id FROM {table} ORDER BY md5(id::text)")
    return [row[0] for row in rows]


def _watch(job: Job, ready: Any, stop: Any, seen: Any) -> None:
    """Note when each change is told to who watches, which is once a majority has it."""
    arrived: Arrived = {}
    with MongoClient(job.url) as client:
        wanted = [{"$match": {"ns.coll": {"$in": ["orders", "customers"]}}}]
        with client[job.database].watch(wanted, max_await_time_ms=100) as stream:
            ready.set()
            while not stop.is_set():
                event = stream.try_next()
                if event is None or event["operationType"] == "delete":
                    continue
                now, key = time.time(), bytes(event["documentKey"]["_id"])
                changed = event.get("fullDocument") or event["updateDescription"]["updatedFields"]
                kind = "customer" if event["ns"]["coll"] == "customers" else "order"
                if "version" in changed:
                    arrived.setdefault((kind, key), []).append((changed["version"], now))
                if payments := set(_payments(changed)):
                    arrived.setdefault(("payment", key), []).append((payments, now))
    seen.put(arrived)


def _payments(changed: dict[str, Any]) -> Iterator[bytes]:
    """Yield the payments among the changed fields of an order: the array, or some of it."""
    for name, value in changed.items():
        if name.partition(".")[0] == "payments":
            for payment in value if isinstance(value, list) else [value]:
                if isinstance(payment, dict):
                    yield bytes(payment["id"])


def measure_drain(job: Job, own: str) -> bool:
    """Queue every document, and print how fast one and two workers bring them up to date."""
    good = True
    for label, statement, names in (
        (
            "payments, flat",
            "UPDATE orders_payment SET amount = amount + 0.01",
            ("orders_payment",),
        ),
        ("orders, whole", ORDER.partition(" WHERE")[0], ("orders",)),
    ):
        only = Job(job.settings, job.alias, job.url, job.database, job.schema,
                   tuple(spec for spec in job.specs if spec.name in names))  # fmt: skip
        for workers in (1, 2):
            with psycopg.connect(own, autocommit=True) as connection:
                connection.execute(f"DELETE FROM {QUEUE}")
                connection.execute(statement)
                connection.execute(f"DELETE FROM {QUEUE} WHERE watch <> ALL(%s)", [list(names)])
                (count,) = connection.execute(f"SELECT count(*) FROM {QUEUE}").fetchone()
                connection.execute(f"VACUUM ANALYZE {QUEUE}")
                seconds = _drained(only, connection, workers)
            rate = count / seconds
            good &= rate >= DRAINED
            print(
                f"drain: {count:,} documents ({label}) by {workers}: {rate:,.0f} a second "
                f"(bar {DRAINED:,})"
            )
    return good


def _drained(job: Job, connection: psycopg.Connection[Any], workers: int) -> float:
    """Return the seconds until the queue is empty, from the moment all workers are ready."""
    go, done = SPAWN.Event(), SPAWN.Queue()
    processes = [
        SPAWN.Process(target=_drain, args=(job, go, done), daemon=True) for _ in range(workers)
    ]
    for process in processes:
        process.start()
    for _ in processes:
        done.get(timeout=60)
    started = time.perf_counter()
    go.set()
    for _ in processes:
        done.get(timeout=300)
    return time.perf_counter() - started


def _drain(job: Job, go: Any, done: Any) -> None:
    import django

    django.setup()
    from modeler.mongo.sync.followed import followed
    from modeler.mongo.sync.worker import Worker

    with MongoClient(job.url) as client:
        worker = Worker(
            job.settings, job.alias, client, job.database, followed(job.schema, job.specs)
        )
        done.put("ready")
        go.wait()
        worker.drain()
        done.put("empty")
        worker.close()


def measure_triggers(own: str) -> bool:
    """Print what a single-row statement costs with and without the triggers, in one session."""
    worst = 0.0
    with psycopg.connect(own, autocommit=True) as connection:
        orders = [row[0] for row in connection.execute("SELECT id FROM orders_order LIMIT 2000")]
        times: dict[tuple[str, bool], list[float]] = {}
        for round_number in range(ROUNDS):
            for enabled in (True, False) if round_number % 2 else (False, True):
                verb = "ENABLE" if enabled else "DISABLE"
                for event in EVENTS:
                    connection.execute(
                        f"ALTER TABLE orders_payment {verb} TRIGGER {trigger_name(event)}"
                    )
                found = _statements(connection, orders)
                for name, seconds in found.items():
                    times.setdefault((name, enabled), []).extend(seconds)
        for name in ("INSERT", "UPDATE", "DELETE"):
            without = statistics.median(times[name, False]) * 1000
            with_them = statistics.median(times[name, True]) * 1000
            worst = max(worst, with_them - without)
            print(
                f"trigger: {name} of one row {without:.3f} ms, with the queue {with_them:.3f} ms: "
                f"+{with_them - without:.3f} ms (bar {ADDED})"
            )
    return worst <= ADDED


def _statements(connection: psycopg.Connection[Any], orders: list[Any]) -> dict[str, list[float]]:
    keys = [uuid4() for _ in range(STATEMENTS)]
    runs: dict[str, Callable[[int], Any]] = {
        "INSERT": lambda n: connection.execute(PAYMENT, [keys[n], orders[n], str(keys[n])]),
        "UPDATE": lambda n: connection.execute(
            "UPDATE orders_payment SET amount = amount + 1 WHERE id = %s", [keys[n]]
        ),
        "DELETE": lambda n: connection.execute(
            "DELETE FROM orders_payment WHERE id = %s", [keys[n]]
        ),
    }
    found: dict[str, list[float]] = {}
    for name, run in runs.items():
        found[name] = []
        for n in range(STATEMENTS):
            started = time.perf_counter()
            run(n)
            found[name].append(time.perf_counter() - started)
    return found
