"""Migrations that fail on the shadow: a finding that says what and where, never a traceback."""

from __future__ import annotations

import json

import pytest

from tests.modeler.previews.project import PetProject

HEAD = """import os
import signal
import socket
import sys
import threading

def call(apps, editor):
    pet = apps.get_model("pets", "Pet")
    {body}

"""
CALL = "migrations.RunPython(call, migrations.RunPython.noop),"
OWNER = """
migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))]),
migrations.AddField("Pet", "owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True)),
"""
ABOUT_FAILURES = {"MP195", "MP196", "MP198", "MP504", "MP607", "MP610"}
PYTHON = "Mend the code, which meets a fresh database."
MEND = "Mend the migration: on a database that was made by the migrations before it, it fails."
REST = "What comes after it was not looked at."


def looked_at(pets: PetProject, *arguments: str):
    """Exit code, findings about failures, and notes of a preview of the second migration."""
    done = pets.run("migration_preview", "pets", pets.last, "--format", "json", *arguments)
    assert done.stdout, done.stderr
    preview = json.loads(done.stdout)["preview"]
    found = [
        f"{one['code']} {one.get('level', 'error')} {one['message']} → {one['hint']}"
        for one in preview.get("findings", ())
        if one["code"] in ABOUT_FAILURES
    ]
    return done.returncode, found, preview.get("notes", [])


@pytest.mark.parametrize(
    ("operations", "said"),
    [
        ("migrations.RunSQL('PRAGMA foreign_keys = ON', ''),",
         f"MP196 error It fails: syntax error at or near \"PRAGMA\". {REST} → {MEND}"),
        ("migrations.RunSQL('ALTER TABLE `pets_pet` MODIFY `name` text', ''),",
         f"MP196 error It fails: syntax error at or near \"`\". {REST} → {MEND}"),
        ("migrations.RunSQL('CREATE TABLE t (id int IDENTITY(1,1))\\nGO', ''),",
         f"MP196 error It fails: syntax error at or near \"IDENTITY\". {REST} → {MEND}"),
        ("migrations.RunSQL(\"SELECT 'never ends\", ''),",
         "MP196 error It fails: unterminated quoted string at or near \"'never ends\". "
         f"{REST} → {MEND}"),
        ("migrations.RunSQL('COPY pets_pet FROM STDIN', ''),",
         f"MP196 error It fails: COPY cannot be used with this method; use copy() instead. "
         f"{REST} → {MEND}"),
        ("migrations.RunSQL('VACUUM pets_pet', ''),",
         f"MP196 error It fails: VACUUM cannot run inside a transaction block. {REST} → {MEND}"),
        ("migrations.RunSQL('CREATE EXTENSION from_nowhere', ''),",
         "MP196 error It fails: extension \"from_nowhere\" is not available."),
        ("migrations.RunSQL('GRANT SELECT ON pets_pet TO from_nowhere', ''),",
         f"MP196 error It fails: role \"from_nowhere\" does not exist. {REST} → Create the role"),
        ("migrations.RunSQL('SELECT 1' + chr(0xd800), ''),",
         "MP196 error It fails: UnicodeEncodeError:"),
        ("migrations.AddField('Cat', 'name', models.TextField()),",
         f"MP196 error It fails: KeyError: ('pets', 'cat'). {REST} → {MEND}"),
        ("migrations.RemoveField('Pet', 'gone'),",
         f"MP196 error It fails: KeyError: 'gone'. {REST} → {MEND}"),
        ("migrations.RunSQL('ALTER TABLE pets_pet DROP COLUMN gone', ''),",
         "MP198 error Statement 1 cannot succeed: "),
    ],
)  # fmt: skip
def test_operations(pets: PetProject, operations, said):
    pets.migration("0002_bad", operations)
    code, found, _ = looked_at(pets)
    assert (code, len(found)) == (1, 1), found
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('no')", f"MP196 error It fails: ValueError: no. {REST} → {PYTHON}"),
        ("call(apps, editor)", "MP196 error It fails: RecursionError: maximum recursion depth"),
        ("sys.exit(4)", f"MP196 error It fails: it ended the process (sys.exit(4)). {REST}"),
        ("input('sure? ')", "MP196 error It fails: EOFError: "),
        ("os.environ['DATABASE_URL']", "MP196 error It fails: KeyError: 'DATABASE_URL'."),
        ("socket.create_connection(('10.1.2.3', 80), timeout=1)", "MP196 error It fails: "),
        ("pet.objects.create(nickname='Rex')", "MP196 error It fails: TypeError: Pet() got"),
    ],
)  # fmt: skip
def test_code(pets: PetProject, body, said):
    pets.migration("0002_bad", CALL, head=HEAD.format(body=body))
    code, found, notes = looked_at(pets)
    assert (code, len(found)) == (1, 2 if "socket" in body else 1), found
    assert found[0].startswith(said)
    if "socket" in body and not notes:  # the network was cut off
        assert "Network is unreachable" in found[0]


def test_output_of_a_migration_is_none_of_the_preview(pets: PetProject):
    body = "print('{', file=sys.stdout); os.write(1, b'\\xff'); os.write(2, b'\\xff')"
    pets.migration("0002_talks", CALL, head=HEAD.replace("{body}", body))
    assert looked_at(pets) == (0, [], [])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("os._exit(0)", "The rehearsal's process ended with code 0 while pets.0002_bad ran."),
        ("os._exit(9)", "The rehearsal's process ended with code 9 while pets.0002_bad ran."),
        ("os.kill(os.getpid(), signal.SIGSEGV)",
         "The rehearsal's process was killed by SIGSEGV while pets.0002_bad ran."),
    ],
)  # fmt: skip
def test_code_that_ends_the_process(pets: PetProject, body, said):
    pets.migration("0002_bad", CALL, head=HEAD.format(body=body))
    done = pets.run("migration_preview", "pets", "0002")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == (
        f"CommandError: {said} Run `manage.py migrate` on an empty database to see why."
    )


def test_what_is_sent_past_the_preview_is_said(pets: PetProject):
    body = "thread = threading.Thread(target=pet.objects.count); thread.start(); thread.join()"
    pets.migration("0002_thread", CALL, head=HEAD.format(body=body))
    code, found, notes = looked_at(pets)
    assert (code, found) == (0, [])
    assert notes == [
        "Not traced: what the code of pets.0002_thread sent on a connection of its own."
    ]


def test_a_statement_that_only_asks_is_shown(pets: PetProject):
    pets.migration("0002_asks", "migrations.RunSQL('SELECT count(*) FROM pets_pet', ''),")
    preview = pets.preview("pets", "0002")
    sent = [one["sql"] for one in preview["migrations"][0]["forward"]]
    assert sent == ["SELECT count(*) FROM pets_pet;"]


def test_a_block_of_code_is_not_passed_over(pets: PetProject):
    block = "DO $$ BEGIN EXECUTE 'ALTER TABLE pets_pet ADD x int'; END $$"
    pets.migration("0002_opaque", f'migrations.RunSQL("{block}", ""),')
    _, static, _ = looked_at(pets)
    _, traced, _ = looked_at(pets, "--trace")
    assert [one.partition(" → ")[0] for one in (*static, *traced)] == [
        "MP607 warning DO runs code that was not analysed.",
        "MP607 info DO runs code that was not analysed; its locks and work were measured.",
    ]


@pytest.mark.parametrize(
    ("operations", "body", "said"),
    [
        (f"{CALL}\nmigrations.AlterField('Pet', 'name', models.TextField()),",
         "pet.objects.update(owner=apps.get_model('pets', 'Owner').objects.first())",
         "MP504 error This fails on rows: the migration wrote rows of pets_pet before"),
        (CALL, "assert not pet.objects.filter(owner=None), 'a pet without owner'",
         "MP195 warning It fails on generated rows, which the schema allows: AssertionError: "),
    ],
)  # fmt: skip
def test_what_fails_on_rows_alone(pets: PetProject, operations, body, said):
    pets.migration("0002_owner", OWNER)
    pets.migration("0003_bad", operations, head=HEAD.format(body=body))
    _, static, _ = looked_at(pets)
    _, traced, _ = looked_at(pets, "--trace")
    assert (static, len(traced)) == ([], 1)
    assert traced[0].startswith(said)
