"""In which column each box of a connected part stands: the referenced right of the referencing.

Source: Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs" (1993),
section 2; the tightening here is a local search instead of a network simplex.
"""

from __future__ import annotations

from collections.abc import Sequence

Pairs = Sequence[tuple[int, int]]
ROUNDS, FAR = 8, 1 << 30


def ranks(count: int, pairs: Pairs) -> list[int]:
    """Return a column for each of ``count`` boxes, from 0.

    Args:
        count: boxes are 0 to ``count - 1``; they hang together.
        pairs: ``(referencing, referenced)``; repeated pairs weigh more, loops are ignored.
    """
    weights: dict[tuple[int, int], int] = {}
    for pair in pairs:
        if pair[0] != pair[1]:
            weights[pair] = weights.get(pair, 0) + 1
    after, before, order = _without_cycles(count, weights)
    rank = [0] * count
    for node in order:
        for other, _ in after[node]:
            rank[other] = max(rank[other], rank[node] + 1)
    _tighten(rank, order, before, after)
    # Moving boxes together can leave a column without any.
    place = {value: column for column, value in enumerate(sorted(set(rank)))}
    return [place[value] for value in rank]


Neighbours = list[list[tuple[int, int]]]


def _without_cycles(
    count: int, weights: dict[tuple[int, int], int]
) -> tuple[Neighbours, Neighbours, list[int]]:
    """Turn the edges that close a cycle in a depth-first walk; return a topological order too."""
    towards: list[list[int]] = [[] for _ in range(count)]
    entered = [0] * count
    for source, target in weights:
        towards[source].append(target)
        entered[target] += 1
    state = [0] * count  # 1 on the stack, 2 done
    finished: list[int] = []
    turned: set[tuple[int, int]] = set()
    # Starting where nothing points to keeps the turned edges few.
    for start in sorted(range(count), key=lambda node: (entered[node] > 0, node)):
        if state[start]:
            continue
        state[start] = 1
        stack = [(start, iter(towards[start]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if state[other] == 1:
                    turned.add((node, other))
                elif not state[other]:
                    state[other] = 1
                    stack.append((other, iter(towards[other])))
                    break
            else:
                state[node] = 2
                finished.append(node)
                stack.pop()
    after: Neighbours = [[] for _ in range(count)]
    before: Neighbours = [[] for _ in range(count)]
    for (source, target), weight in weights.items():
        if (source, target) in turned:
            source, target = target, source
        after[source].append((target, weight))
        before[target].append((source, weight))
    return after, before, finished[::-1]


def _tighten(rank: list[int], order: list[int], before: Neighbours, after: Neighbours) -> None:
    """Move boxes to where their edges are shortest, together with those that they push.

    When no box with what it pushes gains any more, the sum of all lengths is at or near its
    least (it is the dual of a flow; the sets are the closed ones that grow from one box).
    """
    balance = [
        sum([weight for _, weight in after[node]]) - sum([weight for _, weight in before[node]])
        for node in range(len(rank))
    ]
    for _ in range(ROUNDS):
        moved = False
        for node in order:
            moved |= _push(node, rank, before, balance, -1)
        for node in reversed(order):
            moved |= _push(node, rank, after, balance, 1)
        if not moved:
            return


def _push(node: int, rank: list[int], ahead: Neighbours, balance: list[int], step: int) -> bool:
    """Move a box as far as that gains, in one direction; return whether it moved."""
    pushed, inside = [node], {node}
    gain, slack = 0, FAR
    for member in pushed:  # grows while it is walked
        gain += balance[member]
        for other, _ in ahead[member]:
            if other in inside:
                continue
            free = (rank[other] - rank[member]) * step - 1
            if free:
                slack = min(slack, free)
            else:
                inside.add(other)
                pushed.append(other)
    if gain * step <= 0:
        return False
    for member in pushed:
        rank[member] += slack * step
    return True
