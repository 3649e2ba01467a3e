"""Who buys: a crowd that grows, in which some come back often and most rarely."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from orders.seed.fates import SECOND
from orders.seed.keys import Keys
from orders.seed.places import COUNTRIES, FIRST_NAMES, LAST_NAMES, SHARES, address
from orders.seed.plan import PARTS, Plan, stamp

# How many orders come from somebody new, and how many of those who register never buy.
NEW, NEVER_BUY = 0.2, 0.04
# Among those who are there: the greater, the more the faithful few buy.
FAITHFUL = 2.0
# Who has another address to which goods go.
SECOND_ADDRESS = 0.15

_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "ç": "c", " ": ""})


class Buyer(NamedTuple):
    """The keys of a customer and of the places where bills and goods go."""

    key: str
    billing: str
    shipping: tuple[str, ...]


class People:
    """Brings the buyer of each order of a part; both lists are lines for COPY."""

    def __init__(self, plan: Plan, part: int) -> None:
        self._opening, self._random = plan.opening, plan.random(f"people/{part}")
        self._keys = Keys(self._random)
        self._known: list[Buyer] = []
        # Numbers that no other part gives.
        self._numbers = count(part + 1, PARTS)
        self.customers: list[str] = []
        self.addresses: list[str] = []

    def buyer(self, birth: int) -> Buyer:
        """Return who places the order that is born at this moment."""
        chance = self._random.random
        known = self._known
        if known and chance() >= NEW:
            return known[int(len(known) * chance() ** FAITHFUL)]
        if chance() < NEVER_BUY:
            self._register(birth)
        buyer = self._register(birth)
        # The faithful are no elders: newcomers take any place, at the cost of who was there.
        known.append(buyer)
        place = int(len(known) * chance())
        known[place], known[-1] = known[-1], known[place]
        return buyer

    def _register(self, birth: int) -> Buyer:
        """Write down somebody new, shortly before their first order."""
        chance, choice = self._random.random, self._random.choice
        since = max(birth - int((30 + 1800 * chance()) * SECOND), self._opening)
        country = self._random.choices(COUNTRIES, cum_weights=SHARES)[0]
        first, last = choice(FIRST_NAMES), choice(LAST_NAMES)
        name = f"{first}.{last}".lower().translate(_ASCII)
        email = f"{name}{next(self._numbers)}@example.{choice(('com', 'net', 'org'))}"
        phone = country.phone(self._random) if chance() < 0.85 else ""
        key = self._keys.at(since)
        self.customers.append(f"{key}\t{stamp(since)}\t{first}\t{last}\t{email}\t{phone}")
        place = address(country, self._random)
        kinds = ["shipping"] + ["shipping"] * (chance() < SECOND_ADDRESS)
        billing = self._address(key, since, "billing", place, default="t")
        shipping = tuple(
            self._address(
                key,
                since,
                kind,
                place if number == 0 else address(country, self._random),
                default="f" if number else "t",
            )
            for number, kind in enumerate(kinds)
        )
        return Buyer(key, billing, shipping)

    def _address(self, customer: str, since: int, kind: str, place: str, *, default: str) -> str:
        key = self._keys.at(since)
        self.addresses.append(f"{key}\t{stamp(since)}\t{customer}\t{kind}\t{place}\t{default}")
        return key
