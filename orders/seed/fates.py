"""What becomes of an order: its steps along the table of transitions."""

from __future__ import annotations

from orders.seed.plan import Plan
from orders.seed.rhythm import HOUR, working
from orders.status import OrderStatus

SECOND, DAY = HOUR // 3600, 24 * HOUR

# Why an order came into each state, in an order in which every order's own steps come.
REASONS = {
    OrderStatus.CONFIRMED: "payment promised",
    OrderStatus.PROCESSING: "picked from the shelf",
    OrderStatus.SHIPPED: "handed to the carrier",
    OrderStatus.DELIVERED: "carrier reports delivery",
    OrderStatus.REFUNDED: "goods came back",
    OrderStatus.CANCELLED: "cancelled on request",
}

CANCELLED, REFUNDED = 0.05, 0.05
SLOW_PAYERS = 0.15

# The youngest orders stand in all open states, however few there are.
OPEN_CHAINS = (OrderStatus.SHIPPED, OrderStatus.PROCESSING, OrderStatus.CONFIRMED, None)
KEPT_OPEN = 2 * len(OPEN_CHAINS)

# Spreads any number of orders evenly over all fates, so that few orders have them all too.
_GOLDEN = 0.618_033_988_749_894_9

Steps = list[tuple[OrderStatus, int]]


class Fates:
    """Decides the steps of the orders of one part, up to the end of the story."""

    def __init__(self, plan: Plan, part: int) -> None:
        self._count, self._end = plan.orders, plan.end
        self._random = plan.random(f"fates/{part}")
        # The same for all parts, so that their orders together are spread evenly.
        self._offset = plan.random("fates").random()

    def steps(self, number: int, birth: int) -> Steps:
        """Return the states after birth and when the order (the ``number``-th) came to each."""
        if number >= self._count - KEPT_OPEN:
            rank = (number - self._count + KEPT_OPEN) // 2
            return self._kept_open(OPEN_CHAINS[rank], birth)
        draw = (self._offset + number * _GOLDEN) % 1
        if draw < CANCELLED:
            way = self._way(birth)[: int(draw / CANCELLED * 3)]
            last = way[-1][1] if way else birth
            way.append((OrderStatus.CANCELLED, last + self._between(300 * SECOND, 2 * DAY)))
        else:
            way = self._way(birth)
            if draw < CANCELLED + REFUNDED:
                back = working(way[-1][1] + self._between(2 * DAY, 25 * DAY))
                way.append((OrderStatus.REFUNDED, back))
        return [step for step in way if step[1] < self._end]

    def _way(self, birth: int) -> Steps:
        """Return the steps when all goes well."""
        slow = self._random.random() < SLOW_PAYERS
        paid = birth + (
            self._between(8 * HOUR, 4 * DAY) if slow else self._between(20 * SECOND, HOUR)
        )
        packed = working(paid + self._between(HOUR // 2, 20 * HOUR))
        sent = working(packed + self._between(HOUR // 2, 30 * HOUR))
        there = working(sent + self._between(16 * HOUR, 6 * DAY))
        return [
            (OrderStatus.CONFIRMED, paid),
            (OrderStatus.PROCESSING, packed),
            (OrderStatus.SHIPPED, sent),
            (OrderStatus.DELIVERED, there),
        ]

    def _kept_open(self, last: OrderStatus | None, birth: int) -> Steps:
        """Return the steps up to a state, all of them before the end."""
        states = [state for state, _ in self._way(birth)]
        states = states[: states.index(last) + 1] if last else []
        # Nobody waits for weeks, so the steps come soon; they fit even between birth and end.
        pace = min(self._end - birth, 2 * DAY) // (len(states) + 1)
        return [
            (state, birth + pace * place + self._random.randrange(max(pace // 2, 1)))
            for place, state in enumerate(states, start=1)
        ]

    def _between(self, least: int, most: int) -> int:
        """Return a time between two, in which short ones are as likely as long ones."""
        return int(least * (most / least) ** self._random.random())
