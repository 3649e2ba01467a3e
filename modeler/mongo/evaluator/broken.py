"""A rule that a document breaks."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken rule.

    Attributes:
        path: of the value in the document, places in arrays as integers; ``()`` for the whole.
        keyword: of ``$jsonSchema`` (``maxLength``), of a query (``$gte``), or ``$expr``.
        position: of the condition of ``$expr``: its place in the ``$and`` of ``$expr``, 0 for one
            that stands alone; over all ``$expr`` of the validator in their order. None for others.
        reason: why an expression failed, ``""`` where it is just not true.
    """

    path: Path
    keyword: str
    position: int | None = None
    reason: str = ""

    @property
    def place(self) -> str:
        """The path with dots, as MongoDB writes it: ``items.2.price``."""
        return ".".join(map(str, self.path))
