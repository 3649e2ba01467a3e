"""The goods of a plan: categories, tags, products, price lists, and what things cost when."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from itertools import accumulate
from random import Random
from typing import NamedTuple

from orders.seed.assortment import COLOURS, SIZES, STYLES, TAGS, TREE, Shelf
from orders.seed.keys import Keys
from orders.seed.plan import MICROSECONDS_A_DAY, Plan, stamp
from orders.seed.rhythm import HOUR

# Price lists of half a year.
SEASON = 6
# A thousand products sell as the first dozen of them do: weight 1 / (rank + this) ** 0.9.
LONG_TAIL, EXPONENT = 4, 0.9
FEWEST, MOST_PRODUCTS = 40, 3000
# How many products are there from the first day, how many change their price with a new list.
FROM_THE_START, REPRICED = 0.7, 0.5


class Ware(NamedTuple):
    """A product as it is put into a basket."""

    key: str
    # Name and SKU as columns for COPY.
    label: str
    price: int
    # The price as SQL reads it.
    priced: str


class Season(NamedTuple):
    """What is on sale while one price list holds; ``until`` in microseconds since 1970."""

    until: int
    wares: tuple[Ware, ...]
    # Cumulated weights: how well each sells.
    weights: tuple[float, ...]


class Repricing(NamedTuple):
    """A new price of a product, in cents, at a moment, with the price list of a season."""

    season: int
    key: str
    moment: int
    price: int


class _Product(NamedTuple):
    key: str
    label: str
    season: int
    weight: float


class Goods:
    """Makes all goods of a plan; the lists of ``str`` are lines for COPY."""

    def __init__(self, plan: Plan) -> None:
        self._random: Random = plan.random("goods")
        self._keys = Keys(self._random)
        # The house is furnished in the first hours of the first day.
        self._moment = plan.opening
        self.categories: list[str] = []
        self.tags: list[str] = []
        self.products: list[str] = []
        self.product_tags: list[str] = []
        self.price_lists: list[str] = []
        self.repricings: list[Repricing] = []
        self.seasons: list[Season] = []
        starts = self._seasons(plan)
        tags = [self._tag(name) for name in TAGS]
        shelves = self._shelves()
        count = min(FEWEST + int(12 * math.sqrt(plan.orders)), MOST_PRODUCTS)
        prices: dict[str, int] = {}
        products = [
            self._product(number, shelves, starts, tags, prices) for number in range(1, count + 1)
        ]
        for number, until in enumerate([*starts[1:], plan.end]):
            on_sale = [product for product in products if product.season <= number]
            if number:
                self._reprice(on_sale, starts[number], number, prices)
            self.seasons.append(
                Season(
                    until,
                    tuple(
                        Ware(p.key, p.label, prices[p.key], money(prices[p.key])) for p in on_sale
                    ),
                    tuple(accumulate(p.weight for p in on_sale)),
                )
            )

    def _next(self) -> int:
        self._moment += 1_000_000 + self._random.randrange(900_000)
        return self._moment

    def _seasons(self, plan: Plan) -> list[int]:
        """Write the price lists; return the moments at which they begin."""
        length = (plan.end - plan.opening) // SEASON // MICROSECONDS_A_DAY * MICROSECONDS_A_DAY
        starts = [plan.opening + number * length for number in range(SEASON)]
        for number, start in enumerate(starts):
            # The last one holds until another one is made.
            end = stamp(starts[number + 1])[:10] if number + 1 < SEASON else ""
            moment = self._next()
            self.price_lists.append(
                f"{self._keys.at(moment)}\t{stamp(moment)}\tPrices from {stamp(start)[:10]}"
                f"\t[{stamp(start)[:10]},{end})"
            )
        return starts

    def _tag(self, name: str) -> str:
        moment = self._next()
        key = self._keys.at(moment)
        self.tags.append(f"{key}\t{stamp(moment)}\t{name}\t{_slug(name)}")
        return key

    def _shelves(self) -> list[tuple[str, Shelf, str]]:
        """Write the tree; return key, shelf and the beginning of SKUs of its third level."""
        found = []
        for place, (top, middles) in enumerate(TREE.items()):
            above = self._category(top, "", place, f"All for {top.lower()}.")
            for second, (middle, shelves) in enumerate(middles.items()):
                key = self._category(middle, above, second, f"{middle}, under {top.lower()}.")
                for third, shelf in enumerate(shelves):
                    text = f"{', '.join(shelf.nouns)} and more."
                    leaf = self._category(shelf.name, key, third, text)
                    found.append((leaf, shelf, (top[:2] + shelf.name[:2]).upper()))
        return found

    def _category(self, name: str, above: str, place: int, text: str) -> str:
        moment = self._next()
        key = self._keys.at(moment)
        self.categories.append(
            f"{key}\t{stamp(moment)}\t{above or NULL}\t{name}\t{_slug(name)}\t{text}\t{place}"
        )
        return key

    def _product(
        self,
        number: int,
        shelves: list[tuple[str, Shelf, str]],
        starts: list[int],
        tags: list[str],
        prices: dict[str, int],
    ) -> _Product:
        random = self._random
        category, shelf, prefix = random.choice(shelves)
        season = 0 if random.random() < FROM_THE_START else random.randrange(1, SEASON)
        # Newcomers arrive in the last week before their season, so that they are there in time.
        moment = (
            starts[season] - random.randrange(1, 7 * 24) * HOUR + random.randrange(HOUR)
            if season
            else self._next()
        )
        key = self._keys.at(moment)
        noun, style = random.choice(shelf.nouns), random.choice(STYLES)
        what, values = shelf.material
        material = random.choice(values)
        label = f"{noun} {style} {number}, {material}\t{prefix}-{number:05d}"
        attributes: dict[str, object] = {
            what: material,
            "colour": random.choice(COLOURS) if what != "colour" else material,
            "weight_g": int(50 * 200 ** random.random()),
        }
        if shelf.sized:
            least = random.randrange(2)
            attributes["sizes"] = SIZES[least : least + random.randrange(3, 5)]
        else:
            attributes["dimensions_cm"] = {
                side: random.randrange(2, 120) for side in ("width", "height", "depth")
            }
        least, most = shelf.price
        prices[key] = price = _rounded(int(least * (most / least) ** random.random()))
        text = (
            f"{noun} of the series {style} with {material} as its {what}."
            f" Comes from our shelf of {shelf.name.lower()}; made to last and to be repaired."
        )
        active = "f" if random.random() < 0.03 else "t"
        self.products.append(
            f"{key}\t{stamp(moment)}\t{label}\t{text}\t{category}\t{money(price)}"
            f"\t{int(500 * random.random() ** 3)}\t{json.dumps(attributes)}\t{active}"
        )
        for tag in random.sample(tags, random.choices((0, 1, 2, 3), (35, 35, 20, 10))[0]):
            own = self._keys.at(moment)
            self.product_tags.append(f"{own}\t{stamp(moment)}\t{key}\t{tag}")
        weight = 1 / (random.randrange(MOST_PRODUCTS) * random.random() + LONG_TAIL) ** EXPONENT
        return _Product(key, label, season, weight)

    def _reprice(
        self, products: list[_Product], start: int, season: int, prices: dict[str, int]
    ) -> None:
        """Change some prices with the new list, within its first seconds."""
        moment = start
        for product in products:
            if product.season < season and self._random.random() < REPRICED:
                moment += 1000 + self._random.randrange(1000)
                price = _rounded(int(prices[product.key] * self._random.uniform(0.94, 1.12)))
                if price != prices[product.key]:
                    prices[product.key] = price
                    self.repricings.append(Repricing(season, product.key, moment, price))


class Shop:
    """Hands out wares, by how well they sell at a time that only goes on."""

    def __init__(self, seasons: list[Season], random: Random) -> None:
        self._seasons, self._number, self._chance = seasons, 0, random.random

    def ware(self, moment: int) -> Ware:
        """Return what somebody buys at a moment."""
        season = self._seasons[self._number]
        while moment >= season.until and self._number + 1 < len(self._seasons):
            self._number += 1
            season = self._seasons[self._number]
        wanted = self._chance() * season.weights[-1]
        return season.wares[min(bisect_right(season.weights, wanted), len(season.wares) - 1)]


# How COPY writes NULL.
NULL = "\\N"


def money(cents: int) -> str:
    """Return an amount as SQL reads it."""
    return f"{cents // 100}.{cents % 100:02d}"


def _rounded(cents: int) -> int:
    """Return a price that looks like one: it ends in 90, or in 9 when it is small."""
    return max(cents // 100 * 100 + 90 if cents >= 1000 else cents // 10 * 10 + 9, 99)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
