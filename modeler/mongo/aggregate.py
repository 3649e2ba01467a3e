"""The shape of a collection's documents: a root table, and what is embedded in each of its rows.

Vocabulary: MongoDB manual, "Data Modeling" (embedded documents, references) and the design
patterns that MongoDB has names for (extended reference, subset, computed, array of ancestors).
Pure values: a shape says nothing of types or rules, which ``spec`` reads from the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from modeler.errors import ModelerError


class PartKind(StrEnum):
    """How rows of another table lie in a document."""

    ARRAY = "array"  # rows that refer to this one, as an array of documents
    ONE = "one"  # the only row that refers to this one, as a document or null
    VALUES = "values"  # of rows that refer to this one, one column each, as an array
    COPY = "copy"  # extended reference: columns of the row that this one refers to, or null
    PATH = "path"  # array of ancestors: the row that this one refers to and all above it


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of another table within a document.

    Attributes:
        field: its key in the document above.
        kind: see PartKind.
        relation: key of the relation that joins (``orders.OrderItem.order``): declared by the
            embedded table for ARRAY, ONE and VALUES, by the table above for COPY and PATH.
        columns: those taken, by database name, in the table's order; all if empty. The columns
            by which a row says whose it is are left out unless they are named. VALUES takes one.
        order: columns by which an array is sorted, ``-`` before a descending one; the primary
            key comes last in any case.
        first: how many rows an array takes at most (subset pattern), None for all.
        up: of a PATH, key of the relation to the row above (``catalog.Category.parent``).
        parts: what is embedded in each row. VALUES may have one COPY, whose column is then the
            value.
    """

    field: str
    kind: PartKind
    relation: str
    columns: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    first: int | None = None
    up: str = ""
    parts: tuple[Part, ...] = ()


class Measure(StrEnum):
    """What a computed field says of the rows that refer to a document's row."""

    COUNT = "count"
    SUM = "sum"
    MINIMUM = "min"
    MAXIMUM = "max"


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure kept in the document (computed pattern).

    Attributes:
        field: its key in the document.
        relation: key of the relation by which the counted rows refer to the root.
        measure: see Measure.
        column: what is summed or compared; ``""`` for a count.
    """

    field: str
    relation: str
    measure: Measure = Measure.COUNT
    column: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredIndex:
    """An index that no table has, wanted for documents.

    Attributes:
        keys: ``(path, 1 | -1 | "text" | "hashed")``, in order.
        options: ``unique``, ``weights``, ``expireAfterSeconds`` … in Extended JSON, by name.
        reason: what it is for, a clause.
    """

    keys: tuple[tuple[str, int | str], ...]
    options: tuple[tuple[str, object], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A collection: one document a row of the root table.

    Attributes:
        table: key of the root.
        collection: its name; that of the root's table if empty.
        columns: of the root, by database name; all if empty. The key is always there.
        parts: what is embedded.
        computed: figures kept with it.
        indexes: beside those of the tables.
        follow: documents are kept in step with rows; False where a service owns them, such as
            documents that a TTL index deletes.
    """

    table: str
    collection: str = ""
    columns: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    computed: tuple[Computed, ...] = ()
    indexes: tuple[DeclaredIndex, ...] = ()
    follow: bool = True

    def walk(self) -> Iterator[tuple[tuple[Part, ...], Part]]:
        """Yield every part with those above it, from the root down."""
        yield from _walk((), self.parts)


def _walk(above: tuple[Part, ...], parts: tuple[Part, ...]) -> Iterator[
    tuple[tuple[Part, ...], Part]
]:  # fmt: skip
    for part in parts:
        yield above, part
        yield from _walk((*above, part), part.parts)


class ShapeError(ModelerError, ValueError):
    """An aggregate that does not fit the schema: what, of which part, and what would fit."""
