"""Estimates by the command as people run it: a large live table, a lock, traffic, an export."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest

from tests.modeler.previews.project import PetProject

ROWS = 200_000
FILL = f"""
INSERT INTO pets_pet (name) SELECT 'pet ' || n FROM generate_series(1, {ROWS}) n
"""


@pytest.fixture
def many_pets(pets: PetProject):
    """A live database with a table that is not small."""
    pets.run("migrate", "--verbosity", "0")
    with psycopg.connect(pets.database_url, autocommit=True) as connection:
        connection.execute(FILL)
        connection.execute("VACUUM ANALYZE pets_pet")
    return pets


@contextmanager
def readers(url: str):
    """Somebody reads the table by its key, again and again."""
    stop = threading.Event()

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.is_set():
                connection.execute("SELECT name FROM pets_pet WHERE id = 7").fetchone()
                time.sleep(0.002)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_heavy_statement_says_what_it_will_cost(many_pets: PetProject):
    many_pets.migration(
        "0002_wider",
        """
migrations.AddField("pet", "token", models.UUIDField(null=True)),
migrations.AlterField("pet", "name", models.CharField(max_length=12)),
migrations.AddIndex("pet", models.Index("name", name="by_name")),
""",
    )
    with readers(many_pets.database_url):
        preview = many_pets.preview("--trace")
    (migration,) = preview["migrations"]
    added, rewritten, indexed = migration["forward"]
    assert "estimate" not in added  # nothing of it grows
    rewrite, build = rewritten["estimate"], indexed["estimate"]
    for estimate in (rewrite, build):
        assert estimate["tables"] == ["pets_pet"]
        assert estimate["rows"] == ROWS
        assert estimate["bytes"] > 10_000_000
        assert estimate["blocks"]
        assert 0 < width(estimate["seconds"]) <= 3.01
        assert width(estimate["queue"]) > 0
    assert "Time grows with bytes of heap and TOAST" in rewrite["seconds"]["formula"]
    assert "Time grows with rows × log rows" in build["seconds"]["formula"]
    # The new index is about as large as the sixth part of what a rewrite writes, and more.
    assert build["disk"]["interval"]["upper"] < rewrite["disk"]["interval"]["upper"]
    assert build["wal"]["interval"]["lower"] > 2_000_000
    (held,) = migration["held"]
    assert (held["relation"], held["mode"], held["last"]) == ("pets_pet", "access exclusive", 2)
    parts = [estimate["seconds"]["interval"] for estimate in (rewrite, build)]
    # The first statement holds it too, for as long as it took on the shadow.
    for bound in ("lower", "upper"):
        rest = held["seconds"]["interval"][bound] - sum(part[bound] for part in parts)
        assert 0 < rest < 1
    assert held["queue"]["interval"]["upper"] >= rewrite["queue"]["interval"]["upper"]
    grounds = preview["grounds"]
    assert grounds["measured"] == 2
    assert not grounds["exported"]
    assert "notes" not in grounds
    text = many_pets.run("migration_preview", "--trace").stdout
    assert re.search(r"^ {15}about [\d.]+ to [\d.]+ (ms|s) on 200,000 rows, 1\d MB; ", text, re.M)
    assert re.search(r"^ {7}for about [\d.]+ to [\d.]+ (ms|s); ", text, re.M)
    assert "Estimates: Sizes and traffic are those of the live database, read on 20" in text
    without = many_pets.preview("--trace", "--no-estimates")
    assert "estimate" not in str(without["migrations"])
    assert "grounds" not in without


def width(estimated: dict) -> float:
    interval = estimated["interval"]
    return interval["upper"] / interval["lower"]


HEAD = """
def mark(apps, schema_editor):
    Pet = apps.get_model("pets", "Pet")
    Pet.objects.filter(name__gt="pet 5").update(name="marked")
    Pet.objects.filter(pk=1).update(name="one")
"""


def test_ci_reckons_with_an_export(pets: PetProject, tmp_path):
    pets.run("migrate", "--verbosity", "0")
    with psycopg.connect(pets.database_url, autocommit=True) as connection:
        connection.execute(FILL)
        connection.execute("VACUUM ANALYZE pets_pet")
        export = tmp_path / "statistics.json"
        assert not pets.run("export_statistics", "--values", "--output", str(export)).returncode
        connection.execute("TRUNCATE pets_pet")
    enlarge(export, 200, days=3)
    pets.migration(
        "0002_mark",
        """
migrations.RunPython(mark, migrations.RunPython.noop),
migrations.AddField("pet", "born", models.DateField(auto_now_add=True, null=True)),
""",
        head=HEAD,
    )
    pets.migration(
        "0003_index", 'migrations.AddIndex("pet", models.Index("name", name="by_name")),'
    )
    preview = pets.preview("--trace", "--statistics", str(export))
    mark, index = preview["migrations"]
    marked, one = (statement for statement in mark["forward"] if "UPDATE" in statement["sql"])
    changed = [found for found in preview["findings"] if found["code"] == "MP605"]
    assert len(changed) == 1  # by the planner; the one row of the other is nothing
    # 55,554 of 200,000 names come after "pet 5"; the planner goes by a histogram.
    assert dict(changed[0]["evidence"])["rows"] == "about 11 million, by the planner"
    assert marked["estimate"]["changed"] == pytest.approx(200 * 55_554, rel=0.08)
    # No made-up name does, so that as many others were changed instead.
    assert width(marked["estimate"]["seconds"]) > 1
    assert "estimate" not in one
    (build,) = index["forward"]
    assert build["estimate"]["rows"] == 200 * ROWS
    assert "times the rows of the larger one" in build["estimate"]["notes"][0]
    told = [found for found in preview["findings"] if found["code"] == "MP401"]
    assert told[0]["level"] == "error"
    evidence = dict(told[0]["evidence"])
    assert evidence["size"].startswith("pets_pet has about 40,000,000 rows")
    assert " on 40 million rows, 2.8 GB" in evidence["estimate"]
    assert preview["grounds"]["exported"]
    text = pets.run("migration_preview", "--trace", "--statistics", str(export)).stdout
    assert "on 40 million rows, 2.8 GB" in text
    assert "are those of an export of statistics from" in text
    assert "3 days before this preview." in text
    live = pets.preview("--trace")
    assert "estimate" not in str(live["migrations"])  # on the live one nothing is large
    findings = {found["code"]: found["level"] for found in live["findings"]}
    assert findings["MP401"] == "info"


def enlarge(file, factor: int, *, days: int) -> None:
    """Make an export look like one of a table that has ``factor`` times the rows, ``days`` ago."""
    document = json.loads(file.read_text())
    figures = document["statistics"]
    read = datetime.fromisoformat(figures["read_at"]) - timedelta(days=days)
    figures["read_at"] = read.isoformat()
    for table in figures["tables"]:
        if table["name"] == "pets_pet":
            for part in (table, *table["indexes"]):
                part["pages"] *= factor
                part["tuples"] *= factor
                for name in ("heap_bytes", "bytes"):
                    if name in part:
                        part[name] *= factor
    file.write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory. Write them with manage.py export_stat"),
        ("{", "cannot be read: This is not JSON"),
        ('{"format": "modeler.statistics", "version": 9}', "have format version 9"),
    ],
)
def test_a_file_that_is_no_export_is_refused(pets: PetProject, tmp_path, content, message):
    file = tmp_path / "statistics.json"
    if content is not None:
        file.write_text(content)
    done = pets.run("migration_preview", "--from-zero", "--statistics", str(file))
    assert done.returncode == 2
    assert message in done.stderr


def test_estimates_of_no_database_need_an_export(pets: PetProject):
    done = pets.run("migration_preview", "--from-zero", "--estimates")
    assert done.returncode == 2
    assert "add --statistics FILE, written by manage.py export_statistics." in done.stderr
