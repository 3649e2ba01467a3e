"""What is made of a relation."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Patterns, by the names that MongoDB's manual has for them."""

    EMBED_ONE = "embed one"  # the child is a document in its parent's
    EMBED_ARRAY = "embed array"  # the children are an array of documents in their parent's
    ASK = "ask"  # the points do not decide; a person does. Referenced until then
    IDS = "array of ids"  # a junction becomes an array of the far side's keys
    PATH = "path"  # array of ancestors
    OUTLIER = "outlier"  # an array cut off in the few huge documents, and all in a collection
    SUBSET = "subset"  # the newest in the parent's document, and all in a collection
    BUCKET = "bucket"  # many small ones in order of time, grouped in a collection
    COPY = "extended reference"  # the child's document has columns of its parent's row
    COMPUTED = "computed"  # the parent's document counts its children
    REFERENCE = "reference"

    @property
    def embeds(self) -> bool:
        """The child's rows have their only place in the parent's document."""
        return self in EMBEDDED


EMBEDDED = frozenset({Verdict.EMBED_ONE, Verdict.EMBED_ARRAY, Verdict.IDS})
