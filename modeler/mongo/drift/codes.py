"""Findings on a live collection: what is said of it by a plan and by drift alike."""

from __future__ import annotations

from datetime import datetime

from modeler.mongo.drift.live import LiveCollection, LiveIndex
from modeler.reporting.finding import Finding, Level

DOCS = "collections"
MOST_INDEXES = 64


def not_a_collection(live: LiveCollection) -> Finding:
    return Finding(
        "MS302", Level.ERROR, live.name,
        f"{live.name} is a {live.kind}, which cannot have a validator; nothing is done with it.",
        "Rename or drop it, or give the collection another name.",
        docs=DOCS,
    )  # fmt: skip


def foreign_index(live: LiveCollection, index: LiveIndex) -> Finding:
    return Finding(
        "MS309", Level.INFO, f"{live.name}.{index.name}",
        f"The index {index.name} of {live.name} is not modeler's; it is left as it is.",
        "Declare it in the models if documents need it, or drop it by hand.",
        docs=DOCS,
    )  # fmt: skip


def old_index(live: LiveCollection, index: LiveIndex, until: datetime | None) -> Finding:
    if until is not None:
        when = f"is hidden, and dropped by an apply after {until:%Y-%m-%d %H:%M} UTC"
    else:
        when = "is no longer specified" + (" and hidden" if index.hidden else "")
    still = " Until then it refuses duplicates." if index.normal().unique else ""
    return Finding(
        "MS310", Level.WARNING if still else Level.INFO, f"{live.name}.{index.name}",
        f"The index {index.name} of {live.name} {when}.{still}",
        "Apply hides it and drops it later; MODELER['MONGO_HIDDEN_DAYS'] says after how long.",
        docs=DOCS,
    )  # fmt: skip


def capped(live: LiveCollection) -> Finding:
    return Finding(
        "MS311", Level.WARNING, live.name,
        f"{live.name} is capped: when it is full, its oldest documents are lost.",
        "Copy it into a collection without a cap if documents have to stay.",
        docs=DOCS,
    )  # fmt: skip


def unique_beside_shards(live: LiveCollection, index: str) -> Finding:
    return Finding(
        "MS312", Level.ERROR, f"{live.name}.{index}",
        f"The unique index {index} of {live.name} does not begin with the shard key "
        f"({', '.join(live.shard_key)}), so that no shard could hold it; it is not built.",
        "Shard by a key that the unique index begins with, or give the rule up.",
        docs=DOCS,
    )  # fmt: skip


def in_the_way(live: LiveCollection, index: LiveIndex, wanted: str) -> Finding:
    return Finding(
        "MS313", Level.ERROR, f"{live.name}.{index.name}",
        f"The index {index.name} of {live.name} is not modeler's, and the server allows no "
        f"second one beside it: {wanted} is not built.",
        "Drop or change that index by hand, then apply again.",
        docs=DOCS,
    )  # fmt: skip


def too_many(live: LiveCollection, count: int) -> Finding:
    return Finding(
        "MS314", Level.ERROR, live.name,
        f"{live.name} would have {count} indexes, and a collection can have {MOST_INDEXES}; none "
        "is built.",
        "Drop indexes that nothing uses (see $indexStats), then apply again.",
        docs=DOCS,
    )  # fmt: skip


def reserved(name: str) -> Finding:
    return Finding(
        "MS302", Level.ERROR, name,
        f"{name} is a collection of modeler's own; nothing is done with it.",
        "Give the table another name.",
        docs=DOCS,
    )  # fmt: skip
