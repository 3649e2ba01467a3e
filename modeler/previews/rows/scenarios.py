"""Ways in which a row can pass all rules of its table.

A rule with OR can be passed in several ways. Each scenario takes one way a rule, such that what
they say of a column does not contradict itself; rows are made for each scenario in turn, so that
a table shows all of its ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from modeler.previews.rows.atoms import Ordering, said
from modeler.previews.rows.facts import Rule
from modeler.previews.rows.restriction import FREE, Restriction
from modeler.schema.expression import Cast, Expression, Literal, Operation, columns_of

# A rule whose ways are more is cut: the server still has the last word on every row.
MOST_WAYS = 48
MOST_TRIED = 400
CONDITIONS = frozenset({
    "and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "in", "like", "ilike", "~", "~*",
    "is-null", "is-distinct",
})  # fmt: skip

Condition = tuple[Expression, bool]
Way = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What columns must be like for a row to pass.

    Attributes:
        restrictions: by column.
        orderings: between two columns.
        unread: columns of conditions that say nothing we know; the server has to tell.
    """

    restrictions: tuple[tuple[str, Restriction], ...] = ()
    orderings: tuple[Ordering, ...] = ()
    unread: tuple[str, ...] = ()

    def of(self, column: str) -> Restriction:
        """What is left of this column."""
        return dict(self.restrictions).get(column, FREE)


@lru_cache(maxsize=4096)
def ways(tree: Expression, positive: bool = True) -> tuple[Way, ...]:
    """Return the ways to pass a condition: its disjunctive normal form, cut at ``MOST_WAYS``."""
    match tree:
        case Operation(operator="not", operands=(operand,)):
            return ways(operand, not positive)
        case Operation(operator="and" | "or" as word, operands=operands):
            parts = [ways(operand, positive) for operand in operands]
            if (word == "or") == positive:
                return tuple(dict.fromkeys(way for part in parts for way in part))[:MOST_WAYS]
            return _together(parts)
        case Operation(operator="=" | "<>" as word, operands=(left, right)) if is_condition(
            left
        ) and is_condition(right):
            # Both or neither; otherwise one of the two.
            same = (word == "=") == positive
            return tuple(
                way
                for first in (True, False)
                for way in _together([ways(left, first), ways(right, first == same)])
            )[:MOST_WAYS]
        case Cast(operand=operand, type="boolean"):
            return ways(operand, positive)
        case Literal(type="boolean", value=value):
            return ((),) if (value == "true") == positive else ()
    return (((tree, positive),),)


def is_condition(tree: Expression) -> bool:
    """Tell whether an expression is true or false by its form alone."""
    return isinstance(tree, Operation) and tree.operator in CONDITIONS


def _together(parts: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    found: list[Way] = [()]
    for part in parts:
        found = [(*way, *more) for way in found for more in part][:MOST_WAYS]
    return tuple(found)


@dataclass(slots=True)
class _State:
    """Restrictions while they are put together."""

    restrictions: dict[str, Restriction] = field(default_factory=dict)
    orderings: list[Ordering] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def taking(self, way: Way) -> _State | None:
        """Return the state with a way added, None where they contradict each other."""
        state = _State(dict(self.restrictions), list(self.orderings), list(self.unread))
        for tree, positive in way:
            found = said(tree, positive)
            if found.ordering is not None:
                state.orderings.append(found.ordering)
            elif found.restriction is not None:
                merged = state.restrictions.get(found.column, FREE) & found.restriction
                if merged is None:
                    return None
                state.restrictions[found.column] = merged
            else:
                state.unread += columns_of(tree)
        return state

    def scenario(self) -> Scenario:
        return Scenario(
            tuple(sorted(self.restrictions.items())),
            tuple(dict.fromkeys(self.orderings)),
            tuple(dict.fromkeys(self.unread)),
        )


def scenarios(
    rules: Iterable[Rule], *, given: dict[str, Restriction], most: int, seed: int
) -> tuple[Scenario, ...]:
    """Return up to ``most`` different scenarios, none where the rules contradict each other.

    Args:
        rules: all of a table.
        given: what its types and NOT NULL say of columns.
        seed: which ways come first.
    """
    choices = [ways(rule.tree) for rule in rules]
    choices = [choice for choice in choices if choice != ((),)]
    found: dict[Scenario, None] = {}
    for turn in range(most * 2):
        state = _search(choices, _State(dict(given)), Random(f"{seed} {turn}"))
        if state is None:
            break
        found.setdefault(state.scenario())
        if len(found) == most:
            break
    return tuple(found)


def _search(choices: Sequence[tuple[Way, ...]], start: _State, random: Random) -> _State | None:
    """Take one way of each, going back where they contradict each other."""
    order = [random.sample(choice, len(choice)) for choice in choices]
    tried = 0

    def descend(state: _State, position: int) -> _State | None:
        nonlocal tried
        if position == len(order):
            return state
        for way in order[position]:
            tried += 1
            if tried > MOST_TRIED:
                return None
            taken = state.taking(way)
            if taken is not None:
                result = descend(taken, position + 1)
                if result is not None:
                    return result
        return None

    return descend(start, 0)
