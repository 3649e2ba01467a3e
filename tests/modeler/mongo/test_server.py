"""Validators and indexes on a real MongoDB: what fits is stored, what does not is refused."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from datetime import datetime, timedelta

import pytest
from bson import Decimal128, Int64, json_util
from bson.binary import Binary
from pymongo.errors import OperationFailure, WriteError

from modeler.mongo.patterns import to_pcre2
from modeler.mongo.spec import CollectionSpec, collection_specs
from modeler.mongo.validator import validator
from modeler.schema.column import Choice, Column
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind

NOON, MIDNIGHT = datetime(2026, 1, 2, 12), datetime(2026, 1, 2)


@pytest.fixture(scope="module")
def database(mongo_database):
    return mongo_database


def create(database, spec: CollectionSpec):
    """Create a collection as its specification says, from its own Extended JSON."""
    loaded = json_util.loads(json.dumps(validator(spec)))
    collection = database.create_collection(spec.name, validator=loaded)
    for index in spec.indexes:
        options = json_util.loads(json.dumps(dict(index.options)))
        collection.create_index(list(index.keys), name=index.name, **options)
    return collection


def column(field_type: str, database_type: str = "", **facts: object) -> Column:
    return Column("c", database_type, field_type=field_type, **facts)


INTEGER = column("IntegerField", "integer")
# field, values that PostgreSQL could hold, values that it could not or that are encoded wrongly
VALUES = [
    (column("SmallIntegerField"), [-32768, 32767], [32768, -32769, "1", 1.5, None]),
    (INTEGER, [-(2**31), 2**31 - 1], [2**31, 1.0, True]),
    (column("BigIntegerField"), [Int64(1), 7, Int64(2**63 - 1), Int64(-(2**63))], ["1", 1.5]),
    (column("PositiveIntegerField"), [0], [-1]),
    (column("FloatField"), [1.5, float("nan"), float("inf")], ["1.5"]),
    (
        column("DecimalField", max_digits=5, decimal_places=2),
        [Decimal128("999.99"), Decimal128("-999.99"), Decimal128("1.5")],
        [Decimal128("1000"), Decimal128("0.001"), 1.5],
    ),
    (
        column("DecimalField", max_digits=40, decimal_places=2),
        ["12345678901234567890123456789012345678.99", "-1"],
        ["1e5", "", 1],
    ),
    (column("BooleanField", null=True), [True, None], [0, "true"]),
    (
        column("CharField", "character varying(3)", max_length=3),
        ["", "äöü", "\U0001f600" * 3],
        ["abcd", 1],
    ),
    (
        column("CharField", "text", choices=(Choice("a", "A"),), blank=True),
        ["a", ""],
        ["b", None],
    ),
    (column("EmailField"), ["a@b.c", '"a b"@example.org'], ["a", "a@b\n", "@ "]),
    (column("SlugField"), ["a-b_1", "straße"], ["", "a b", "a\n"]),
    (column("URLField"), ["https://example.org/a?b"], ["example.org", "http://a b"]),
    (column("UUIDField"), [uuid.uuid4()], [Binary(b"short"), str(uuid.uuid4())]),
    (column("DateField"), [MIDNIGHT], [NOON, "2026-01-02"]),
    (column("DateTimeField"), [NOON], ["2026-01-02"]),
    (column("TimeField"), ["23:59:59.000001", "24:00:00.000000"], ["23:59", "33:00:00.000000"]),
    (column("DurationField"), [Int64(-5), 0], [timedelta(1).total_seconds()]),
    (column("BinaryField", max_length=2), [b"", b"ab"], [b"abc", "ab"]),
    (column("JSONField"), [None, {"a.b": 1}, [1, "x"], 5], []),
    (column("HStoreField"), [{"a": "b", "c": None}], [{"a": 1}, "a"]),
    (column("GenericIPAddressField"), ["10.0.0.1", "::1", "10.0.0.0/8"], ["host", ""]),
    (
        column("ArrayField", element=INTEGER, max_items=2),
        [[], [1, None]],
        [[1, 2, 3], ["a"], 1],
    ),
    (
        column("IntegerRangeField"),
        [{"lower": 1, "upper": None, "li": True, "ui": False, "empty": False}],
        [{"lower": "a", "upper": None, "li": True, "ui": False, "empty": False}, {"lower": 1}],
    ),
]


@pytest.mark.parametrize(
    ("given", "good", "bad"), VALUES, ids=[f"{v[0].field_type}-{n}" for n, v in enumerate(VALUES)]
)
def test_values_that_fit_are_stored_and_others_refused(database, request, given, good, bad):
    name = request.node.callspec.id
    table = Table(
        f"t.{name}", Location("default", "", name), TableKind.MODEL, name,
        primary_key=("id",), columns=(Column("id", "integer", field_type="AutoField"), given),
    )  # fmt: skip
    collection = create(database, collection_specs(Schema((table,)))[0])
    for number, value in enumerate(good):
        collection.insert_one({"_id": number, "c": value})
    assert collection.count_documents({}) == len(good)
    for number, value in enumerate(bad, start=1000):
        with pytest.raises(WriteError, match="Document failed validation"):
            collection.insert_one({"_id": number, "c": value})
            pytest.fail(f"{value!r} was stored")
    with pytest.raises(WriteError):
        collection.insert_one({"_id": 5000})
    with pytest.raises(WriteError):
        collection.insert_one({"_id": 5000, "c": good[0], "surplus": 1})


def test_the_whole_registry_is_accepted_by_the_server(database):
    """Every validator and every index of a project full of awkward models can be created."""
    specs = collection_specs(read_registry())
    refused = {}
    for spec in specs:
        try:
            create(database, spec)
        except OperationFailure as error:
            refused[spec.name] = str(error)
    assert refused == {}
    names = set(database.list_collection_names())
    assert {spec.name for spec in specs} <= names
    for spec in specs:
        held = {index["name"] for index in database[spec.name].list_indexes()}
        assert held == {"_id_", *(index.name for index in spec.indexes)}


def test_a_composite_key_is_a_document_in_order(database):
    parts = tuple(Column(n, "integer", field_type="IntegerField") for n in ("b", "a"))
    table = Table(
        "t.Pair", Location("default", "", "pair"), TableKind.MODEL, "Pair",
        primary_key=("b", "a"), columns=(*parts, INTEGER),
    )  # fmt: skip
    collection = create(database, collection_specs(Schema((table,)))[0])
    collection.insert_one({"_id": {"b": 1, "a": 2}, "c": 3})
    for wrong in (1, {"b": 1}, {"b": 1, "a": 2, "d": 3}, {"b": "1", "a": 2}):
        with pytest.raises(WriteError):
            collection.insert_one({"_id": wrong, "c": 3})


SAMPLES = [
    "", "a", "A", "é", "É", "ß", "12", "١٢", "a b", "a\n", "a\nb", "aab", "aaaab", "_-",
    "[:alpha:]",
    "2026-2026", "2026-2025", "\u2603", "straße-1", "#", "x1", "\U0001f600", " ",
]  # fmt: skip
PATTERNS = [
    (r"^[-a-zA-Z0-9_]+\Z", 0), (r"^[-\w]+\Z", 0), (r"^\w+$", re.ASCII), ("^a$", 0),
    ("^A", re.IGNORECASE), ("^É$", re.IGNORECASE), ("(?i)^a", 0), (r"^\d+\Z", 0), (r"\bb", 0),
    (r"^a{,2}b", 0), (r"^(?P<y>\d{4})-(?P=y)\Z", 0), ("^b$", re.MULTILINE), ("^a.b$", re.DOTALL),
    ("^ a \\  b $ # spaced", re.VERBOSE), ("\\u2603|\\N{GRINNING FACE}", 0), (r"^\s?\Z", 0),
    (r"^(?!a)\S+\Z", 0), (r"[^\W\d_]", 0), ("(?u)^x", 0), (r"^[[]", 0),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "flags"), PATTERNS)
def test_patterns_mean_on_the_server_what_they_mean_in_python(database, pattern, flags):
    name = f"p{PATTERNS.index((pattern, flags))}"
    translated = to_pcre2(pattern, flags)
    collection = database.create_collection(
        name, validator={"$jsonSchema": {"properties": {"c": {"pattern": translated}}}}
    )
    passed = []
    for sample in SAMPLES:
        with contextlib.suppress(WriteError):
            collection.insert_one({"c": sample})
            passed.append(sample)
    assert passed == [s for s in SAMPLES if re.search(pattern, s, flags)], translated
