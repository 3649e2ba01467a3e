"""Orders, what lies in them and how they are paid: lines for COPY, in batches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice

from orders.seed.fates import SECOND, Fates, Steps
from orders.seed.goods import Goods, Shop, money
from orders.seed.keys import Keys
from orders.seed.people import People
from orders.seed.plan import MICROSECONDS_A_DAY, PARTS, Plan, stamp
from orders.seed.rhythm import HOUR, births
from orders.status import OrderStatus, PaymentStatus

# How many different products an order has: mostly few, and a tail up to MOST_ITEMS.
MOST_ITEMS, MOST_PIECES = 40, 60
FEW_ITEMS = (0.40, 0.26, 0.14, 0.08, 0.045)
SIZES = tuple(
    accumulate([*FEW_ITEMS, *(1.2 / n**2.6 for n in range(len(FEW_ITEMS) + 1, MOST_ITEMS + 1))])
)
PIECES = tuple(accumulate([0.78, 0.13, 0.04, *(0.25 / n**2.2 for n in range(4, MOST_PIECES + 1))]))

TAX_PERCENT, FREE_FROM, SHIPPING = 19, 5000, 490
# How many are paid by a first attempt, and how many promise to pay by transfer.
REFUSED_FIRST, AUTHORIZED_FIRST = 0.06, 0.1


@dataclass(slots=True)
class Batch:
    """Some orders with all that belongs to them, ready for COPY."""

    count: int = 0
    customers: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    # Key, state and moment of every step after birth.
    order_steps: list[str] = field(default_factory=list)
    payment_steps: list[str] = field(default_factory=list)


class Baskets:
    """Tells the story of one part of a plan's orders, in the order of time.

    Every ``PARTS``-th order belongs to a part, with customers of its own: no part needs to know
    what another wrote.
    """

    def __init__(self, plan: Plan, goods: Goods, part: int) -> None:
        self._part = part
        # The house is furnished on the first day and opens on the second.
        self._births = births(
            plan.opening + MICROSECONDS_A_DAY, plan.end, plan.orders, plan.random("births")
        )
        self._random = plan.random(f"baskets/{part}")
        self._end = plan.end
        self._keys = Keys(self._random)
        self._shop = Shop(goods.seasons, self._random)
        self._people = People(plan, part)
        self._fates = Fates(plan, part)

    def batches(self, most: int) -> Iterator[Batch]:
        """Yield the part's orders, up to ``most`` at a time.

        The first batches are smaller, so that whoever writes them need not wait for long.
        """
        batch, size = Batch(), max(most // 16, 1)
        for number, birth in islice(enumerate(self._births), self._part, None, PARTS):
            self._order(batch, number, birth)
            if batch.count == size:
                yield self._with_people(batch)
                batch, size = Batch(), min(2 * size, most)
        if batch.count:
            yield self._with_people(batch)

    def _with_people(self, batch: Batch) -> Batch:
        people = self._people
        batch.customers, people.customers = people.customers, []
        batch.addresses, people.addresses = people.addresses, []
        return batch

    def _order(self, batch: Batch, number: int, birth: int) -> None:
        chance = self._random.random
        buyer = self._people.buyer(birth)
        key, when = self._keys.at(birth), stamp(birth)
        subtotal = self._items(batch.items, key, birth, when)
        tax = (subtotal * TAX_PERCENT + 50) // 100
        shipping = 0 if subtotal >= FREE_FROM else SHIPPING
        total = subtotal + tax + shipping
        to = buyer.shipping[-1 if chance() < 0.5 else 0]
        name = f"SO-{number + 1:09d}"
        batch.count += 1
        batch.orders.append(
            f"{key}\t{when}\t{name}\t{buyer.key}\t{buyer.billing}\t{to}"
            f"\t{money(subtotal)}\t{money(tax)}\t{money(shipping)}\t{money(total)}"
        )
        steps = self._fates.steps(number, birth)
        batch.order_steps += [f"{key}\t{state}\t{stamp(moment)}" for state, moment in steps]
        self._payments(batch, key, name, birth, money(total), steps)

    def _items(self, lines: list[str], order: str, birth: int, when: str) -> int:
        """Write the items of an order; return the sum of their prices in cents."""
        chance = self._random.random
        subtotal, taken = 0, set()
        for _ in range(bisect_right(SIZES, chance() * SIZES[-1]) + 1):
            ware = self._shop.ware(birth)
            if ware.key in taken:
                continue
            taken.add(ware.key)
            pieces = bisect_right(PIECES, chance() * PIECES[-1]) + 1
            price = pieces * ware.price
            subtotal += price
            lines.append(
                f"{self._keys.at(birth)}\t{when}\t{order}\t{ware.key}\t{ware.label}\t{pieces}"
                f"\t{ware.priced}\t{money(price)}"
            )
        return subtotal

    def _payments(
        self, batch: Batch, order: str, name: str, birth: int, amount: str, steps: Steps
    ) -> None:
        """Write the attempts to be paid, and what became of the one that counts."""
        chance = self._random.random
        states = dict(steps)
        paid = states.get(OrderStatus.CONFIRMED)
        attempt = 1
        if chance() < REFUSED_FIRST:
            # The answer comes within seconds, before anything else can happen.
            moment = min(birth + int((5 + 10 * chance()) * SECOND), self._end - 1)
            self._payment(batch, moment, order, amount, PaymentStatus.FAILED, f"{name}-1")
            attempt = 2
        name = f"{name}-{attempt}"
        if paid is None:
            if chance() < 0.7:
                moment = min(birth + int((16 + 3 * chance()) * SECOND), self._end - 1)
                own = self._payment(batch, moment, order, amount, PaymentStatus.PENDING, name)
                if gone := states.get(OrderStatus.CANCELLED):
                    _then(batch, own, PaymentStatus.FAILED, gone)
            return
        promised = paid - birth > HOUR
        if promised:
            first, moment = PaymentStatus.PENDING, birth + int((20 + 9 * chance()) * SECOND)
        elif chance() < AUTHORIZED_FIRST:
            first, moment = PaymentStatus.AUTHORIZED, paid
        else:
            first, moment = PaymentStatus.CAPTURED, paid
        own = self._payment(batch, moment, order, amount, first, name)
        if first == PaymentStatus.PENDING:
            _then(batch, own, PaymentStatus.CAPTURED, paid)
        elif first == PaymentStatus.AUTHORIZED:
            if sent := states.get(OrderStatus.SHIPPED):
                _then(batch, own, PaymentStatus.CAPTURED, sent)
            elif gone := states.get(OrderStatus.CANCELLED):
                _then(batch, own, PaymentStatus.FAILED, gone)
                return
        back = states.get(OrderStatus.REFUNDED) or states.get(OrderStatus.CANCELLED)
        if back:
            _then(batch, own, PaymentStatus.REFUNDED, back)

    def _payment(
        self, batch: Batch, moment: int, order: str, amount: str, status: str, name: str
    ) -> str:
        key = self._keys.at(moment)
        # A provider names a payment when it answers.
        reference = "" if status == PaymentStatus.PENDING else f"pay_{key[16:]}{key[8:12]}"
        batch.payments.append(
            f"{key}\t{stamp(moment)}\t{order}\t{amount}\t{status}\t{reference}\t{name}"
        )
        return key


def _then(batch: Batch, key: str, status: PaymentStatus, moment: int) -> None:
    batch.payment_steps.append(f"{key}\t{status}\t{stamp(moment)}")
