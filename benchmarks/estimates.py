"""Whether heavy operations end within their estimated intervals, at ten times the measured size.

Fills the same tables with 25,000, 100,000 and 1,000,000 rows on a shadow server of its own. Each
operation is measured on the two smaller ones as ``calibrate`` does, estimated for the size of the
largest, and then run there. Prints the table, the share inside and the widest interval.

Times are without those in which the server waited for a processor, so that a busy machine judges
as a quiet one does; those are printed beside.

Run: ``python -m benchmarks.estimates [--rows N] [NAME …]``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from typing import Any

import django
from django.conf import settings

settings.configure(DATABASES={}, USE_TZ=True)
django.setup()

from benchmarks.heavy_operations import OPERATIONS, SCHEMA, Heavy, fill  # noqa: E402
from modeler.postgres.connections import connection_to  # noqa: E402
from modeler.previews.estimates.calibration import Calibration  # noqa: E402
from modeler.previews.estimates.duration import Duration, estimate_duration  # noqa: E402
from modeler.previews.estimates.growth import index_form  # noqa: E402
from modeler.previews.estimates.measure import (  # noqa: E402
    REPEATS,
    ROWS,
    run_of,
    settle,
    size_here,
    typical,
)
from modeler.previews.sql.reader import read_statements  # noqa: E402
from modeler.servers.throwaway import supervised  # noqa: E402
from modeler.servers.urls import embedded_database  # noqa: E402

TABLES = ("owner", "item", "bare", "narrow")
SHARE, WIDEST = 0.90, 3.0


def main() -> None:
    """Print one line an operation, and the bars."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10 * ROWS[-1], help="of the largest tables")
    parser.add_argument("names", nargs="*", help="operations; all by default")
    asked = parser.parse_args()
    chosen = [heavy for heavy in OPERATIONS if not asked.names or heavy.name in asked.names]
    started = time.monotonic()
    with supervised(("shadow",)) as server:
        connection = connection_to(embedded_database(server.data_dir, "shadow"), "shadow")
        with connection.cursor() as cursor:
            for rows in (*ROWS, asked.rows):
                cursor.execute(f"CREATE SCHEMA rows_{rows}; SET search_path = rows_{rows}")
                cursor.execute(SCHEMA)
                fill(cursor, rows)
                settle(cursor, TABLES)
            results = [report(cursor, heavy, asked.rows) for heavy in chosen]
        connection.close()
    summary(results)
    print(f"{time.monotonic() - started:.0f} s")


def report(cursor: Any, heavy: Heavy, rows: int) -> tuple[Heavy, Duration, float]:
    """Measure, estimate, run; print a line."""
    samples = []
    for count in ROWS:
        cursor.execute(f"SET search_path = rows_{count}")
        size = size_here(cursor, heavy.tables)
        samples.append(typical(cursor, heavy.statement, heavy.tables, REPEATS, size))
    cursor.execute(f"SET search_path = rows_{rows}")
    live = size_here(cursor, heavy.tables)
    estimate = estimate_duration(
        [heavy.kind],
        Calibration(tuple(samples)),
        live,
        index=index_form(read_statements(heavy.statement)),
    )
    ran = run_of(cursor, heavy.statement, heavy.tables, live)
    truth = ran.seconds
    inside = "inside" if truth in estimate.seconds else "OUTSIDE"
    grown = truth / samples[-1].seconds
    small, large = (sample.seconds for sample in samples)
    print(
        f"{heavy.name:22} {heavy.kind.value:22} {small:7.3f} {large:7.3f}"
        f"  {estimate.seconds.lower:7.2f} … {estimate.seconds.upper:7.2f}  {truth:7.2f} s"
        f"  × {grown:5.1f}  {inside}  (and {ran.waited:.2f} s without a processor)",
        flush=True,
    )
    return heavy, estimate, truth


def summary(results: list[tuple[Heavy, Duration, float]]) -> None:
    """Print the bars, and the linear extrapolation in comparison."""
    inside = [truth in estimate.seconds for _, estimate, truth in results]
    widest = max(estimate.seconds.ratio for _, estimate, _ in results)
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for heavy, estimate, truth in results:
        large = estimate.measured[-1]
        linear = large.seconds * estimate.live.rows / large.size.rows
        by_kind[heavy.kind.value].append(truth / linear)
    share = sum(inside) / len(inside)
    print(f"\ninside: {sum(inside)} of {len(inside)} = {share:.0%} (bar: {SHARE:.0%})")
    print(f"widest: upper {widest:.2f} × lower (bar: {WIDEST:.0f})")
    for kind, ratios in sorted(by_kind.items()):
        print(
            f"truth by linear extrapolation, {kind}: median {statistics.median(ratios):.2f},"
            f" {min(ratios):.2f} to {max(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
