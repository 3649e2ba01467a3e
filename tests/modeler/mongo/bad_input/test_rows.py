"""Rows and tables that are no documents as they are, under every command.

All lie in one app. Each command runs once over them, a second time after the rows are mended; a
cell is what one command says of one bad input. Nothing else stops: the other rows become
documents, those that cannot are kept with the reason.
"""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings as project
from django.db import connection
from django.test.utils import override_settings

from modeler.mongo.server import close_clients
from modeler.mongo.sync.comparing import verify_collections
from tests.modeler.mongo.bad_input.commands import (
    NAME,
    SYNC,
    Ran,
    of_models,
    of_rows,
    rows,
    run,
    specs,
    sql,
    sync,
)

APP = "odd"
PACKAGE = "tests.modeler.mongo.bad_input.odd"
BAD = """
INSERT INTO odd_amount VALUES (1, 'NaN'), (2, 1.50);
INSERT INTO odd_digits VALUES (1, '123456789012345678901234567890123456.7891');
INSERT INTO odd_twin VALUES (1, '2026-01-01 00:00:00.000001+00'),
    (2, '2026-01-01 00:00:00.000002+00'), (3, '2026-01-02');
INSERT INTO odd_large VALUES (1, repeat('x', 17000000)), (2, 'small');
INSERT INTO odd_named VALUES (1, 'k', 'p', 5);
INSERT INTO odd_hen VALUES (1, 'a', NULL, NULL), (2, 'b', NULL, 1);
INSERT INTO odd_egg VALUES (1, 1), (2, NULL);
UPDATE odd_hen SET egg_id = 1, above_id = 2 WHERE id = 1;
INSERT INTO odd_keyless VALUES ('a', 'one'), ('a', 'two'), ('b', 'three');
"""
MENDED = """
UPDATE odd_amount SET value = 0 WHERE id = 1;
UPDATE odd_twin SET moment = moment + interval '1 second' WHERE id = 2;
UPDATE odd_large SET text = 'short' WHERE id = 1;
UPDATE odd_keyless SET code = 'c' WHERE name = 'two';
"""
EXPORTED = ("odd.Large", "odd.Named")
ORDER = {
    **of_models(APP),
    **of_rows(APP, ""),
    "specs --apply --dry-run": specs(APP, "--apply", "--dry-run"),
    "specs --apply": specs(APP, "--apply"),
    "specs --drift": specs(APP, "--drift"),
    "sync --export": (SYNC, *EXPORTED, "--export", "--database", NAME),
    "sync --new-epoch": sync(APP, "--new-epoch"),
    "sync --once": sync(APP, "--once"),
    "sync --verify": sync(APP, "--verify", "--depth", "contents"),
    "sync --status --check": sync(APP, "--status", "--check"),
    "sync --rebuild": (SYNC, "--rebuild", "odd_large", "--database", NAME),
}
AGAIN = {
    "specs --preflight": specs(APP, "--preflight"),
    "specs --prove": specs(APP, "--prove", "--workers", "1"),
    "sync --once": sync(APP, "--once"),
    "sync --rebuild": (SYNC, "--rebuild", "odd_large", "--database", NAME),
    "sync --verify": sync(APP, "--verify", "--depth", "contents"),
    "sync --status --check": sync(APP, "--status", "--check"),
}


@pytest.fixture(scope="module")
def ran(session_database, mongo_client):
    """What every command left, with bad rows and after they were mended."""
    credentials = mongo_client.options.pool_options._credentials
    host, port = mongo_client.address
    url = (
        f"mongodb://{credentials.username}:{credentials.password}@{host}:{port}/"
        "?authSource=admin&replicaSet=modeler"
    )
    with (
        override_settings(INSTALLED_APPS=[*project.INSTALLED_APPS, PACKAGE]),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("MONGO_URL", url)
        patch.setitem(verify_collections.__kwdefaults__, "longest", 0.1)
        patch.setattr("modeler.mongo.sync.batch.FIRST_WAIT", 0.001)
        with connection.schema_editor() as editor:
            for model in apps.get_app_config(APP).get_models():
                if model._meta.managed:
                    editor.create_model(model)
        sql("CREATE TABLE odd_keyless (code varchar(20) NOT NULL, name varchar(20) NOT NULL)", BAD)
        mongo_client.drop_database(NAME)
        first = {name: run(*command) for name, command in ORDER.items()}
        dead = dict(rows("SELECT collection || ' ' || key[1], reason FROM modeler_sync_dead"))
        sql(MENDED)
        run(*sync(APP, "--retry-dead"))
        second = {name: run(*command) for name, command in AGAIN.items()}
        yield first, dead, second, mongo_client[NAME]
        run(*sync(APP, "--uninstall"))
        close_clients()
        mongo_client.drop_database(NAME)


WRONG_KEY = (
    "rows that share what the model says is their key, of which one document would be made, or "
    "that have none"
)
LOST = "1 row{} with a key that another row has, or none: of them no document is made"
TOO_LARGE = "the document has 16.2 MiB and MongoDB takes 16; embed less of it (a subset, or a "
# bad input: what commands must say of it, by command.
SAID = {
    "NaN": {
        "specs --preflight": "ERROR MS501  odd.Amount.value: NaN or infinite numbers, which "
        "documents refuse: 1 row.\n        such as 1\n        → Give them a number, or NULL.",
        "specs --prove": "odd_amount: 1 of 2 documents would be refused.\n",
        "specs --samples": 'value: NumberDecimal("NaN")',
        "sync --once": "given up, such as ",
        "sync --verify": "odd_amount: differs. 2 rows, 1 document",
        "sync --status --check": "  odd_amount 1: Document failed validation: ",
    },
    "40 digits": {
        "specs": "odd_digits  (from odd.Digits)\n",
        "specs --prove": "odd_digits: 0 of 1 document would be refused.",
        "specs --samples": 'value: "123456789012345678901234567890123456.7891"',
        "sync --verify": "odd_digits: equal (1 document, 1 compared).",
    },
    "microsecond twins under unique": {
        "specs --preflight": "ERROR MS511  odd.Twin.moment: keys a few microseconds apart, which "
        "a unique index of MongoDB takes for one: 1 group of rows.",
        "sync --verify": "odd_twin: differs. 3 rows, 2 documents",
        "sync --status --check": "another document has moment datetime.datetime(2026, 1, 1, 0, 0)",
    },
    "over 16 MiB": {
        "specs --prove": "  1 document over 16 MiB, which MongoDB refuses",
        "specs --samples": "x… (17,000,000 characters)",
        "sync --export": f"  refused 1: {TOO_LARGE}",
        "sync --verify": "odd_large: differs. 2 rows, 1 document",
        "sync --status --check": f"  odd_large 1: {TOO_LARGE}",
        "sync --rebuild": f"1 row was refused, such as 1: {TOO_LARGE}collection of its own). "
        "odd_large stays as it is. Mend what is refused, and run the "
        "rebuild again.",
    },
    "columns called _id, a.b and $x": {
        "specs --prove": "odd_named: 0 of 1 document would be refused.",
        "sync --export": "odd_named: 1 document, ",
        "sync --verify": "odd_named: equal (1 document, 1 compared).",
    },
    "a cycle of tables": {
        "specs --prove": "odd_hen: 0 of 2 documents would be refused.",
        "design": "odd.Egg.hen → odd.Hen: ",
        "sync --verify": "odd_hen: equal (2 documents, 2 compared).",
    },
    "an empty table": {
        "specs --prove": "odd_empty: 0 of 0 documents would be refused.",
        "specs --samples": "odd_empty  (generated: no rows)",
        "sync --verify": "odd_empty: equal (0 documents).",
    },
    "a table without a primary key": {
        "specs --preflight": f"ERROR MS515  odd.Keyless: {WRONG_KEY}: 1 group of rows.\n"
        "        such as a\n        → Give the table a primary key, or the model another one.",
        "specs": "warning: Nothing in default:odd_keyless holds the key of odd.Keyless (code): "
        "rows that share it would be one document. [MS105]",
        "specs --prove": "odd_keyless: 0 of 2 documents would be refused.\n  "
        + LOST.format(" more"),
        "sync --verify": "odd_keyless: differs. 3 rows, 2 documents, 3 compared.\n  "
        + LOST.format(""),
    },
}
CODES = {
    "specs --check": 1, "specs --preflight": 1, "specs --prove": 1, "sync --export": 1,
    "sync --verify": 1, "sync --status --check": 1, "sync --rebuild": 2,
}  # fmt: skip
CELLS = [(bad, name) for bad, said in SAID.items() for name in said]


@pytest.mark.parametrize(("bad", "name"), CELLS, ids=[" | ".join(cell) for cell in CELLS])
def test_what_is_said(ran, bad, name):
    one: Ran = ran[0][name]
    assert SAID[bad][name] in one.out + one.err, one.out[-4000:] + one.err


def test_exit_codes(ran):
    assert {name: one.code for name, one in ran[0].items() if one.code} == CODES
    assert {name: one.code for name, one in ran[2].items() if one.code} == {}


def test_what_cannot_be_a_document_is_kept_with_its_reason_and_nothing_else(ran):
    # Of the twins the one that comes second is refused, whichever that is.
    said = {name.partition(" ")[0]: reason for name, reason in ran[1].items()}
    assert len(ran[1]) == len(said) == 3
    assert said["odd_amount"].startswith("Document failed validation")
    assert said["odd_large"].startswith(TOO_LARGE)
    assert said["odd_twin"] == ("another document has moment datetime.datetime(2026, 1, 1, 0, 0)")


def test_after_mending_all_is_equal(ran):
    _, _, second, database = ran
    found = second["sync --verify"]
    assert re.findall(r"^(\w+): (\w+)", found.out, re.M) == [
        (f"odd_{name}", "equal")
        for name in (
            "amount",
            "digits",
            "egg",
            "empty",
            "hen",
            "keyless",
            "large",
            "named",
            "twin",
        )
    ]
    assert second["specs --preflight"].out.count("ERROR") == 0
    assert second["sync --rebuild"].out.startswith("odd_large is built anew: 2 documents, ")
    (named,) = database.odd_named.find({}, {"_sync": 0})
    assert named == {"_id": 1, "_id_": "k", "a_b": "p", "x": 5}
    (digits,) = database.odd_digits.find()
    assert digits["value"] == "123456789012345678901234567890123456.7891"
