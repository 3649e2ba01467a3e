"""People who use the shop while it is migrated: statements of the old code, each one timed."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import psycopg

from tests.dangerous.rows import ITEMS_OF_AN_ORDER, PRODUCTS, sized

PACE = 0.008  # seconds between two statements of one connection
AHEAD = -15  # niceness
REPORT = 2.0  # seconds that a report's transaction stays open
ITEM = "order_id, product_id, product_name, product_sku, quantity, unit_price, total_price"


@dataclass(frozen=True, slots=True)
class Wait:
    """One statement.

    Attributes:
        began: seconds of the monotonic clock, which all processes share.
        seconds: from sending it to its answer.
        error: what the server said, ``""`` if it did it.
    """

    began: float
    seconds: float
    statement: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Waits:
    """What a load went through."""

    all: tuple[Wait, ...]

    def between(self, start: float, end: float = float("inf")) -> Waits:
        """Return the part that began between two moments of the monotonic clock."""
        return Waits(tuple(wait for wait in self.all if start <= wait.began < end))

    @property
    def longest(self) -> float:
        return max((wait.seconds for wait in self.all), default=0.0)

    @property
    def worst(self) -> Wait:
        return max(self.all, key=lambda wait: wait.seconds)

    @property
    def failed(self) -> tuple[Wait, ...]:
        return tuple(wait for wait in self.all if wait.error)

    def percentile(self, share: float) -> float:
        """Return the seconds that ``share`` of the statements took at most."""
        ordered = sorted(wait.seconds for wait in self.all)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Habits:
    """What the old code does beyond the usual.

    Attributes:
        item: further columns of new items, with their SQL.
        change: of new status changes.
        reads: SELECTs of every round, without parameters.
    """

    item: tuple[tuple[str, str], ...] = ()
    change: tuple[tuple[str, str], ...] = ()
    reads: tuple[str, ...] = ()


def uuid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012x}"


def _reads(rows: int, habits: Habits) -> Iterator[tuple[str, tuple[Any, ...]]]:
    sizes = sized(rows)
    while True:
        item, order = random.randint(1, rows), random.randint(1, sizes["orders_order"])
        yield f"SELECT id, {ITEM} FROM orders_orderitem WHERE id = %s", (uuid(item),)
        yield f"SELECT id, {ITEM} FROM orders_orderitem WHERE order_id = %s", (uuid(order),)
        yield (
            "SELECT id, status, subtotal, total_amount FROM orders_order WHERE id = %s",
            (uuid(order),),
        )
        yield (
            "SELECT to_status, actor FROM orders_orderstatuschange WHERE order_id = %s",
            (uuid(order),),
        )
        yield "SELECT id, status FROM orders_payment WHERE id = %s", (uuid(order),)
        for statement in habits.reads:
            yield statement, ()


def _writes(rows: int, habits: Habits, own: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield inserts and updates; ``own`` tells this writer's new rows from the others'."""
    orders = sized(rows)["orders_order"]
    columns = "".join(f", {name}" for name, _ in habits.item)
    values = "".join(f", {value}" for _, value in habits.item)
    insert_item = f"INSERT INTO orders_orderitem ({ITEM}{columns}) VALUES "
    insert_item += f"(%s, %s, 'Late', %s, 1, 0, 0{values})"
    columns = "".join(f", {name}" for name, _ in habits.change)
    values = "".join(f", {value}" for _, value in habits.change)
    insert_change = "INSERT INTO orders_orderstatuschange (order_id, from_status, to_status, "
    insert_change += f"actor, reason{columns}) VALUES (%s, '', 'pending', 'load', ''{values})"
    turn = 0
    while True:
        turn += 1
        item = random.randint(1, rows)
        order = (turn * 7919 + own) % orders + 1
        # Django writes every column of a row that it saves.
        yield (
            f"UPDATE orders_orderitem SET ({ITEM}) = "
            "(%s, %s, 'Renamed', %s, 1, 10, 10) WHERE id = %s",
            (
                uuid((item - 1) // ITEMS_OF_AN_ORDER + 1),
                uuid(item % (PRODUCTS // 2) + 1),
                f"SKU-{item % (PRODUCTS // 2) + 1}",
                uuid(item),
            ),
        )
        yield (
            "UPDATE orders_order SET shipping_amount = shipping_amount WHERE id = %s",
            (uuid(order),),
        )
        product = PRODUCTS // 2 + 1 + (turn // orders * 8 + own) % (PRODUCTS // 2)
        yield insert_item, (uuid(order), uuid(product), f"SKU-{product}")
        yield insert_change, (uuid(order),)
        yield "UPDATE orders_payment SET amount = 40 WHERE id = %s", (uuid(order),)
        yield (
            "INSERT INTO orders_payment (order_id, amount, status, provider_reference, "
            "idempotency_key) VALUES (%s, 1, 'pending', '', %s)",
            (uuid(order), f"load-{own}-{turn}"),
        )


def _ahead(connection: psycopg.Connection) -> None:
    """Let this process and its session go before others, where both are ours to say so.

    People who share a busy machine with a test would else wait for processors, and not for locks.
    """
    with suppress(OSError):
        for process in (0, connection.info.backend_pid):
            os.setpriority(os.PRIO_PROCESS, process, AHEAD)


def _person(pipe: Connection, url: str, rows: int, habits: Habits, own: int, reads: bool) -> None:
    """Run statements until told to stop, and send back what they took."""
    found: list[tuple[float, float, str, str]] = []
    statements = _reads(rows, habits) if reads else _writes(rows, habits, own)
    random.seed(own)
    # As Django's connections: nothing is prepared on the server.
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        _ahead(connection)
        pipe.send("ready")
        while not pipe.poll():
            statement, values = next(statements)
            began, error = time.monotonic(), ""
            try:
                connection.execute(statement, values)
            except psycopg.Error as problem:
                error = str(problem).splitlines()[0]
            found.append((began, time.monotonic() - began, " ".join(statement.split()[:4]), error))
            time.sleep(PACE * (0.5 + random.random()))
    pipe.send(found)


def _reporter(pipe: Connection, url: str) -> None:
    """Read order items in transactions that stay open; their own length is no wait."""
    with psycopg.connect(url, prepare_threshold=None) as connection:
        connection.execute("SELECT 1 FROM orders_orderitem LIMIT 1")
        pipe.send("ready")
        while not pipe.poll(REPORT):
            connection.commit()
            time.sleep(REPORT / 4)
            connection.execute("SELECT 1 FROM orders_orderitem LIMIT 1")
    pipe.send([])


@dataclass(slots=True)
class Load:
    """Readers and writers, each a process with one connection.

    Args:
        url: of the database.
        rows: how many order items it was filled with.
        reports: somebody keeps transactions open that have read order items, for seconds each.
    """

    url: str
    rows: int
    habits: Habits = Habits()
    readers: int = 2
    writers: int = 2
    reports: bool = False
    _people: list[tuple[Any, Connection]] = field(default_factory=list)

    def __enter__(self) -> Self:
        spawn = multiprocessing.get_context("spawn")
        for own in range(self.readers + self.writers):
            here, there = spawn.Pipe()
            process = spawn.Process(
                target=_person,
                args=(there, self.url, self.rows, self.habits, own, own < self.readers),
                daemon=True,
            )
            process.start()
            self._people.append((process, here))
        if self.reports:
            here, there = spawn.Pipe()
            process = spawn.Process(target=_reporter, args=(there, self.url), daemon=True)
            process.start()
            self._people.append((process, here))
        for _, pipe in self._people:
            assert pipe.recv() == "ready"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process, _ in self._people:
            if process.is_alive():
                process.terminate()
            process.join()

    def stop(self) -> Waits:
        """End the load and return what its statements went through."""
        for _, pipe in self._people:
            pipe.send("stop")
        found = [Wait(*one) for _, pipe in self._people for one in pipe.recv()]
        for process, _ in self._people:
            process.join()
        return Waits(tuple(sorted(found, key=lambda wait: wait.began)))
