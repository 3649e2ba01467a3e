"""Rectangles on shelves, exchanged until those that refer to each other stand near.

A quadratic assignment by exchanges: every rectangle tries the places around the middle of those
that it is bound to. Only rectangles of about one size change shelves, so that the picture hardly
grows; shelves as a whole change their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

Size = tuple[float, float]
Near = Mapping[int, Sequence[tuple[int, float]]]
ROUNDS, TRIES = 4, 8
ALIKE = 0.2  # heights on another shelf may differ by so much
GROWTH = 1.03  # and shelves become so much wider


def nearer(
    shelves: Sequence[Sequence[int]],
    sizes: Sequence[Size],
    bonds: Mapping[tuple[int, int], float],
    gap: float,
) -> list[list[int]]:
    """Return the shelves with bound rectangles nearer to each other.

    Args:
        shelves: numbers of rectangles from left to right, from the top shelf down.
        sizes: ``(width, height)`` by number.
        bonds: two numbers → how strongly they are bound.
        gap: between two rectangles.
    """
    near: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (one, two), weight in sorted(bonds.items()):
        near[one].append((two, weight))
        near[two].append((one, weight))
    best = [list(shelf) for shelf in shelves]
    widest = max(_width(shelf, sizes, gap) for shelf in best) * GROWTH
    least = total(centres(best, sizes, gap), bonds)
    shelves = best
    for _ in range(ROUNDS):
        shelves = _ordered(_exchanged(shelves, sizes, near, gap, widest), sizes, bonds)
        length = total(centres(shelves, sizes, gap), bonds)
        if length >= least * 0.999:
            break
        best, least = shelves, length
    return best


def centres(
    shelves: Sequence[Sequence[int]], sizes: Sequence[Size], gap: float
) -> dict[int, Size]:
    """Return the middle of every rectangle."""
    found = {}
    y = 0.0
    for shelf in shelves:
        x = 0.0
        for number in shelf:
            width, height = sizes[number]
            found[number] = x + width / 2, y + height / 2
            x += width + gap
        y += max(sizes[number][1] for number in shelf) + gap
    return found


def total(at: Mapping[int, Size], bonds: Mapping[tuple[int, int], float]) -> float:
    """Return the length of all bonds between the middles."""
    return sum(
        weight * (abs(at[one][0] - at[two][0]) + abs(at[one][1] - at[two][1]))
        for (one, two), weight in bonds.items()
    )


def _width(shelf: Sequence[int], sizes: Sequence[Size], gap: float) -> float:
    return sum(sizes[number][0] + gap for number in shelf) - gap


def _exchanged(
    shelves: Sequence[Sequence[int]], sizes: Sequence[Size], near: Near, gap: float, widest: float
) -> list[list[int]]:
    """Exchange rectangles, each with one that stands where it would rather stand."""
    found = [list(shelf) for shelf in shelves]
    home = {number: row for row, shelf in enumerate(found) for number in shelf}
    room = [widest - _width(shelf, sizes, gap) for shelf in found]
    at = centres(found, sizes, gap)
    for one in sorted(near, key=lambda n: (-sum(w for _, w in near[n]), n)):
        weight = sum(w for _, w in near[one])
        x = sum(at[other][0] * w for other, w in near[one]) / weight
        y = sum(at[other][1] * w for other, w in near[one]) / weight
        places = sorted((abs(u - x) + abs(v - y), two) for two, (u, v) in at.items() if two != one)
        best, chosen = -1e-6, None
        for _, two in places[:TRIES]:
            if home[one] != home[two]:
                more = sizes[two][0] - sizes[one][0]
                high = max(sizes[one][1], sizes[two][1])
                if (
                    abs(sizes[one][1] - sizes[two][1]) > ALIKE * high
                    or more > room[home[one]]
                    or -more > room[home[two]]
                ):
                    continue
            change = _change(one, at[two], at, near, two) + _change(two, at[one], at, near, one)
            if change < best:
                best, chosen = change, two
        if chosen is not None:
            two = chosen
            more = sizes[two][0] - sizes[one][0]
            room[home[one]] -= more
            room[home[two]] += more
            rows = found[home[one]], found[home[two]]
            places_of = rows[0].index(one), rows[1].index(two)
            rows[0][places_of[0]], rows[1][places_of[1]] = two, one
            home[one], home[two] = home[two], home[one]
            at[one], at[two] = at[two], at[one]
    return found


def _change(one: int, to: Size, at: Mapping[int, Size], near: Near, other_end: int) -> float:
    """Return how much longer a rectangle's bonds become at another place."""
    (x, y), (u, v) = at[one], to
    more = 0.0
    for other, weight in near.get(one, ()):
        if other != other_end:  # that bond keeps its length
            a, b = at[other]
            more += weight * (abs(u - a) + abs(v - b) - abs(x - a) - abs(y - b))
    return more


def _ordered(
    shelves: list[list[int]], sizes: Sequence[Size], bonds: Mapping[tuple[int, int], float]
) -> list[list[int]]:
    """Exchange whole shelves while that makes bonds shorter."""
    home = {number: row for row, shelf in enumerate(shelves) for number in shelf}
    heights = [max(sizes[number][1] for number in shelf) for shelf in shelves]
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for (one, two), weight in bonds.items():
        if home[one] != home[two]:
            weights[min(home[one], home[two]), max(home[one], home[two])] += weight
    order = list(range(len(shelves)))

    def length() -> float:
        middle, y = [0.0] * len(order), 0.0
        for row in order:
            middle[row] = y + heights[row] / 2
            y += heights[row]
        return sum(weight * abs(middle[a] - middle[b]) for (a, b), weight in weights.items())

    least = length()
    for one in range(len(order)):
        for two in range(one + 1, len(order)):
            order[one], order[two] = order[two], order[one]
            now = length()
            if now < least - 1e-6:
                least = now
            else:
                order[one], order[two] = order[two], order[one]
    return [shelves[row] for row in order]
