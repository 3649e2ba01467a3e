"""Names for a language that knows fewer of them than a database."""

from __future__ import annotations

from collections.abc import Callable, Hashable


class UniqueNames:
    """Gives each thing a name of its own: the wanted one, or that with a number behind.

    Args:
        same: names are equal to the language when this gives the same for both
            (``str.casefold`` where case means nothing).
    """

    def __init__(self, same: Callable[[str], str] = str) -> None:
        self._same = same
        self._given: dict[Hashable, str] = {}
        self._taken: set[str] = set()

    def of(self, thing: Hashable, wanted: str, between: str = "_") -> str:
        """Return the name of a thing; the same at every call."""
        if thing not in self._given:
            name, number = wanted, 1
            while self._same(name) in self._taken:
                number += 1
                name = f"{wanted}{between}{number}"
            self._taken.add(self._same(name))
            self._given[thing] = name
        return self._given[thing]
