"""What the versions of MongoDB have that indexes and rules can use: one table, with sources.

Versions 6.0 to 9.0. A specification is made for the oldest server that shall hold it, so that
nothing in it is refused when it is applied.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from modeler.errors import ConfigurationError

Version = tuple[int, ...]
VERSIONS: tuple[Version, ...] = ((6, 0), (7, 0), (8, 0), (9, 0))
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]
WRITTEN = re.compile(r"(\d+)(?:\.(\d+))?(?:\.\d+)*")
# MongoDB manual, "MongoDB Limits and Thresholds", the same in 6.0 to 9.0.
MOST_INDEXES = 64  # of a collection, with the one on _id
MOST_FIELDS = 32  # of a compound index


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a server can do.

    Attributes:
        name: a clause.
        since: the first version that has it.
        source: where that is said.
        used: what of a specification needs it.
    """

    name: str
    since: Version
    source: str
    used: str

    def on(self, server: Version) -> bool:
        """Tell whether a server has it."""
        return tuple(server[:2]) >= self.since

    @property
    def first(self) -> str:
        """The first version, as people write it."""
        return spelled(self.since)


def spelled(version: Version) -> str:
    """Return a version as people write it: ``7``, ``8.2``."""
    return str(version[0]) if not any(version[1:2]) else f"{version[0]}.{version[1]}"


def read_version(text: object) -> Version:
    """Return the version that a setting or an option names.

    Raises:
        ConfigurationError: it is none, or of a server that is too old.
    """
    match = WRITTEN.fullmatch(str(text).strip())
    version = (int(match[1]), int(match[2] or 0)) if match else ()
    if version < OLDEST:
        raise ConfigurationError(
            f"{text!r} is no version of MongoDB that collections can be specified for. "
            f"Name one from {spelled(OLDEST)} on, such as 7.0."
        )
    return version


MANUAL = "MongoDB manual"
PARTIAL_COMPARISONS = Feature(
    "partial filters of equality, $exists: true, $gt, $gte, $lt, $lte, $type and $and at the top",
    (3, 2), f'{MANUAL} 5.0, "Partial Indexes"', "conditions of indexes, unique keys with NULL",
)  # fmt: skip
PARTIAL_CHOICES = Feature(
    "$or, $in and $and at any depth in partial filters",
    (6, 0), f'{MANUAL} 6.0 and 7.0, "Partial Indexes"', "IN, OR, NOT over choices, booleans",
)  # fmt: skip
SAME_KEYS = Feature(
    "several indexes on one key with different partial filters",
    (5, 0), f'{MANUAL}, "Partial Indexes" (restrictions)', "a unique and a plain index on one key",
)  # fmt: skip
PREPARE_UNIQUE = Feature(
    "collMod with prepareUnique, then unique",
    (6, 0), f'{MANUAL}, "collMod"', "making an index unique without building it anew",
)  # fmt: skip
CLUSTERED = Feature(
    "clustered collections",
    (5, 3), f'{MANUAL}, "Clustered Collections"', "none: BRIN becomes a plain index",
)  # fmt: skip
COMPOUND_WILDCARD = Feature(
    "compound wildcard indexes",
    (7, 0), f'{MANUAL} 7.0, "Compound Wildcard Indexes"; 6.1, "Wildcard Index Restrictions"',
    "GIN over JSON and plain columns",
)  # fmt: skip
ANALYZE_SHARD_KEY = Feature(
    "analyzeShardKey", (7, 0), f'{MANUAL} 7.0, "analyzeShardKey"', "none: the advice counts itself"
)
CONSTRAINT = Feature(
    "the validation level constraint: every stored document is guaranteed to be valid",
    (9, 0), f'{MANUAL}, "Specify Validation Level for Existing Documents"',
    "the ladder's last step",
)  # fmt: skip
FEATURES = (
    PARTIAL_COMPARISONS, SAME_KEYS, CLUSTERED, PARTIAL_CHOICES, PREPARE_UNIQUE, COMPOUND_WILDCARD,
    ANALYZE_SHARD_KEY, CONSTRAINT,
)  # fmt: skip
