"""Keys of enum types, whose order is that of the labels in PostgreSQL and of the letters here.

Pages, ranges of exports, sweeps and comparisons go through such keys a few rows at a time.
"""

from __future__ import annotations

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.sync import export, roots, verify
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Exporter, Range, ranges
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.verify import Depth, Fault
from tests.modeler.mongo.sync.domain import shop_in

# By position; their letters have another order, and texts of several need care in SQL.
LABELS = ("zero", "Ten", "a,b", "it's", "b%s", "ä", "nine", "one", " ", '"q"', "back\\slash")
SIZE, PAGE = len(LABELS), 4
QUOTED = ", ".join("'" + label.replace("'", "''") + "'" for label in LABELS)
# Table: the columns of its key with their types.
KEYS = {
    "alone": {"k": "size"},
    "size_first": {"k": "size", "n": "small"},
    "size_last": {"n": "small", "k": "size"},
    "two": {"k": "size", "j": '"Odd (1)  [x]"'},
    "domained": {"k": "named_size", "n": "small"},
    "elsewhere": {"k": "other.age_range"},
}
TYPES = f"""
CREATE SCHEMA other;
CREATE TYPE size AS ENUM ({QUOTED});
CREATE TYPE "Odd (1)  [x]" AS ENUM ({QUOTED});
CREATE TYPE other.age_range AS ENUM ({QUOTED});
CREATE DOMAIN set_size AS size NOT NULL;
CREATE DOMAIN named_size AS set_size CHECK (VALUE::text <> 'none');
CREATE DOMAIN small AS integer CHECK (VALUE < 100);
"""
# PostgreSQL cannot refer to a key of a domain over an enum type.
REFERRED = set(KEYS) - {"domained"}
SHAPES = tuple(
    Aggregate(
        f"default:{name}",
        parts=(Part("parts", PartKind.ARRAY, f"default:{name}_part.{name}_of"),)
        if name in REFERRED
        else (),
    )
    for name in KEYS
)


def made(name, key):
    """The tables of a key and their rows: every label, with every other where there are two."""
    far = ", ".join(f"of_{column}" for column in key)
    values = {
        column: "b.n::integer" if kind == "small" else f"({'ab'[column == 'j']}.label)::{kind}"
        for column, kind in key.items()
    }
    own = f"""
CREATE TABLE {name} ({", ".join(f"{column} {kind}" for column, kind in key.items())},
    word text NOT NULL, amount integer NOT NULL, PRIMARY KEY ({", ".join(key)}));
WITH labels AS (SELECT label, n FROM unnest(ARRAY[{QUOTED}]) WITH ORDINALITY l(label, n))
INSERT INTO {name} SELECT {", ".join(values.values())}, 'w', 1 FROM labels a, labels b
WHERE {len(key)} > 1 OR b.n = 1;
"""
    part = f"""
CREATE TABLE {name}_part (id serial PRIMARY KEY,
    {", ".join(f"of_{column} {kind}" for column, kind in key.items())},
    CONSTRAINT {name}_of FOREIGN KEY ({far}) REFERENCES {name} ON DELETE CASCADE);
INSERT INTO {name}_part ({far}) SELECT {", ".join(key)} FROM {name};
"""
    return own + (part if name in REFERRED else "")


@pytest.fixture(scope="module")
def keyed(fresh_database, mongo_client):
    tables = TYPES + "".join(made(*one) for one in KEYS.items())
    with shop_in(
        fresh_database, mongo_client, tables=tables, rows="SELECT 1", shapes=SHAPES
    ) as shop:
        yield shop


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    for module in (verify, export, roots):
        monkeypatch.setattr(module, "PAGE", PAGE)


@pytest.fixture
def connections(keyed):
    opened = WorkerConnections(keyed.connection.settings_dict, "default")
    yield opened
    opened.close()


def all_keys(keyed, name):
    """The keys in PostgreSQL's own order, in which labels go by position."""
    columns = ", ".join(f"t.{column}" for column in KEYS[name])
    shown = ", ".join(f"{column}::text" for column in KEYS[name])
    return keyed.rows(f"SELECT {shown} FROM {name} t ORDER BY {columns}")


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_on_one_page(keyed, name):
    pages = KeyPages(keyed.collections[name].root)
    found, after = [], None
    with keyed.connection.cursor() as cursor:
        while page := pages.page(cursor, after, None, PAGE):
            found += page
            after = page[-1]
    expected = all_keys(keyed, name)
    assert found == expected
    assert len(expected) == SIZE ** len(KEYS[name])
    assert expected != sorted(expected)


@pytest.mark.parametrize("name", KEYS)
def test_ranges_of_an_export_have_every_key_once(keyed, connections, name):
    one = keyed.collections[name]
    keyed.mongo[name].delete_many({})
    exporter = Exporter(connections, keyed.mongo, one)
    with keyed.connection.cursor() as cursor:
        parts = ranges(cursor, one, 7)
        keys = [
            key
            for part in parts
            for key in KeyPages(one.root).page(cursor, part.after, part.last, 1_000)
        ]
    assert keys == all_keys(keyed, name)
    assert len(parts) == SIZE ** len(KEYS[name]) // 7 + 1
    # In any order, as several processes take them.
    written = [exporter.export(part) for part in reversed(parts)]
    assert sum(result.documents for result in written) == len(keys)
    assert [result.refused for result in written if result.refused] == []
    assert keyed.stored(name) == keyed.expected(name)
    assert keyed.verify(name).equal


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("depth", [Depth.HASHES, Depth.CONTENTS])
def test_each_fault_is_found_and_no_other(keyed, connections, name, depth):
    collection = keyed.mongo[name]
    keys = all_keys(keyed, name)
    missing, stale, edited, gone = keys[0], keys[PAGE], keys[-1], keys[PAGE + 1]
    Exporter(connections, keyed.mongo, keyed.collections[name]).export(Range(0, None, None))

    with keyed.connection.cursor() as cursor:
        ids = keyed.collections[name].builder.ids(cursor, [missing, stale, edited, gone])
    collection.delete_one({"_id": ids[missing]})
    collection.update_one({"_id": ids[edited]}, {"$set": {"word": "x"}})
    # Without triggers nothing is queued, and nothing is put right before the comparison.
    where = "WHERE " + " AND ".join(f"{column}::text = %s" for column in KEYS[name])
    with keyed.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {name} SET word = 'changed' {where}", stale)
        cursor.execute(f"DELETE FROM {name} {where}", gone)
    try:
        found = keyed.verify(name, depth)
        expected = {(Fault.MISSING, missing), (Fault.STALE, stale), (Fault.EXTRA, gone)}
        expected |= {(Fault.EDITED, edited)} if depth is Depth.CONTENTS else set()
        assert {(one.fault, one.key) for one in found.differences} == expected
    finally:
        typed = ", ".join(f"%s::{kind}" for kind in KEYS[name].values()).replace("%x", "%%x")
        with keyed.connection.cursor() as cursor:
            cursor.execute(f"UPDATE {name} SET word = 'w' {where}", stale)
            cursor.execute(f"INSERT INTO {name} VALUES ({typed}, 'w', 1)", gone)
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
        collection.delete_many({})
        Exporter(connections, keyed.mongo, keyed.collections[name]).export(Range(0, None, None))
    assert keyed.verify(name).equal


@pytest.mark.parametrize("name", KEYS)
def test_rows_of_any_position_follow(keyed, name):
    keys = all_keys(keyed, name)
    where = "WHERE " + " AND ".join(f"{column}::text = %s" for column in KEYS[name])
    with keyed.connection.cursor() as cursor:
        cursor.execute(f"UPDATE {name} SET amount = amount + 1")
        cursor.execute(f"DELETE FROM {name} {where}", keys[1])
        cursor.execute(f"DELETE FROM {name} {where}", keys[-2])
    keyed.worker.drain()
    assert len(keyed.stored(name)) == len(keys) - 2
    keyed.assert_equal()


@pytest.mark.parametrize("name", KEYS)
def test_what_has_no_row_is_swept(keyed, name):
    """After a TRUNCATE, pages of stored documents are asked for, in MongoDB's order."""
    keys = all_keys(keyed, name)
    kept = keys[2]
    where = " AND ".join(f"{column}::text = %s" for column in KEYS[name])
    with keyed.connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE kept AS SELECT * FROM {name} WHERE {where}", kept)
        cursor.execute(f"BEGIN; TRUNCATE {name} CASCADE; INSERT INTO {name} SELECT * FROM kept;")
        cursor.execute("COMMIT; DROP TABLE kept")
    keyed.worker.drain()
    assert len(keyed.stored(name)) == 1
    keyed.assert_equal()


def test_a_renamed_label_is_found(keyed, connections):
    """It changes rows, and no trigger sees it."""
    export_all = Exporter(connections, keyed.mongo, keyed.collections["elsewhere"]).export
    keyed.mongo.elsewhere.delete_many({})
    export_all(Range(0, None, None))
    (key,) = all_keys(keyed, "elsewhere")[:1]
    old = key[0].replace("'", "''")
    keyed.sql(f"ALTER TYPE other.age_range RENAME VALUE '{old}' TO 'renamed'")
    try:
        found = keyed.verify("elsewhere")
        assert {(one.fault, one.key, one.detail) for one in found.differences} == {
            (Fault.MISSING, ("renamed",), ""),
            (Fault.EXTRA, key, verify.FOREIGN),
        }
    finally:
        keyed.sql(f"ALTER TYPE other.age_range RENAME VALUE 'renamed' TO '{old}'")
    assert keyed.verify("elsewhere").equal
