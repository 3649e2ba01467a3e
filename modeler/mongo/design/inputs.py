"""All that decides about one relation: what its declaration says, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass

# Rows of a child from which it is no chance that no two of them have the same parent.
ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a projected document, estimated as BSON."""

    p50: float
    p99: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs of one relation; ``parent`` is what it leads to, ``child`` its owner.

    Attributes:
        one_to_one: a parent has one child at most.
        in_key: the reference is part of the child's primary key, or of a unique key with others.
        inline: the parent's admin edits the children.
        on_delete: as the relation declares it.
        null, enforced: the reference may be NULL; the database holds it.
        named_after: the child's name starts with the parent's.
        referenced_by: other tables that refer to the child and do not lie in it.
        other_keys: further references of the child.
        own_admin, own_page: the child has a ModelAdmin, a ``get_absolute_url``.
        counted: the parent's admin list shows a count of the children.
        timed: the child says when it was made.
        junction: the child is a pair of references and nothing else.
        rival: the junction's other side may hold the array.
        rival_p99: entries there at the 99th percentile.
        preferred: this side holds it where both are equal or not measured.
        self_reference, tree: the table refers to itself; and is a lookup tree.
        generic: each child also has a row of any table that it speaks of.
        barred: why the parent can never hold the child, ``""`` if it can.
        impossible: it cannot, whoever wants it: they lie in different databases, or in each other.
        lost_to, lost_by: where the child's rows lie by now, and the points of that relation;
            None where no points count, a person or the code having said so.
        copyable: the parent's columns may be copied.
        sole: no other table refers to the parent.
        mean, p50, p95, p99, maximum: children a parent that has any.
        homeless: share of the children without parent. late: see RelationMeasures.
        child_bytes, child_p99: of a child with all that lies in it, mean and 99th percentile.
        parent_bytes, parent_p99, parent_max: of the parent's own row.
        child_rows, parent_rows: of the tables.
        inserted, updated: rows of the child. parent_updated, parent_read: rows of the
            parent; updates that may have changed what is copied.
        monthly: children made a month.
        read_together, written_alone: 0 to 3, what the project says of its workload.
    """

    one_to_one: bool = False
    in_key: bool = False
    inline: bool = False
    on_delete: str = ""
    null: bool = False
    enforced: bool = True
    named_after: bool = False
    referenced_by: int = 0
    other_keys: int = 0
    own_admin: bool = False
    own_page: bool = False
    counted: bool = False
    timed: bool = False
    junction: bool = False
    rival: bool = False
    rival_p99: float | None = None
    preferred: bool = False
    self_reference: bool = False
    tree: bool = False
    generic: bool = False
    barred: str = ""
    impossible: bool = False
    lost_to: str = ""
    lost_by: int | None = None
    copyable: bool = True
    sole: bool = False
    mean: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    maximum: float | None = None
    homeless: float | None = None
    late: float | None = None
    child_bytes: float = 0.0
    child_p99: float = 0.0
    parent_bytes: float = 0.0
    parent_p99: float = 0.0
    parent_max: float = 0.0
    child_rows: float | None = None
    parent_rows: float | None = None
    inserted: float | None = None
    updated: float | None = None
    parent_updated: float | None = None
    parent_read: float | None = None
    monthly: float | None = None
    read_together: int = 0
    written_alone: int = 0

    @property
    def sizes(self) -> Sizes | None:
        """The parent's document with these children; None where nobody counted them.

        Children of the usual document have the mean size; the largest one is taken to be full
        of large ones, which is more than it will be.
        """
        if self.p50 is None or self.p99 is None or self.maximum is None:
            return None
        return Sizes(
            self.parent_bytes + self.p50 * self.child_bytes,
            self.parent_p99 + self.p99 * self.child_bytes,
            self.parent_max + self.maximum * self.child_p99,
        )

    @property
    def whole(self) -> bool:
        """The parent's row is there for one child alone, so that all of it may be copied."""
        return (
            self.sole
            and not self.one_to_one
            and self.maximum == 1
            and (self.child_rows or 0) >= ENOUGH
        )

    @property
    def lookup_children(self) -> float | None:
        """Children a row of the parent, whether it has any or not."""
        if not self.parent_rows or self.child_rows is None:
            return None
        return self.child_rows / self.parent_rows

    @property
    def updates_per_insert(self) -> float | None:
        if not self.inserted or self.updated is None:
            return None
        return self.updated / self.inserted

    @property
    def updates_per_read(self) -> float | None:
        """Of the parent; None where nobody has read it yet."""
        if not self.parent_read or self.parent_updated is None:
            return None
        return self.parent_updated / self.parent_read
