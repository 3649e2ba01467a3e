"""The triggers as a migration of an app that the project names.

Triggers of packages' tables belong to no package: they are the project's, so that they are
versioned, reviewed and taken back with its own migrations.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import MigrationWriter

from modeler.errors import ConfigurationError
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.install import statements_for
from modeler.mongo.sync.tables import DROP
from modeler.mongo.sync.triggers import uninstall_sql
from modeler.mongo.sync.watch import tables_of, watches
from modeler.schema.schema import Schema

NAME = "modeler_sync"


def write_migration(
    connection: BaseDatabaseWrapper,
    schema: Schema,
    specs: Sequence[CollectionSpec],
    app_label: str,
) -> Path:
    """Write the migration and return its path.

    Raises:
        ConfigurationError: there is no such app, or it has no migrations.
    """
    if app_label not in {config.label for config in apps.get_app_configs()}:
        raise ConfigurationError(f"There is no app {app_label!r} to write a migration into.")
    loader = MigrationLoader(None, ignore_no_migrations=True)
    leaves = loader.graph.leaf_nodes(app_label)
    if not leaves:
        raise ConfigurationError(
            f"{app_label} has no migrations. Run makemigrations {app_label} first."
        )
    tables = tables_of(watches(schema, specs))
    apps_of_tables = {
        table.app for table in schema.tables if table.location in tables and table.app
    }
    needed = {
        leaf
        for label in sorted(apps_of_tables | {app_label})
        for leaf in loader.graph.leaf_nodes(label)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (home,) = cursor.fetchone()
    number = int(leaves[0][1][:4]) + 1 if leaves[0][1][:4].isdigit() else len(leaves) + 1
    forward: Any = list(statements_for(connection, schema, specs))
    backward: Any = [*uninstall_sql(tables, home), *DROP]
    made = type("Migration", (Migration,), {})(f"{number:04d}_{NAME}", app_label)
    made.dependencies = sorted(needed)
    made.operations = [RunSQL(sql=forward, reverse_sql=backward)]
    writer = MigrationWriter(made, include_header=True)
    path = Path(writer.path)
    path.write_text(writer.as_string())
    return path
