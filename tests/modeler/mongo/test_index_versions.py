"""What the version of a server changes about indexes, and how many any of them takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.errors import ConfigurationError
from modeler.mongo.server_features import FEATURES, MOST_INDEXES, read_version
from modeler.mongo.spec import collection_specs
from modeler.schema.column import Column
from modeler.schema.index import Index
from modeler.schema.schema import Schema
from tests.modeler.mongo.test_indexes import TABLE, part, plan

GIN_AND_PLAIN = Index("i", part("extra", "status"), method="gin")


@pytest.mark.parametrize("server", [(6, 0), (6, 0, 27), (7, 0), (7, 0, 4), (8, 0), (8, 2), (9, 0)])
def test_json_and_plain_columns_share_an_index_from_7_on(server):
    made, lost = plan(indexes=(GIN_AND_PLAIN,), server=server)
    together = [((("extra.$**", 1), ("status", 1)), {})]
    apart = [((("extra.$**", 1),), {}), ((("status", 1),), {})]
    assert (made, lost) == (together if server >= (7, 0) else apart, [])


def test_what_is_split_for_an_older_server_says_from_which_on_it_is_whole():
    schema = Schema((replace(TABLE, indexes=(GIN_AND_PLAIN,)),))
    (spec,) = collection_specs(schema, server=(9, 0))
    assert [one for one in spec.findings if one.subject.endswith(".i")] == []
    (spec,) = collection_specs(schema)
    assert [(one.code, one.message) for one in spec.findings if one.subject.endswith(".i")] == [
        ("MS206", "i is carried for an older MongoDB; from 7 on it is (extra.$** 1, status 1).")
    ]
    assert {one.note for one in spec.indexes} == {
        "of its own; one compound index from MongoDB 7 on"
    }


# Which of the table's features each version has.
HAS = {
    (6, 0): [True, True, True, True, True, False, False, False],
    (7, 0): [True, True, True, True, True, True, True, False],
    (8, 0): [True, True, True, True, True, True, True, False],
    (9, 0): [True, True, True, True, True, True, True, True],
}


@pytest.mark.parametrize("server", HAS)
def test_what_servers_have(server):
    assert [one.on(server) for one in FEATURES] == HAS[server]
    assert all(one.source and one.used for one in FEATURES)


def test_no_collection_gets_more_indexes_than_a_server_takes():
    columns = tuple(Column(f"c{n}", "integer", field_type="IntegerField") for n in range(70))
    plain = tuple(Index(f"i{n}", part(f"c{n}")) for n in range(70))
    last = replace(plain[-1], name="last", unique=True, parts=part("c69", "c1"))
    table = replace(TABLE, columns=(*TABLE.columns, *columns), indexes=(*plain, last))
    (spec,) = collection_specs(Schema((table,)))
    assert len(spec.indexes) == MOST_INDEXES - 1
    assert "last" in {one.source for one in spec.indexes}
    lost = [one.message for one in spec.findings if one.code == "MS201"]
    assert lost == [
        f"i{n} is not carried: a collection has 64 indexes at most." for n in range(62, 69)
    ]


def test_no_index_gets_more_fields_than_a_server_takes():
    columns = tuple(Column(f"c{n}", "integer", field_type="IntegerField") for n in range(33))
    index = Index("wide", part(*(one.name for one in columns)))
    table = replace(TABLE, columns=(*TABLE.columns, *columns), indexes=(index,))
    (spec,) = collection_specs(Schema((table,)))
    assert spec.indexes == ()
    assert [one.message for one in spec.findings if one.code == "MS201"] == [
        "wide is not carried: an index of MongoDB has 32 fields at most."
    ]


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("6", (6, 0)),
        ("6.0", (6, 0)),
        ("7.0.12", (7, 0)),
        ("8.2", (8, 2)),
        (9, (9, 0)),
        (7.0, (7, 0)),
    ],
)
def test_versions_are_read(text, version):
    assert read_version(text) == version


@pytest.mark.parametrize("text", ["", "5.0", "newest", "6.x", "-7", "4.4.29"])
def test_what_is_no_version_of_a_server_is_one_sentence(text):
    with pytest.raises(ConfigurationError) as error:
        read_version(text)
    assert str(error.value) == (
        f"{text!r} is no version of MongoDB that collections can be specified for. "
        "Name one from 6 on, such as 7.0."
    )
