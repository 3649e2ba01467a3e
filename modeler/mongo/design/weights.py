"""The numbers by which relations are weighed; a project changes them in its settings.

Source: MongoDB manual, "MongoDB Limits and Thresholds", for the 16 MiB of a document. All other
numbers are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from modeler.errors import ConfigurationError, nearest_names

KIB, MIB = 1024, 1024 * 1024
LARGEST_DOCUMENT = 16 * MIB


@dataclass(frozen=True, slots=True)
class Weights:
    """Points (whole numbers, signed), limits (rows, bytes, shares from 0 to 1).

    Attributes:
        embed, ask: points from which a relation is embedded, or both documents are shown.
        veto_document, veto_p99: bytes of the largest document and of the 99th percentile.
        veto_rows: rows of the largest array.
        one_to_one … written_alone: points; see docs/collection-design.md.
        few, some, many: rows at the 95th percentile up to which an array is short, of middle
            length, or long.
        small_document, large_document: bytes at the 99th percentile.
        late_share: share of rows made more than a day after their parent.
        updates_per_insert: of a child.
        lookup_rows, lookup_children: a lookup has at most, and each of its rows at least.
        ids: entries of an array of ids at the 99th percentile.
        outlier_share: share of documents that are small where few are huge.
        outlier_rows: rows of a small one.
        subset_rows: rows of a subset.
        bucket_rows, bucket_bytes: rows a parent from which, and bytes a row up to which, rows in
            order of time go into buckets.
        copied_updates: updates a read of a row up to which it is copied.
        tree_rows: rows of a table up to which its ancestors are kept in arrays.
        moved: factor by which a number moved until a decision of a person is asked again.
    """

    embed: int = 4
    ask: int = 2
    veto_document: int = 12 * MIB
    veto_p99: int = MIB
    veto_rows: int = 1000
    one_to_one: int = 4
    in_key: int = 3
    inline: int = 3
    cascade: int = 2
    protect: int = -1
    set_null: int = -3
    required: int = 1
    nullable: int = -2
    array_few: int = 2
    array_some: int = 1
    array_many: int = -1
    array_more: int = -3
    document_small: int = 1
    document_large: int = -2
    named_after: int = 2
    referenced_once: int = -3
    referenced_more: int = -5
    other_key: int = -1
    other_keys_most: int = -2
    own_admin: int = -2
    own_page: int = -1
    late: int = -3
    updated: int = -2
    lookup: int = -3
    few: int = 20
    some: int = 100
    many: int = 500
    small_document: int = 16 * KIB
    large_document: int = 256 * KIB
    late_share: float = 0.2
    updates_per_insert: float = 5.0
    lookup_rows: int = 100
    lookup_children: int = 50
    ids: int = 500
    outlier_share: float = 0.99
    outlier_rows: int = 100
    subset_rows: int = 10
    bucket_rows: int = 500
    bucket_bytes: int = 512
    copied_updates: float = 0.01
    tree_rows: int = 10_000
    moved: float = 2.0


def weights_of(given: Mapping[str, Any]) -> Weights:
    """Return the default weights with those of a project.

    Raises:
        ConfigurationError: a name is not known, or a value is no number.
    """
    known = {field.name for field in fields(Weights)}
    for name, value in given.items():
        if name not in known:
            nearest = " or ".join(nearest_names(name, known)) or "one of docs/collection-design.md"
            raise ConfigurationError(
                f"There is no weight {name!r} for the design of collections. Use {nearest}."
            )
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ConfigurationError(f"The weight {name!r} must be a number, not {value!r}.")
    return Weights(**given)
