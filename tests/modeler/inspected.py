"""Models that ``inspectdb`` writes of a database, as a project over a legacy one has them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.apps.registry import Apps
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.options import Options

from modeler.postgres.connections import registered


@contextmanager
def inspected(connection: BaseDatabaseWrapper, *, without: str = "") -> Iterator[Apps]:
    """Give a registry of models of all tables, in the place of the blog's.

    In the block, the connection is that of its alias.

    Args:
        connection: to the database.
        without: lines of fields of this name are taken out, as a project may that has no use
            for a column.
    """
    apps = Apps(["tests.blog"])
    with registered(connection):
        written = io.StringIO()
        call_command("inspectdb", database=connection.alias, stdout=written)
        lines = written.getvalue().splitlines()
        text = "\n".join(x for x in lines if not (without and x.startswith(f"    {without} = ")))
        text = text.replace("class Meta:", "class Meta:\n        app_label = 'blog'")
        with mock.patch.object(Options, "default_apps", apps):
            exec(text, {"__name__": "tests.blog.inspected"})
        yield apps
