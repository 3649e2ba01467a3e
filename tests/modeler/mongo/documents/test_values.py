"""What documents are made of is to pymongo what its own classes are."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import bson
import pytest
from bson import Decimal128
from bson.binary import Binary
from hypothesis import given
from hypothesis import strategies as st

from modeler.mongo.decimals import decimal128
from modeler.mongo.evaluator.numbers import to_decimal
from modeler.mongo.uuids import Uuid, uuid_binary

RAW = bytes(range(16))
PAIRS = [
    (uuid_binary(RAW), Binary(RAW, 4)),
    (uuid_binary(memoryview(RAW)), Binary(RAW, 4)),
    (decimal128("-12.50"), Decimal128("-12.50")),
    (decimal128("0.00"), Decimal128("0.00")),
    (decimal128("9" * 34), Decimal128("9" * 34)),
    (decimal128("NaN"), Decimal128("NaN")),
]


@pytest.mark.parametrize(("made", "plain"), PAIRS)
def test_a_value_is_the_drivers_own(made: Any, plain: Any):
    assert made == plain
    assert plain == made
    assert repr(made) == repr(plain)
    assert bson.encode({"a": made, "b": [made]}) == bson.encode({"a": plain, "b": [plain]})
    for copied in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert copied == plain
        assert bson.encode({"a": copied}) == bson.encode({"a": plain})


def test_a_uuid_is_told_from_other_bytes():
    made = uuid_binary(RAW)
    assert type(made) is Uuid  # this driver takes it
    assert made.as_uuid().bytes == RAW
    assert made != Binary(RAW, 3)
    assert made != Binary(RAW, 0)
    assert made != uuid_binary(bytes(16))


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**20), max_value=10**20
    )
)
def test_a_number_knows_its_value(value: Decimal):
    text = f"{value + 0:f}"
    assert to_decimal(decimal128(text)) == Decimal128(text).to_decimal() == Decimal(text)
    assert str(to_decimal(decimal128(text))) == str(Decimal128(text).to_decimal())
