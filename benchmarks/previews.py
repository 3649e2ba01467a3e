"""What previews say of other people's migrations, against what was measured, beside other linters.

Run: ``python -m benchmarks.previews [oscar wagtail pretix]``. For each project, in one run: the
rules alone and the linters over the whole history (processor time and wall clock), then the
history traced with rows in the tables. The trace is the truth; it is written to
``benchmarks/truth/PROJECT.jsonl``. Needs the environments of ``tests/thirdparty`` and installs the
linters of ``requirements/linters.txt`` beside them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.preview_linters import LONG
from modeler.previews.preview import Preview
from modeler.servers import supervised
from tests.thirdparty.breaking_truth import compared
from tests.thirdparty.environment import ROOT, Project, build_wheel, make_project
from tests.thirdparty.preview_run import TRACED, previewed, run_python
from tests.thirdparty.preview_truth import Score, as_line, lines

NAMES = ("oscar", "wagtail", "pretix")
LINTERS = ROOT / ".tools" / "linters"
TRUTH = Path(__file__).with_name("truth")


def main(names: list[str]) -> None:
    install_linters()
    with tempfile.TemporaryDirectory() as name, supervised(("postgres",)) as server:
        folder = Path(name)
        wheel = build_wheel(folder)
        for project in names:
            made = make_project(
                project, wheel, database_url=server.database_url, servers=server.data_dir,
                folder=folder,
            )  # fmt: skip
            compare(project, made, folder)


def compare(name: str, project: Project, folder: Path) -> None:
    say(f"{name}: the rules alone")
    static, times = previewed(project, folder, {"backward": False})
    say(f"{name}: other linters")
    linters = linted(project, folder)
    say(f"{name}: traced")
    traced, traced_times = previewed(project, folder, TRACED)
    print(f"\n{name}: {len(static.migrations)} migrations")
    print(
        f"  {'tool':<26}{'cpu s':>8}{'wall s':>8}{'judged':>8}  long blocking: precision recall f1"
    )
    found = list(lines(name, traced.migrations))
    TRUTH.mkdir(exist_ok=True)
    (TRUTH / f"{name}.jsonl").write_text(
        "".join(as_line(name, migration, true) + "\n" for migration, _, true in found)
    )
    blocking = {migration.key for migration, _, true in found if true.blocking}
    judged = {migration.key for migration, _, _ in found}
    ours = {migration.key for migration, said, _ in found if said.blocking}
    row("modeler, rules alone", times, len(judged), score(ours, blocking))
    for tool, result in linters.items():
        if "error" in result:
            print(f"  {tool:<26}{result['error']}")
            continue
        known = result["said"].keys() & judged
        said = {key for key in known if LONG[tool] & set(result["said"][key])}
        row(tool, result, len(known), score(said, blocking & known))
    details(name, traced, found, traced_times)


def details(name: str, traced: Preview, found: list, times: dict[str, float]) -> None:
    tables, rewrites, others, modes = Score(), Score(), Score(), Score()
    for _, said, true in found:
        tables.add(said.blocking, true.blocking)
        rewrites.add(said.rewrites, true.rewrites)
        others.add(said.others & true.others, true.others)
        modes.add(said.locks.items(), true.locks.items())
    seconds = [migration.seconds for migration in traced.migrations]
    unread = sum(
        bool(statement.effects and statement.effects.unread)
        for migration in traced.migrations
        for statement in migration.forward
    )
    total = sum(len(migration.forward) for migration in traced.migrations)
    print(f"  by table: f1 {tables.f1:.4f} of {tables.right + tables.missed}; rewrites missed "
          f"{rewrites.missed} of {rewrites.right + rewrites.missed}; lock modes right "
          f"{modes.recall:.4f} of {modes.right + modes.missed}; locks on other tables: recall "
          f"{others.recall:.4f} of {others.right + others.missed}")  # fmt: skip
    print(f"  statements not analysed: {unread} of {total}; tables with rows: {traced.filled} of "
          f"{traced.tables}; failed on rows: "
          f"{sum(bool(m.broken_by_rows) for m in traced.migrations)}; could not run: "
          f"{sum(bool(m.error) for m in traced.migrations)}")  # fmt: skip
    breaking = compared(name, traced.migrations)
    for grain in ("sides", "models", "verbs"):
        found = getattr(breaking, grain)
        print(f"  breaking changes by {grain}: precision {found.precision:.4f} recall "
              f"{found.recall:.4f} of {found.right + found.missed}")  # fmt: skip
    for differing in breaking.differing:
        print("   ", *differing)
    print(f"  traced way forward: median {statistics.median(seconds):.3f} s, "
          f"95th percentile {statistics.quantiles(seconds, n=20)[18]:.3f} s; all of it "
          f"{times['wall']} s")  # fmt: skip


def row(tool: str, times: dict[str, Any], judged: int, result: Score) -> None:
    print(f"  {tool:<26}{times['cpu']:>8}{times['wall']:>8}{judged:>8}  "
          f"{result.precision:>24.3f} {result.recall:>6.3f} {result.f1:.3f}")  # fmt: skip


def score(said: set[str], true: set[str]) -> Score:
    found = Score()
    found.add(said, true)
    return found


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def linted(project: Project, folder: Path) -> dict[str, Any]:
    output = folder / "linters.json"
    script = Path(__file__).with_name("preview_linters.py")
    run_python(project, [str(script), str(output)], beside=LINTERS)
    return json.loads(output.read_text())


def install_linters() -> None:
    if not LINTERS.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps",
             "--target", LINTERS, "-r", ROOT / "requirements" / "linters.txt"],
            check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:] or list(NAMES))
