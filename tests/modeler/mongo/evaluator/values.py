"""Values and documents that stand on the borders of rules, as hypothesis draws them."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta, timezone

from bson import Code, Decimal128, Int64, MaxKey, MinKey, ObjectId, Timestamp
from bson.binary import Binary
from bson.regex import Regex
from hypothesis import strategies as st

from modeler.mongo.decimals import decimal128
from modeler.mongo.uuids import uuid_binary

EAST = timezone(timedelta(hours=5, minutes=30))
NUMBERS = [
    0, 1, 2, -1, 3, 7, 2**31 - 1, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63),
    Int64(0), Int64(1), Int64(2**40), Int64(-3),
    0.0, -0.0, 1.0, 0.5, 0.1, 0.3, -2.5, 1e300, 2.0**53, float("nan"), float("inf"), float("-inf"),
    *map(Decimal128, ("0", "1", "1.0", "1.50", "0.1", "0.3", "-2.5", "0.01", "1E+3", "1E-20",
                      "9.999999999999999999999999999999999E+6144", "NaN", "Infinity",
                      "-Infinity", "-0", "12345678901234567890123456789012.34")),
    *map(decimal128, ("0", "1", "1.50", "-2.5", "12345678901234567890123456789012.34")),
]  # fmt: skip
TEXTS = [
    "",
    "a",
    "A",
    "ab",
    "ä",
    "Ä",
    "ß",
    "\U0001f600x",
    "a\n",
    " a ",
    "$a",
    "a.b",
    "12",
    "x" * 5,
]
MOMENTS = [
    datetime(1970, 1, 1), datetime(1969, 12, 31, 23, 59, 59, 999999), datetime(2024, 2, 29, 12),
    datetime(2024, 2, 29, 12, 0, 0, 500), datetime(2024, 2, 29), datetime(2020, 1, 5, tzinfo=UTC),
    datetime(2024, 2, 29, 1, tzinfo=EAST), datetime(1, 1, 1), datetime(9999, 12, 31, 23),
]  # fmt: skip
OTHERS = [
    None, True, False, b"", b"ab", b"b", Binary(b"ab", 5), uuid.UUID(int=7),
    uuid_binary(uuid.UUID(int=7).bytes), uuid_binary(bytes(16)), ObjectId("5" * 24),
    ObjectId("6" * 24), re.compile("a", re.IGNORECASE), Regex("b"), Timestamp(5, 1), MinKey(),
    MaxKey(), Code("a"), Code("a", {"x": 1}),
]  # fmt: skip
# Names that rules and documents share, so that they meet.
NAMES = ["a", "b", "c", "x1", "x2"]

names = st.sampled_from(NAMES)
numbers = st.sampled_from(NUMBERS) | st.integers(-5, 5)
scalars = st.one_of(
    numbers, st.sampled_from(TEXTS), st.sampled_from(MOMENTS), st.sampled_from(OTHERS)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3)
        | st.lists(st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2), max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip
documents = st.dictionaries(names, values, max_size=4)
