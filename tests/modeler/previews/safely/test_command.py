"""The command: what it refuses, what it says, what it calls."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from modeler.postgres.connections import connection_to
from tests.modeler.previews.safely.deploy import Deploy

AGE = 'migrations.AddField("pet", "age", models.IntegerField(null=True)),'
INDEX = 'migrations.AddIndex("pet", models.Index("name", name="by_name")),'


def test_findings_are_refused_until_they_are_accepted(deploy: Deploy, tmp_path):
    deploy.project.migration("0002_index", INDEX)
    before = deploy.catalog
    code, said = deploy.run("--preview", "static", "--fail-on", "info")
    assert code == 1, said
    assert "MP401" in said
    assert "Refused, and nothing was changed. " in said
    assert "as grave as --fail-on info. Mend the migration, or accept a finding" in said
    assert (deploy.catalog, deploy.applied) == (before, ["0001_initial"])
    baseline = tmp_path / "baseline.json"
    written = deploy.start("--write-baseline", str(baseline), command="migration_preview")
    written.wait()
    code, said = deploy.run(
        "--preview", "static", "--fail-on", "info", "--baseline", str(baseline)
    )
    assert code == 0, said
    assert re.search(r"\d+ waived", said), said
    assert deploy.applied == ["0001_initial", "0002_index"]


def test_obstacles_stop_with_the_name_of_who_is_in_the_way(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    with deploy.session() as other:
        other.rows("SET application_name = 'nightly report'")
        other.rows("BEGIN; SELECT * FROM pets_pet")
        code, said = deploy.run("--preview", "static", "--lock-timeout", "100ms")
        assert code == 1
        assert "STOPS     lock holder: Process " in said
        assert "(nightly report) holds access share on pets_pet in a transaction open for" in said
        assert "1 obstacle stands in the way." in said
        assert "--accept lock-holder" in said
        assert deploy.applied == ["0001_initial"]
        run = deploy.start(
            "--preview", "static", "--lock-timeout", "100ms", "--accept", "lock-holder",
            "--fail-on", "never",
        )  # fmt: skip
        run.says("attempt 1 of 15 failed")
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert "ACCEPTED  lock holder" in run.text


def test_the_plan_changes_nothing(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    deploy.project.migration(
        "0003_index",
        'AddIndexConcurrently("pet", models.Index("name", name="by_name")),\n'
        "migrations.RunPython(migrations.RunPython.noop),",
        facts="atomic = False",
        head="from django.contrib.postgres.operations import AddIndexConcurrently\n",
    )
    before = deploy.catalog
    code, said = deploy.run("--plan")
    assert code == 0, said
    assert said.startswith("2 pending migrations on 'default', one at a time.")
    assert "pets.0002_age  (one transaction, rolled back whole when it fails)" in said
    assert "2. Raw Python operation  [code: begun and not ended, it stops the next run]" in said
    assert (deploy.catalog, deploy.applied) == (before, ["0001_initial"])
    assert deploy.run("pets", "0002")[0] == 0
    assert deploy.applied == ["0001_initial", "0002_age"]


def test_the_projects_own_migrate_is_called(deploy: Deploy):
    """With its options, once for all migrations, and signals with the whole plan."""
    deploy.project.migration("0002_age", AGE)
    deploy.project.migration("0003_index", INDEX)
    (deploy.home / "pets" / "signals.py").write_text(
        "from django.core.management.commands import migrate\n"
        "from django.db.models.signals import post_migrate\n"
        "handle = migrate.Command.handle\n"
        "def own(self, *args, **options):\n"
        "    print('own migrate', options['database'], options['run_syncdb'])\n"
        "    handle(self, *args, **options)\n"
        "migrate.Command.handle = own\n"
        "def said(sender, plan, **kwargs):\n"
        "    if sender.label == 'auth':\n"
        "        print('signal', [str(migration) for migration, _ in plan])\n"
        "post_migrate.connect(said)\n"
    )
    code, said = deploy.run("--run-syncdb")
    assert code == 0, said
    assert said.count("own migrate default True") == 1
    assert "signal ['pets.0002_age', 'pets.0003_index']" in said


def test_an_error_of_code_names_its_place_and_leaves_what_came_before(deploy: Deploy):
    deploy.project.migration("0002_age", AGE)
    deploy.project.migration(
        "0003_code", "migrations.RunPython(code),",
        head="def code(apps, editor):\n    raise ValueError('seven is no name')\n",
    )  # fmt: skip
    code, said = deploy.run()
    assert code == 1
    assert "pets.0003_code failed: ValueError: seven is no name (" in said
    assert "0003_code.py:" in said
    assert "Applied in this run: pets.0002_age. Still pending: pets.0003_code." in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--lock-timeout", "0s"], "--lock-timeout '0s' is out of bounds"),
        (["--lock-timeout", "two"], "--lock-timeout 'two' is no duration"),
        (["--patience", "1d"], "--patience '1d' is no duration"),
        (["--attempts", "0"], "--attempts must be 1 or more."),
        (["--accept", "rain"], "--accept 'rain' is no obstacle."),
        (["--database", "defualt"], "There is no database 'defualt'. Did you mean default?"),
        (["blgo"], "There is no app with migrations 'blgo'."),
        (["blog", "0999"], "There is no migration of blog '0999'."),
        (["blog", "zero"], "To undo all of blog: manage.py migrate blog zero"),
        (["--baseline", "nowhere.json"], "The baseline nowhere.json cannot be read"),
    ],
)
@pytest.mark.django_db
def test_wrong_input_is_a_sentence(arguments, words):
    with pytest.raises(CommandError) as caught:
        call_command("migrate_safely", *arguments, skip_preview=True, stdout=StringIO())
    assert words in str(caught.value)
    assert caught.value.returncode == 2


def test_other_databases_are_told_what_to_run(monkeypatch):
    other = connection_to({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, "lite")
    monkeypatch.setitem(connections.settings, "lite", other.settings_dict)
    with pytest.raises(
        CommandError, match="is made for PostgreSQL, and 'lite' is SQLite"
    ) as error:
        call_command("migrate_safely", database="lite")
    assert "Run: manage.py migrate --database lite" in str(error.value)
