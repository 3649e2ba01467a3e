"""Reading what a comparison names: the code, databases, migrations, snapshots, files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections

from modeler.diagrams.comparison.history import History
from modeler.diagrams.comparison.sources import (
    DEFAULT_ALIAS,
    Comparison,
    Source,
    SourceKind,
    read_comparison_name,
    read_source_name,
)
from modeler.errors import ConfigurationError, FormatError, UnknownName
from modeler.models import SchemaSnapshot
from modeler.previews.expected import outdated
from modeler.previews.steps import load
from modeler.schema.aligned import aligned
from modeler.schema.changes import Change
from modeler.schema.differences import differences
from modeler.schema.drift import version_mismatch
from modeler.schema.encoding import from_json
from modeler.schema.live import read_database
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.snapshots import find_snapshot, newest_snapshot, schema_of, snapshot_store


def read_source(source: Source | str, *, files: bool = False) -> Schema:
    """Read a source; no code of migrations is run and nothing is written.

    Args:
        source: or its text.
        files: files may be read: for commands. A page would open any file to its readers.

    Raises:
        UnknownName: the kind, alias, app, migration or snapshot does not exist.
        ConfigurationError: the text cannot be read, or the migrations do not fit together.
        ServerError: a database does not answer or is not PostgreSQL.
        FormatError: a file or snapshot holds no schema of this format.
    """
    if isinstance(source, str):
        source = read_source_name(source)
    match source.kind:
        case SourceKind.REGISTRY:
            return read_registry()
        case SourceKind.DATABASE:
            return read_database(connections[known_alias(source.name)])
        case SourceKind.MIGRATIONS:
            app, _, name = source.name.partition(".")
            return project_history().schema(app, name)
        case SourceKind.SNAPSHOT:
            return schema_of(find_snapshot(source.name))
        case SourceKind.EXPECTED:
            return _expected(known_alias(source.name))
        case SourceKind.FILE:
            return _file(source.name, allowed=files)


def read_comparison(comparison: Comparison | str, *, files: bool = False) -> tuple[Schema, Schema]:
    """Read both sides, brought to the databases that both speak of (see ``aligned``).

    Raises:
        ModelerError: see ``read_source`` and ``read_comparison_name``.
    """
    if isinstance(comparison, str):
        comparison = read_comparison_name(comparison)
    return aligned(
        read_source(comparison.old, files=files), read_source(comparison.new, files=files)
    )


def changes_since(text: str | bytes, schema: Schema) -> tuple[Change, ...]:
    """Return the changes that lead from a stored JSON (``to_json``) to a schema.

    Raises:
        FormatError: the text is not such a JSON.
    """
    old, new = aligned(from_json(text), schema)
    return differences(old, new)


def snapshot_take(
    *, source: Source | str, name: str = "", user: Any = None, files: bool = False
) -> SchemaSnapshot:
    """Read a source and keep what it says.

    Args:
        source: see ``read_source_name``; anything but a snapshot or what is made from one.
        name: such as the release's.
        user: who takes it, None for a command.
        files: see ``read_source``.

    Raises:
        ConfigurationError: the source is a snapshot itself, or the name cannot be used.
        ModelerError: see ``read_source`` and ``snapshot_store``.
    """
    if isinstance(source, str):
        source = read_source_name(source)
    if source.kind in {SourceKind.SNAPSHOT, SourceKind.EXPECTED}:
        raise ConfigurationError(
            f"{source} is a snapshot already. Take one of registry, database or migrations; "
            "what is expected is worked out by: manage.py schema_snapshot --source expected"
        )
    schema = read_source(source, files=files)
    return snapshot_store(source=str(source), schema=schema, name=name, user=user)


@cache
def project_history() -> History:
    """Return the project's migrations, loaded once in the life of a process.

    Raises:
        ConfigurationError: they cannot be imported, contradict each other or have two ends.
    """
    return History(load(DEFAULT_ALIAS, offline=True))


def known_alias(alias: str) -> str:
    """Return the alias of a database.

    Raises:
        UnknownName: there is none of that name.
    """
    if alias not in connections:
        raise UnknownName("database", alias, connections)
    return alias


def expected_command(alias: str) -> str:
    """Return the command that works out what a migrated database holds."""
    return f"manage.py schema_snapshot --source {Source(SourceKind.EXPECTED, alias)}"


def expected_notes(alias: str, expected: Schema, live: Schema) -> tuple[str, ...]:
    """Return what a reader of drift must know: other migrations by now, other server versions.

    Raises:
        ServerError, ConfigurationError: what is applied cannot be read.
    """
    old = outdated(expected, alias)
    if old:
        old += f" Run: {expected_command(alias)}"
    return tuple(filter(None, (old, version_mismatch(live, expected))))


def _expected(alias: str) -> Schema:
    source = str(Source(SourceKind.EXPECTED, alias))
    found = newest_snapshot(source)
    if found is None:
        raise UnknownName("snapshot", source, (), hint=f"Make it with: {expected_command(alias)}")
    return schema_of(found)


def _file(path: str, *, allowed: bool) -> Schema:
    if not allowed:
        raise ConfigurationError(
            "Files are read by commands alone. Take a snapshot of it: "
            f"manage.py schema_snapshot --source {Source(SourceKind.FILE, path)}"
        )
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}. Name a file that er_diagram --format json "
            "or schema_snapshot --output wrote."
        ) from error
    try:
        return from_json(text)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
