"""Versions, hashes and the bytes that are put together by hand."""

from __future__ import annotations

import bson
import pytest
from bson import Int64
from bson.binary import Binary
from bson.raw_bson import RawBSONDocument
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modeler.mongo.sync.stamp import hash_of, stamp, stored_hash, version_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = st.text(min_size=1, max_size=6).filter(lambda name: "\0" not in name)


def without_nul(value):
    """BSON has no NUL in names."""
    if isinstance(value, dict):
        return {name.replace("\0", ""): without_nul(part) for name, part in value.items()}
    return [without_nul(part) for part in value] if isinstance(value, list) else value


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(st.dictionaries(NAMES.filter(lambda name: name != "_sync"), VALUES), st.integers(0, 2**62))
def test_a_stamped_document_is_the_document_and_its_mark(fields, version):
    document = {"_id": 1, **without_nul(fields)}
    stamped = stamp(document, version)
    plain = bson.encode(document)
    mark = {"v": Int64(version), "h": Binary(stamped.hash)}
    assert bytes(stamped.raw.raw) == bson.encode({**document, "_sync": mark})
    assert (stamped.size, stamped.hash) == (len(stamped.raw.raw), hash_of(plain))
    assert stored_hash(RawBSONDocument(bson.encode({**document, "_sync": mark}))) == stamped.hash
    # Where somebody has put fields behind the mark, or taken it away.
    assert stored_hash(RawBSONDocument(plain)) == stamped.hash
    edited = {"_id": 1, "_sync": mark, **without_nul(fields), "new": 1}
    assert stored_hash(RawBSONDocument(bson.encode(edited))) != stamped.hash


@pytest.mark.parametrize(
    ("older", "newer"), [((1, 5), (1, 6)), ((1, 2**40 - 1), (2, 1)), ((0, 2**39), (1, 0))]
)
def test_versions_of_a_later_epoch_are_greater(older, newer):
    assert version_of(*older) < version_of(*newer) < 2**63
