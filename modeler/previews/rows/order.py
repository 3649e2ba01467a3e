"""The order in which tables are filled: what is referred to comes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def components(edges: Mapping[int, Collection[int]]) -> list[tuple[int, ...]]:
    """Return the strongly connected components, those that others point to first.

    Args:
        edges: for each node the nodes it points to; others than keys are left out.

    Source: R. E. Tarjan, "Depth-first search and linear graph algorithms" (1972), without
    recursion, so that long chains of tables are no matter.
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    found: list[tuple[int, ...]] = []
    for root in edges:
        if root in number:
            continue
        work = [(root, iter(sorted(edges[root])))]
        number[root] = low[root] = len(number)
        stack.append(root)
        waiting.add(root)
        while work:
            node, below = work[-1]
            for target in below:
                if target not in edges:
                    continue
                if target not in number:
                    number[target] = low[target] = len(number)
                    stack.append(target)
                    waiting.add(target)
                    work.append((target, iter(sorted(edges[target]))))
                    break
                if target in waiting:
                    low[node] = min(low[node], number[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    members = []
                    while True:
                        member = stack.pop()
                        waiting.discard(member)
                        members.append(member)
                        if member == node:
                            break
                    found.append(tuple(sorted(members)))
    return found
