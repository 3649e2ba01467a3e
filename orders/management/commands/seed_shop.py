"""Fill an empty shop with three years of business."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from orders.seed import Plan, SeedError, seed
from orders.seed.plan import UNTIL


class Command(BaseCommand):
    help = (
        "Fill an empty shop with customers, products and orders of three years. The same numbers "
        "make the same rows. Exit code 2 when the shop is not empty or a number is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, default=2000, help="how many (default: 2000)")
        parser.add_argument("--seed", type=int, default=1, help="which shop of all (default: 1)")
        parser.add_argument(
            "--until", type=_day, default=UNTIL, help=f"day of the last order (default: {UNTIL})"
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=list(connections))

    def handle(self, **options: Any) -> None:
        started = time.monotonic()
        try:
            plan = Plan(options["orders"], options["seed"], options["until"])
            loud = options["verbosity"] > 0
            with progress_bar(plan.orders, shown=loud and sys.stdout.isatty()) as progress:
                seed(plan, using=options["database"], progress=progress)
        except SeedError as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            if "shop_clock_set" not in str(error):
                raise
            raise CommandError(
                "This role may not set the shop's clock. Seed as the owner of the tables, or let "
                "the owner GRANT EXECUTE ON FUNCTION shop_clock_set(timestamptz): docs/shop.md.",
                returncode=2,
            ) from error
        if loud:
            seconds = time.monotonic() - started
            self.stdout.write(
                f"Seeded {plan.orders:,} orders in {seconds:.1f} s"
                f" ({plan.orders / seconds:,.0f} a second)."
            )


@contextmanager
def progress_bar(total: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar while orders are written, where rich is installed and somebody looks."""
    try:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
    except ImportError:
        shown = False
    if not shown:
        yield lambda done: None
        return
    with Progress(
        "Orders", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True
    ) as bar:
        task = bar.add_task("orders", total=total)
        yield lambda done: bar.update(task, completed=done)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it like {UNTIL}") from None
