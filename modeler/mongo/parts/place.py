"""Where an embedded table's fields lie in a document, and how an expression reaches each row.

Source: MongoDB manual, "$map", "$allElementsTrue", "$isArray".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A place below the root.

    Attributes:
        steps: ``(field, is an array)`` from the root down.
    """

    steps: tuple[tuple[str, bool], ...] = ()

    def below(self, field: str, *, many: bool) -> Place:
        """Return the place of a part within this one."""
        return Place((*self.steps, (field, many)))

    @property
    def path(self) -> str:
        """The dotted path, as queries and indexes spell it; ``""`` for the root."""
        return ".".join(field for field, _ in self.steps)

    @property
    def in_array(self) -> bool:
        """A document may hold several rows of this place."""
        return any(many for _, many in self.steps)

    @property
    def in_rows(self) -> bool:
        """Its rows lie in rows of an array, of which some may have none."""
        return any(many for _, many in self.steps[:-1])

    @property
    def start(self) -> str:
        """What stands before a field's name in an expression: ``$``, ``$profile.``, ``$$item.``"""
        return _start(self.steps)

    @property
    def whole(self) -> str:
        """The row itself in an expression: ``$profile``, ``$$item``."""
        return self.start.removesuffix(".")

    def everywhere(self, expression: Any) -> Any:
        """Return an expression of the root that is true where the given one is, for each row.

        Args:
            expression: of one row, its fields spelled after ``start``.

        Where the place is null, missing or of a wrong type the result is true: the schema says
        what is wrong with it.
        """
        for depth in range(len(self.steps), 0, -1):
            field, many = self.steps[depth - 1]
            holder = f"{_start(self.steps[: depth - 1])}{field}"
            if many:
                each = {"input": holder, "as": _variable(depth), "in": expression}
                inner: Any = {"$allElementsTrue": [{"$map": each}]}
                expression = {"$or": [{"$not": [{"$isArray": [holder]}]}, inner]}
            else:
                expression = {"$or": [{"$ne": [{"$type": holder}, "object"]}, expression]}
        return expression

    def around(self, expression: Any) -> Any:
        """Like ``everywhere``, for an expression of the last array as a whole.

        Args:
            expression: of the array, which it spells as ``array``.
        """
        return Place(self.steps[:-1]).everywhere(
            {"$or": [{"$not": [{"$isArray": [self.array]}]}, expression]}
        )

    @property
    def array(self) -> str:
        """The last step's field in an expression of what holds it."""
        return f"{_start(self.steps[:-1])}{self.steps[-1][0]}"


def _start(steps: tuple[tuple[str, bool], ...]) -> str:
    start = "$"
    for depth, (field, many) in enumerate(steps, 1):
        start = f"$${_variable(depth)}." if many else f"{start}{field}."
    return start


def _variable(depth: int) -> str:
    return "item" if depth == 1 else f"item{depth}"
