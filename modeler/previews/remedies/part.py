"""Parts of a migration, each of which becomes a file of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count


@dataclass(frozen=True, slots=True)
class Part:
    """What one file holds.

    Attributes:
        operations: as Python, without a comma.
        slug: words for the file's name.
        tables: whose locks it takes; in a transaction together only where they are the same.
        atomic: it is a transaction.
        alone: it works on rows, or commits by itself.
        functions: Python that stands above the migration.
        imports: lines of Python.
        later: it belongs into the next release.
    """

    operations: tuple[str, ...]
    slug: str
    tables: frozenset[str] = frozenset()
    atomic: bool = True
    alone: bool = False
    functions: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    later: bool = False

    def joins(self, other: Part) -> bool:
        """Tell whether both may share a transaction: short locks of one table."""
        return (
            not (self.alone or other.alone)
            and self.atomic
            and other.atomic
            and self.later == other.later
            and self.tables == other.tables
        )

    def with_(self, other: Part) -> Part:
        slug = self.slug if other.slug in self.slug else _both(self.slug, other.slug)
        return replace(
            self,
            operations=self.operations + other.operations,
            slug=slug,
            functions=tuple(dict.fromkeys(self.functions + other.functions)),
            imports=tuple(dict.fromkeys(self.imports + other.imports)),
        )


def joined(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with neighbours put together that may be; those of later come last."""
    found: list[Part] = []
    for part in sorted(parts, key=lambda part: part.later):
        if found and found[-1].joins(part):
            found[-1] = found[-1].with_(part)
        else:
            found.append(part)
    return _apart(found)


def _both(first: str, second: str) -> str:
    """Return two slugs as one, without the words that both begin with."""
    one, two = first.split("_"), second.split("_")
    while len(two) > 1 and one and one[0] == two[0]:
        one, two = one[1:], two[1:]
    return f"{first}_{'_'.join(two)}"


def _apart(parts: list[Part]) -> tuple[Part, ...]:
    """Number the slugs that occur twice."""
    taken: set[str] = set()
    found = []
    for part in parts:
        slug = next(
            slug
            for number in count(1)
            if (slug := part.slug if number == 1 else f"{part.slug}_{number}") not in taken
        )
        taken.add(slug)
        found.append(replace(part, slug=slug))
    return tuple(found)
