"""What other linters say of the same migrations: run in the project's own process.

Run by ``benchmarks.previews`` as ``python preview_linters.py OUTPUT``, with the settings in
the environment and the linters on the path. Writes JSON: for each tool its seconds of processor
time and wall clock, and its codes by migration. Migrations on which a tool stops with an error of
its own count as not judged.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

# Codes that speak of locks held while work grows with rows; the others are about compatibility.
LONG = {
    "django-migration-linter": frozenset(
        {"CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "REINDEX", "ALTER_COLUMN", "ADD_UNIQUE"}
    ),
    "django-safe-migrations": frozenset(
        {"SM004", "SM005", "SM009", "SM010", "SM011", "SM013", "SM015", "SM017", "SM020", "SM021",
         "SM033", "SM040", "SM041", "SM047", "SM056"}
    ),
    "squawk": frozenset(
        {"adding-field-with-default", "adding-foreign-key-constraint", "changing-column-type",
         "adding-serial-primary-key-field", "constraint-missing-not-valid",
         "disallowed-unique-constraint", "adding-not-nullable-field",
         "require-concurrent-index-creation"}
    ),
}  # fmt: skip


def main() -> None:
    django.setup()
    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = {
        "django-migration-linter": timed(lambda: migration_linter(loader)),
        "django-safe-migrations": timed(lambda: safe_migrations(loader)),
        "squawk": timed(lambda: squawk(loader)),
    }
    Path(sys.argv[1]).write_text(json.dumps(found))


def timed(run: Any) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        said = run()
    except Exception as error:  # another tool may raise anything
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "wall": round(time.perf_counter() - wall, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "said": said,
    }


def migration_linter(loader: MigrationLoader) -> dict[str, list[str]]:
    """Judge each migration as ``lintmigrations`` does, without its cache."""
    from django_migration_linter import MigrationLinter
    from django_migration_linter.sql_analyser import analyse_sql_statements

    linter = MigrationLinter(path=".", no_cache=True, no_output=True)
    said: dict[str, list[str]] = {}
    for migration in loader.disk_migrations.values():
        try:
            sql = linter.get_sql(migration.app_label, migration.name)
        except Exception:  # it stops on names that the database lacks: not judged
            continue
        errors, _, warnings = analyse_sql_statements(
            linter.sql_analyser_class, sql, linter.exclude_migration_tests
        )
        key = f"{migration.app_label}.{migration.name}"
        said[key] = sorted({issue.code for issue in (*errors, *warnings)})
    return said


def safe_migrations(loader: MigrationLoader) -> dict[str, list[str]]:
    """Judge each migration by its operations."""
    from django_safe_migrations.analyzer import MigrationAnalyzer

    analyzer = MigrationAnalyzer(db_vendor="postgresql")
    return {
        f"{migration.app_label}.{migration.name}": sorted(
            {issue.rule_id for issue in analyzer.analyze_migration(migration)}
        )
        for migration in loader.disk_migrations.values()
    }


def squawk(loader: MigrationLoader) -> dict[str, list[str]]:
    """Judge the SQL that ``sqlmigrate`` prints of each migration."""
    said: dict[str, list[str]] = {}
    for app, name in loader.disk_migrations:
        text = io.StringIO()
        try:
            call_command("sqlmigrate", app, name, stdout=text, no_color=True)
        except Exception:  # as above
            continue
        done = subprocess.run(
            ["squawk", "--reporter", "Json", "--assume-in-transaction"],
            input=text.getvalue(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        try:
            issues = json.loads(done.stdout or "[]")
        except ValueError:
            continue
        said[f"{app}.{name}"] = sorted({issue["rule_name"] for issue in issues})
    return said


if __name__ == "__main__":
    main()
