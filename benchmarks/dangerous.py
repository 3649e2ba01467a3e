"""How long people wait while dangerous migrations of the shop run, and while their remedies do.

    python -m benchmarks.dangerous [--rows 1000000,4000000] [--scans 20000000] [--only NAMES]
        [--keep FOLDER] [--output FILE]

The table is that of ``tests/dangerous``: for each case the model is changed and its migration made
in a copy of the shop, ``migration_preview --trace --write`` puts the remedy there, and both
forms run on equal copies of one database under the same load: two readers and two writers, each
statement of which is timed. What the load goes through before the migration starts is the
baseline. The unsafe form runs by ``migrate``, the remedy by ``migrate_safely``. Seconds are of the
wall clock, so that processes which wait for a processor are in all three figures.

Bars: the longest wait under a remedy at most 150 ms at every size, and the unsafe form at least
5 times as long; of what breaks running code, the statements that fail: none, and many.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.dangerous_servers import Databases, databases
from tests.dangerous.cases import CASES
from tests.dangerous.dangerous import Dangerous
from tests.dangerous.load import Load, Waits
from tests.dangerous.shop import Shop

LONGEST, RATIO = 0.150, 5.0
WARM, BASELINE, AFTER = 4.0, 12.0, 2.0  # seconds of the load
SMALL = 12_000


@dataclass(frozen=True, slots=True)
class Course:
    """What one form of a migration did to the load; seconds.

    Attributes:
        baseline: the longest wait before it, ``usual``: of all but one of a thousand.
        longest: wait while it ran, ``most``: of all but one of a thousand.
        failed: statements of running code.
        took: the migration.
        worst: the statement that waited longest, and how far the migration was.
    """

    baseline: float
    usual: float
    longest: float
    most: float
    failed: int
    statements: int
    took: float
    worst: str


@dataclass(frozen=True, slots=True)
class Measured:
    """Both forms of one case at one size."""

    name: str
    rows: int
    unsafe: Course
    remedy: Course
    breaks: bool

    @property
    def ratio(self) -> float:
        if self.breaks:
            return float(self.unsafe.failed)
        return self.unsafe.longest / self.remedy.longest

    @property
    def met(self) -> bool:
        calm = self.remedy.longest <= LONGEST and not self.remedy.failed
        return calm and self.ratio >= RATIO


def main() -> int:
    options = arguments()
    sizes = [int(size) for size in options.rows.split(",")]
    found: list[Measured] = []
    with databases(options.keep) as server, tempfile.TemporaryDirectory() as folder:
        small = server.template(SMALL, SMALL)
        for case in CASES:
            if options.only and case.name not in options.only.split(","):
                continue
            unsafe, remedied = prepared(case, Path(folder), server, small)
            wanted = [*sizes, *([options.scans] if case.scans and options.scans else [])]
            for size in wanted:
                rows = size if size in sizes else min(sizes)
                template = server.template(rows, size)
                one = Measured(
                    case.name,
                    size,
                    course(case, unsafe, server, template, rows, "migrate"),
                    course(case, remedied, server, template, rows, "migrate_safely"),
                    case.breaks,
                )
                found.append(one)
                print(line(one), flush=True)
                if options.output:
                    with Path(options.output).open("a") as file:
                        file.write(json.dumps(asdict(one)) + "\n")
    missed = [one for one in found if not one.met]
    print(f"\n{len(found) - len(missed)} of {len(found)} met the bars.")
    return 1 if missed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="1000000,4000000")
    parser.add_argument("--scans", type=int, default=20_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--output", default="")
    parser.add_argument("--keep", default="", help="a folder for the servers of several runs")
    return parser.parse_args()


def prepared(case: Dangerous, folder: Path, server: Databases, small: str) -> tuple[Shop, Shop]:
    """Return the project with the dangerous migration, and the one with its remedy."""
    url = server.copied("small", small)
    shops = []
    for form in ("unsafe", "remedied"):
        home = folder / f"{case.name}_{form}"
        home.mkdir()
        shop = Shop(home, url)
        shop.copy()
        if case.before:
            shop.edit(case.before)
            shop.manage("makemigrations", case.app, "--name", "before")
            shop.manage("migrate", "--verbosity", "0")
        shop.develop(case)
        shops.append(shop)
    _, said = shops[1].preview("--trace", "--write")
    assert "\nWritten for" in said, f"{case.name} has no remedy:\n{said}"
    shops[1].edit(case.by_hand)
    shops[1].put_away(case)
    return shops[0], shops[1]


def course(
    case: Dangerous, shop: Shop, server: Databases, template: str, rows: int, command: str
) -> Course:
    """Run one form on a copy of a template under the load."""
    name = "course"
    url = server.copied(name, template)
    if case.before:
        shop.manage("migrate", case.app, shop.before(case), "--verbosity", "0", url=url)
        if case.filled:
            server.execute_in(url, case.filled)
    options = ("--skip-preview", "--accept", "all") if command == "migrate_safely" else ()
    with Load(url, rows, case.habits, reports=case.reports) as load:
        time.sleep(WARM + BASELINE)
        began = time.monotonic()
        done = shop.run(command, case.app, "--no-input", *options, url=url)
        ended = time.monotonic()
        time.sleep(AFTER)
        waits = load.stop()
    server.dropped(name)
    assert done.returncode == 0, f"{case.name}: {done.stdout}\n{done.stderr}"
    before = waits.between(waits.all[0].began + WARM, began - 1)
    return measured(before, waits.between(began - 1), began, ended, done.stdout)


def measured(before: Waits, during: Waits, began: float, ended: float, said: str) -> Course:
    worst = during.worst
    text = f"{worst.statement} after {worst.began - began:.1f} s"
    if os.environ.get("SAID"):
        print(said, file=sys.stderr)
        for wait in sorted(during.all, key=lambda wait: -wait.seconds)[:8]:
            print(
                f"{wait.began - began:8.2f} {wait.seconds:.3f} {wait.statement}", file=sys.stderr
            )
    return Course(
        before.longest,
        before.percentile(0.999),
        during.longest,
        during.percentile(0.999),
        len(during.failed),
        len(during.all),
        ended - began,
        text,
    )


def line(one: Measured) -> str:
    def milliseconds(seconds: float) -> str:
        return f"{seconds * 1000:,.0f}"

    def told(form: Course) -> str:
        return (
            f"{milliseconds(form.longest):>7} ({milliseconds(form.most)}; before "
            f"{milliseconds(form.baseline)}, {milliseconds(form.usual)}) "
            f"{form.failed} failed of {form.statements} in {form.took:.0f} s, {form.worst}"
        )

    return (
        f"{one.name:24}{one.rows:>11,} {'met' if one.met else 'MISSED':>7} x {one.ratio:.1f}\n"
        f"    unsafe {told(one.unsafe)}\n    remedy {told(one.remedy)}"
    )


if __name__ == "__main__":
    sys.exit(main())
