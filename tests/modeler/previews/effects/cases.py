"""The tables of measured cases: text files beside this one, one a family of statements.

    <SQL of the set-up>
    ====
    <statement>
        14-18 | <table> <modes>, … | <kind> <table>/<detail>, … | <created>, …

Statements before ``;;`` come first in the same transaction. Lines say what servers of those
versions do; a version that no line names cannot run the statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects

FOLDER = Path(__file__).parent / "cases"
SHORT = {
    LockMode.ACCESS_SHARE: "AS",
    LockMode.ROW_SHARE: "RS",
    LockMode.ROW_EXCLUSIVE: "RX",
    LockMode.SHARE_UPDATE_EXCLUSIVE: "SUX",
    LockMode.SHARE: "S",
    LockMode.SHARE_ROW_EXCLUSIVE: "SRX",
    LockMode.EXCLUSIVE: "X",
    LockMode.ACCESS_EXCLUSIVE: "AX",
}
VERSIONS = range(14, 19)


@dataclass(frozen=True, slots=True)
class Case:
    """``expected`` by major version, as ``short`` writes it."""

    family: str
    statements: tuple[str, ...]
    expected: dict[int, str]

    @property
    def sql(self) -> str:
        return " ;; ".join(self.statements)


def families() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def read_family(name: str) -> tuple[str, list[Case]]:
    """Return the set-up and the cases of a family."""
    setup, _, rest = (FOLDER / f"{name}.txt").read_text().partition("\n====\n")
    cases: list[Case] = []
    for line in rest.splitlines():
        if not line.strip():
            continue
        if not line.startswith(" "):
            cases.append(Case(name, tuple(line.split(" ;; ")), {}))
            continue
        which, _, text = line.strip().partition(" | ")
        for version in versions(which):
            cases[-1].expected[version] = text
    return setup, cases


def versions(text: str) -> list[int]:
    """Read ``14-16,18``."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def written(numbers: list[int]) -> str:
    """Write versions as ``versions`` reads them."""
    if not numbers:
        return ""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(f"{run[0]}-{run[-1]}" if run[1:] else str(run[0]) for run in runs)


def short(effects: Effects) -> str:
    """Write effects in one line, without causes.

    A table whose rewrite builds every index is written ``rewrite t``, with the indexes behind it.
    """
    modes: dict[str, list[LockMode]] = {}
    for lock in effects.locks:
        modes.setdefault(lock.relation, []).append(lock.mode)
    locks = [
        f"{name} {'+'.join(SHORT[mode] for mode in sorted(some, key=lambda mode: -mode.strength))}"
        for name, some in sorted(modes.items())
    ]
    work: dict[str, list[str]] = {}
    for part in effects.work:
        work.setdefault(f"{part.kind.value} {part.relation}", []).append(part.detail)
    works = [
        f"{key}: {' '.join(sorted(some))}" if any(some) else key for key, some in work.items()
    ]
    return re.sub(
        r"\s+\|", " |", f"{', '.join(locks)} | {', '.join(works)} | {', '.join(effects.creates)}"
    ).strip()
