"""Writers: threads that change rows, in SQL and by the ORM, and connect again after a kill."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.postgres.connections import connection_to
from tests.torture.changes import BUYERS, SALES, change

ALIAS = "torture"


class Buyer(models.Model):  # noqa: DJ008
    id = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=40)
    email = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        app_label = "torture"
        managed = False
        db_table = "buyer"


class Sale(models.Model):  # noqa: DJ008
    id = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=20)
    buyer = models.ForeignKey(Buyer, models.SET_NULL, null=True)
    total = models.DecimalField(max_digits=10, decimal_places=2)
    made = models.DateTimeField()
    facts = models.JSONField(null=True)

    class Meta:
        app_label = "torture"
        managed = False
        db_table = "sale"


class Line(models.Model):  # noqa: DJ008
    id = models.IntegerField(primary_key=True)
    sale = models.ForeignKey(Sale, models.CASCADE)
    sku = models.TextField()
    pieces = models.IntegerField()
    price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        app_label = "torture"
        managed = False
        db_table = "line"


class Writer(threading.Thread):
    """Changes rows until it is told to stop; what the server refuses is counted.

    Args:
        number: seed of its own, with the run's.
        settings: an entry of ``DATABASES``.
        done, refused: counters that all writers share.
        stopping: ends it.
    """

    def __init__(
        self,
        number: str,
        settings: dict[str, Any],
        done: Counter[str],
        refused: Counter[str],
        stopping: threading.Event,
    ) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self.draw = random.Random(number)
        self.settings, self.stopping = settings, stopping
        self.done, self.refused = done, refused
        self.lock = threading.Lock()
        self.failure = ""

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self.once()
        except Exception as error:
            self.failure = repr(error)

    def once(self) -> None:
        name, work = self.choose()
        try:
            work()
            self.done[name] += 1
        except (OperationalError, InterfaceError):
            self.reconnect()
            self.refused["server"] += 1
            time.sleep(0.1)
        except Error:  # a constraint, or a deadlock with another writer
            self.reconnect()
            self.refused[name] += 1
        time.sleep(self.draw.uniform(0, 0.02))

    def choose(self) -> tuple[str, Callable[[], None]]:
        raise NotImplementedError

    def reconnect(self) -> None:
        raise NotImplementedError


class SqlWriter(Writer):
    """Writes plain SQL."""

    connection: BaseDatabaseWrapper | None = None

    def choose(self) -> tuple[str, Callable[[], None]]:
        name, statements = change(self.draw)

        def work() -> None:
            if self.connection is None:
                self.connection = connection_to(self.settings, self.name)
            with self.connection.cursor() as cursor:
                cursor.execute(statements)

        return name, work

    def reconnect(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class OrmWriter(Writer):
    """Writes through models: signals, cascades in Python, bulk operations."""

    def choose(self) -> tuple[str, Callable[[], None]]:
        works = (
            self.save,
            self.bulk_create,
            self.update,
            self.delete,
            self.move,
            self.bulk_update,
        )
        work = self.draw.choice(works)
        return f"orm {work.__name__}", work

    def reconnect(self) -> None:
        connections[ALIAS].close()

    def save(self) -> None:
        if sale := Sale.objects.using(ALIAS).filter(id=self.draw.randint(1, SALES)).first():
            sale.total = self.draw.randint(1, 500)
            sale.facts = {"a.b": self.draw.random(), "$c": None}
            sale.save(using=ALIAS, update_fields=["total", "facts"])

    def bulk_create(self) -> None:
        sale = Sale.objects.using(ALIAS).filter(id=self.draw.randint(1, SALES)).first()
        numbers = self.draw.sample(range(2_000_000, 9_000_000), 5)
        if sale:
            Line.objects.using(ALIAS).bulk_create(
                [Line(id=n, sale_id=sale.id, sku=f"o{n}", pieces=2, price=1) for n in numbers]
            )

    def update(self) -> None:
        Line.objects.using(ALIAS).filter(sale_id=self.draw.randint(1, SALES)).update(
            pieces=models.F("pieces") + 1
        )

    def delete(self) -> None:
        with transaction.atomic(using=ALIAS):
            Line.objects.using(ALIAS).filter(id__gte=2_000_000).filter(
                sale_id=self.draw.randint(1, SALES)
            ).delete()

    def move(self) -> None:
        with transaction.atomic(using=ALIAS):
            Sale.objects.using(ALIAS).filter(id=self.draw.randint(1, SALES)).update(
                buyer_id=self.draw.randint(1, BUYERS)
            )
            Buyer.objects.using(ALIAS).filter(id=self.draw.randint(1, BUYERS)).update(
                name=f"orm {self.draw.random()}"
            )

    def bulk_update(self) -> None:
        start = self.draw.randint(1, SALES)
        sales = list(
            Sale.objects.using(ALIAS).filter(id__range=(start, start + 20)).order_by("id")
        )
        for sale in sales:
            sale.total += 1
        if sales:
            Sale.objects.using(ALIAS).bulk_update(sales, ["total"])
