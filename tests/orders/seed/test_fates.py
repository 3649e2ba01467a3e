"""What becomes of orders, without a database: many shops, each with every state."""

from __future__ import annotations

from itertools import pairwise

import pytest

from orders.seed.fates import Fates
from orders.seed.plan import MICROSECONDS_A_DAY, Plan
from orders.seed.rhythm import births, working
from orders.status import OrderStatus
from orders.transitions import BIRTH, LEGAL_MOVES


@pytest.mark.parametrize("seed", range(20))
def test_fifty_orders_have_all_states_by_legal_steps_within_the_window(seed: int) -> None:
    plan = Plan(50, seed)
    fates = [Fates(plan, part) for part in plan.parts]
    moments = list(births(plan.opening, plan.end, plan.orders, plan.random("births")))
    assert len(moments) == 50 and all(a < b for a, b in pairwise(moments))
    last = set()
    for number, birth in enumerate(moments):
        steps = [(BIRTH, birth), *fates[number % len(fates)].steps(number, birth)]
        assert all((a[0], b[0]) in LEGAL_MOVES and a[1] < b[1] for a, b in pairwise(steps))
        assert plan.opening <= birth and steps[-1][1] < plan.end
        last.add(steps[-1][0])
    assert last == set(OrderStatus)


def test_the_house_works_from_monday_to_saturday_and_never_undoes_an_order() -> None:
    hour = MICROSECONDS_A_DAY // 24
    for moment in range(0, 14 * MICROSECONDS_A_DAY, hour // 2):
        put_off = working(moment)
        days, time = divmod(put_off, MICROSECONDS_A_DAY)
        assert put_off >= moment and (days + 3) % 7 != 6 and 7 <= time // hour < 19
        assert working(put_off) == put_off
