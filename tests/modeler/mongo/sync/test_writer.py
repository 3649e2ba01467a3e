"""Guarded writes on a real MongoDB: what is newer stays, what is gone does not come back."""

from __future__ import annotations

import itertools

import pytest
from bson import Int64
from pymongo.write_concern import WriteConcern

from modeler.mongo.sync.stamp import LARGEST_DOCUMENT, stamp
from modeler.mongo.sync.writer import TOMBSTONES, delete, insert_new, write


@pytest.fixture
def collection(mongo_database):
    mongo_database.drop_collection("written")
    mongo_database.drop_collection(TOMBSTONES)
    found = mongo_database.get_collection("written", write_concern=WriteConcern("majority"))
    found.create_index("code", name="code", unique=True)
    return found


def document(version: int, key: int = 1, **fields: object):
    return stamp({"_id": key, "code": f"c{key}", "of": version, **fields}, version)


def now(collection, key: int = 1):
    found = collection.find_one({"_id": key})
    return found and found["of"]


@pytest.mark.parametrize("insert", [write, insert_new])
@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_the_newest_version_stays_in_whatever_order(collection, order, insert):
    for version in order:
        insert(collection, [document(version)], version)
    assert now(collection) == 3


# What a worker does with a version: u write, i insert, d delete.
STEPS = [
    sorted(set(itertools.permutations(kinds)))
    for kinds in (("u1", "d2"), ("u1", "d2", "u3"), ("i1", "d2"), ("i1", "d2", "i3"), ("d1", "u2"))
]


@pytest.mark.parametrize("steps", [order for orders in STEPS for order in orders], ids=" ".join)
def test_deleted_documents_do_not_come_back(collection, steps):
    for step in steps:
        version = int(step[1])
        if step[0] == "d":
            delete(collection, [1], version)
        else:
            insert = write if step[0] == "u" else insert_new
            insert(collection, [document(version)], version)
    last = max(steps, key=lambda step: int(step[1]))
    assert now(collection) == (None if last[0] == "d" else int(last[1]))


def test_what_others_wrote_without_a_version_is_older(collection):
    collection.insert_one({"_id": 1, "code": "x", "of": "theirs"})
    assert write(collection, [document(1)], 1).written == 1
    assert now(collection) == 1
    collection.insert_one({"_id": 2, "code": "y", "of": "theirs"})
    assert delete(collection, [2], 1) == 1


def test_one_refused_document_does_not_stop_the_others(collection):
    collection.insert_one({"_id": 9, "code": "c2", "of": 0})
    documents = [document(1, key) for key in (1, 2, 3)]
    for insert in (write, insert_new):
        written = insert(collection, documents, 1)
        assert [(one.id, one.code, one.key) for one in written.refused] == [
            (2, 11000, {"code": "c2"})
        ]
        assert written.refused[0].reason == "another document has code 'c2'"
        assert (now(collection, 1), now(collection, 2), now(collection, 3)) == (1, None, 1)


def test_counts(collection):
    written = write(collection, [document(2, key) for key in (1, 2)], 2)
    assert (written.written, written.inserted, written.stale) == (2, 2, 0)
    written = write(collection, [document(1, 1), document(3, 2), document(3, 3)], 3)
    # The first is of version 1 in its own bytes, but written as of 3: versions are the batch's.
    assert (written.written, written.inserted, written.stale) == (3, 1, 0)
    written = write(collection, [document(1, 2)], 1)
    assert (written.written, written.stale) == (0, 1)


def test_sixteen_mebibytes(collection):
    fits = "x" * (LARGEST_DOCUMENT - 200)
    written = write(collection, [document(1, 1, text=fits)], 1)
    assert written.refused == [] and now(collection) == 1
    assert write(collection, [document(2, 1, text=fits)], 2).refused == []
    for insert in (write, insert_new):
        large = [document(3, 1, text=fits + "y" * 300), document(3, 2)]
        written = insert(collection, large, 3)
        assert [(one.id, one.code) for one in written.refused] == [(1, 10334)]
        assert written.refused[0].reason == (
            "the document has 16.0 MiB and MongoDB takes 16; embed less of it "
            "(a subset, or a collection of its own)"
        )
        assert now(collection, 2) == 3


def test_an_index_entry_for_every_version_is_a_long(collection):
    write(collection, [document(2**50)], 2**50)
    stored = collection.find_one({"_sync.v": {"$type": "long"}})
    assert stored is not None and stored["_sync"]["v"] == Int64(2**50)
