"""What would change a verdict: the smallest change of one input, found by trying."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from modeler.mongo.design.amounts import number, share, size
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import judge
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights

FURTHEST = 1000.0  # times the present number
STEP = 1.25
PRECISION = 1.01
# Together: a parent that gets more children has more at every percentile.
FAN_OUT = ("mean", "p50", "p95", "p99", "maximum")
AMOUNTS: tuple[tuple[str, tuple[str, ...], Callable[[float], str]], ...] = (
    ("children of the largest parent", ("maximum",), number),
    ("children a parent (all percentiles alike), at the 95th", FAN_OUT, number),
    ("bytes of a child", ("child_bytes", "child_p99"), size),
    ("bytes of the parent's row", ("parent_bytes", "parent_p99", "parent_max"), size),
    ("rows of the parent", ("parent_rows",), number),
    ("updates of children", ("updated",), number),
    ("updates of the parent", ("parent_updated",), number),
)
SWITCHES = (
    ("in_key", "the reference were part of the child's key", "it were not part of the key"),
    ("inline", "the parent's admin edited the children", "the parent's admin did not edit them"),
    ("null", "it might be NULL", "it were NOT NULL"),
    ("own_admin", "the child had an admin page of its own", "it had no admin page of its own"),
    ("own_page", "the child had a web page of its own", "it had no web page of its own"),
    ("enforced", "the database held the reference", "the database did not hold the reference"),
    ("one_to_one", "a parent had one child at most", "a parent might have several children"),
)


@dataclass(frozen=True, slots=True)
class Flip:
    """A change of one input, and the verdict that it leads to.

    Attributes:
        text: the change, a clause in the subjunctive after "if".
        verdict: what it would be then.
        factor: of a number, how far it has to move (at least 1); 0 for a switch or a count.
    """

    text: str
    verdict: Verdict
    factor: float = 0.0


def flips(inputs: Inputs, weights: Weights) -> tuple[Flip, ...]:
    """Return the nearest change of a number, and the nearest of what is declared.

    None of them where neither a number within a thousand times nor a single declaration would
    change the verdict.
    """
    now = judge(inputs, weights).verdict

    def verdict(**changed: object) -> Verdict:
        return judge(replace(inputs, **changed), weights).verdict  # type: ignore[arg-type]

    numbers = sorted(_numbers(inputs, now, verdict), key=lambda flip: flip.factor)
    declared = list(_declared(inputs, now, verdict))
    return (*numbers[:1], *declared[: 2 if not numbers else 1])


Ask = Callable[..., Verdict]


def _numbers(inputs: Inputs, now: Verdict, verdict: Ask) -> Iterator[Flip]:
    for words, names, spell in AMOUNTS:
        if inputs.one_to_one and "maximum" in names:
            continue
        values = {name: getattr(inputs, name) for name in names}
        if any(not value for value in values.values()):
            continue
        shown = "p95" if "p95" in values else names[0]
        for growing in (True, False):
            factor = _factor(values, now, verdict, growing=growing)
            if factor is None:
                continue
            changed = {name: value * factor for name, value in values.items()}
            # A number beyond the turning point, not one that rounding leaves before it.
            there = math.ceil(changed[shown]) if growing else math.floor(changed[shown])
            text = f"{words} were {spell(there)} instead of {spell(values[shown])}"
            yield Flip(text, verdict(**changed), factor if growing else 1 / factor)
    if inputs.late is not None:
        for late in range(101):
            if verdict(late=late / 100) is not now:
                text = f"{share(late / 100)} of the children came late, not {share(inputs.late)}"
                low, high = sorted((max(late / 100, 0.01), max(inputs.late, 0.01)))
                yield Flip(text, verdict(late=late / 100), high / low)
                break


def _factor(
    values: dict[str, float], now: Verdict, verdict: Ask, *, growing: bool
) -> float | None:
    """Return the nearest factor with another verdict, to one percent; None if there is none."""

    def differs(factor: float) -> bool:
        return verdict(**{name: value * factor for name, value in values.items()}) is not now

    same, step = 1.0, STEP if growing else 1 / STEP
    other = step
    while not differs(other):
        same, other = other, other * step
        if not 1 / FURTHEST <= other <= FURTHEST:
            return None
    while max(same, other) / min(same, other) > PRECISION:
        middle = math.sqrt(same * other)
        if differs(middle):
            other = middle
        else:
            same = middle
    return other


def _declared(inputs: Inputs, now: Verdict, verdict: Ask) -> Iterator[Flip]:
    for together in range(inputs.read_together + 1, 4):
        if (changed := verdict(read_together=together)) is not now:
            yield Flip(f"the project said that it reads both together ({together} of 3)", changed)
            break
    for name, to_true, to_false in SWITCHES:
        value = getattr(inputs, name)
        if (changed := verdict(**{name: not value})) is not now:
            yield Flip(to_false if value else to_true, changed)
    for count in range(inputs.referenced_by - 1, -1, -1):
        if (changed := verdict(referenced_by=count)) is not now:
            others = "no other table" if not count else f"{count} other tables"
            yield Flip(f"{others} referred to the child", changed)
            break
    for on_delete in ("CASCADE", "PROTECT", "SET_NULL"):
        if on_delete != inputs.on_delete and (changed := verdict(on_delete=on_delete)) is not now:
            yield Flip(f"on_delete were {on_delete}", changed)
            break
