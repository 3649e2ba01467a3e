"""Databases of others: django-oscar with generated rows, and public sample databases.

They are read from files that whoever runs this has fetched, as psql reads them: the SQL for
PostgreSQL of github.com/pthom/northwind_psql, github.com/lerocha/chinook-database,
github.com/neondatabase/postgres-sample-dbs (Pagila) and
github.com/lorint/AdventureWorks-for-Postgres; of schemas without rows (the test schema of
github.com/graphile/crystal, Sourcegraph's) these are generated.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from benchmarks.mongo_servers import made_database
from modeler.mongo.design.design import design
from modeler.mongo.design.measuring import measure
from modeler.mongo.spec import CollectionSpec, aggregate_specs
from modeler.postgres.address import settings_from_url
from modeler.postgres.connections import connection_to
from modeler.schema.live import read_database
from modeler.schema.schema import Schema
from modeler.servers.binaries import SAY_BIN

FAILED = re.compile(r"^(?:ERROR|FATAL): +(.*)$", re.MULTILINE)
MOST_ERRORS = 8
# What would lead into another database than the one that was made for it.
ELSEWHERE = re.compile(r"^(\\c(?:onnect)?\b.*|(?:DROP|CREATE) DATABASE .*)$", re.MULTILINE)


def loaded(url: str, name: str, file: Path) -> str:
    """Return the address of a database with a sample's rows; print what could not be made."""
    own, new = made_database(url, name)
    if new:
        text = ELSEWHERE.sub("", file.read_text(encoding="utf-8-sig"))
        done = subprocess.run(
            ["psql", "--quiet", "--no-psqlrc", "--output", os.devnull, own],
            input=f"SET client_min_messages = error;\n{text}\n;ANALYZE;",
            text=True, check=True, cwd=file.parent, stderr=subprocess.PIPE,
        )  # fmt: skip
        print(failures(done.stderr), end="")
    return own


def failures(said: str) -> str:
    """Return what psql's errors come to: the database is without what these would have made."""
    found = Counter(FAILED.findall(said))
    if not found:
        return ""
    lines = [f"  {found.total()} statements of the file failed:"]
    lines += [f"    {count} × {error}" for error, count in found.most_common(MOST_ERRORS)]
    lines += [f"    and {len(found) - MOST_ERRORS} more errors"] * (len(found) > MOST_ERRORS)
    if "is not available" in said:
        lines.append(f"    an installation with its extensions can be named by {SAY_BIN}")
    return "\n".join([*lines, ""])


def live(url: str) -> tuple[BaseDatabaseWrapper, dict[str, Any], Schema]:
    """Return a connection, its settings and the schema that the database itself says."""
    settings = settings_from_url(url)
    connection = connection_to(settings, "default")
    return connection, dict(connection.settings_dict), read_database(connection)


def designed(connection: BaseDatabaseWrapper, schema: Schema) -> tuple[CollectionSpec, ...]:
    """Return the collections of a design with the database's measures."""
    made = design(schema, measure(connection, schema))
    return tuple(spec for spec in aggregate_specs(schema, made.aggregates) if spec.key)
