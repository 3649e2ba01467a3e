"""The script for mongosh, run by mongosh on a real MongoDB."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from modeler.mongo.drift.collection import collection_drift
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.drift.target import targets_of
from modeler.mongo.mongosh import literal, to_mongosh
from modeler.mongo.server_facts import read_facts
from modeler.mongo.shard_keys import shard_advice
from modeler.mongo.spec import collection_specs
from modeler.schema.registry import read_registry
from tests.parts import require_part

MONGOSH = Path(__file__).parents[2] / "parsers" / "node_modules" / ".bin" / "mongosh"


@pytest.mark.parsers
def test_the_script_makes_what_the_specifications_say_and_can_run_again(
    mongo_client, server_url, tmp_path
):
    require_part("mongosh (make parsers)", MONGOSH.exists())
    schema = read_registry()
    specs = collection_specs(schema)
    advice = [shard_advice(spec, schema.table(spec.table)) for spec in specs]
    script = tmp_path / "specs.js"
    script.write_text(to_mongosh(specs, advice))
    mongo_client.drop_database("scripted")
    address = server_url.replace("/?", "/scripted?")
    for _ in range(2):
        done = subprocess.run(
            [MONGOSH, address, "--quiet", script], capture_output=True, text=True, timeout=300
        )
        assert (done.returncode, done.stderr) == (0, "")
        said = [line for line in done.stdout.splitlines() if line.strip()]
        assert said == [f"{spec.name}: the rules are enforced." for spec in specs]
    database = mongo_client["scripted"]
    names = [spec.name for spec in specs]
    live = read_collections(database, names, read_facts(mongo_client, "scripted"))
    drift = [
        finding
        for target in targets_of(specs)
        for finding in collection_drift(target, live.get(target.name))
    ]
    assert drift == []
    mongo_client.drop_database("scripted")


def test_a_name_does_not_leave_its_comment():
    (spec, *_) = collection_specs(read_registry())
    nasty = replace(spec, table="a\ndb.dropDatabase();\u2028x")
    (line,) = [line for line in to_mongosh([nasty]).splitlines() if "dropDatabase" in line]
    assert re.match(r"// .* from a db\.dropDatabase\(\); x\Z", line)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"$numberLong": "9223372036854775807"}, 'NumberLong("9223372036854775807")'),
        ({"$numberDecimal": "1E-2"}, 'NumberDecimal("1E-2")'),
        ({"$numberDouble": "-Infinity"}, "-Infinity"),
        ({"$numberDouble": "0.1"}, "Double(0.1)"),
        ({"$uuid": "00000000-0000-0000-0000-000000000001"},
         'UUID("00000000-0000-0000-0000-000000000001")'),
        ({"$date": "2026-01-02T00:00:00Z"}, 'ISODate("2026-01-02T00:00:00Z")'),
        ({"$date": {"$numberLong": "-62135596800000"}}, 'ISODate("0001-01-01T00:00:00.000Z")'),
        ({"a": 1, "a.b": None, "$expr": [True]}, '{ a: 1, "a.b": null, $expr: [ true ] }'),
        ({}, "{}"),
        ("a\u2028</script>`${x}`", '"a\\u2028</script>`${x}`"'),
    ],
)  # fmt: skip
def test_values_of_bson_have_their_constructors(value, written):
    assert literal(value) == written
