"""Schemas that are kept, to compare with later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, router, transaction
from django.db.models import QuerySet
from django.utils import timezone

from modeler.errors import ConfigurationError, ServerError, UnknownName
from modeler.models import SchemaSnapshot
from modeler.postgres.shadow import one_line
from modeler.schema.encoding import fingerprint, from_document, to_document
from modeler.schema.schema import Schema

LATEST = "latest"
EXPECTED = "expected:"
KEEP = 20  # of one source, without a name; what has a name is kept for ever


def snapshot_store(
    *, source: str, schema: Schema, name: str = "", user: Any = None
) -> SchemaSnapshot:
    """Keep a schema.

    Where the newest of that source and name says the same, it is told to hold until now instead
    of being kept twice. Of those without a name, the newest ``KEEP`` of a source stay.

    Args:
        source: what was read, such as ``database:default``.
        schema: what was found there.
        name: such as the release's; ``""`` for none.
        user: who took it, None for a command.

    Raises:
        ConfigurationError: the name is too long, or means something else already.
        ServerError: the table is not there or cannot be written.
    """
    name = name.strip()
    _check_name(name)
    alias = router.db_for_write(SchemaSnapshot)
    facts = {
        "fingerprint": fingerprint(schema),
        "document": to_document(schema),
        "taken_by": user,
    }
    with _rows(alias, "kept") as rows:
        same = rows.filter(source=source, name=name)
        newest = same.first()
        if newest is not None and newest.fingerprint == facts["fingerprint"]:
            newest.document, newest.taken_by = facts["document"], user
            newest.taken_at = timezone.now()
            newest.save(using=alias, update_fields=["document", "taken_by", "taken_at"])
            return newest
        taken = rows.create(source=source[:255], name=name, **facts)
        if not name:
            old = list(same.values_list("pk", flat=True)[KEEP:])
            rows.filter(pk__in=old).delete()
    return taken


def snapshots(*, source: str = "", name: str = "") -> tuple[SchemaSnapshot, ...]:
    """Return the snapshots, newest first, without their documents.

    Args:
        source: only those of it, such as ``expected:default``.
        name: only those of that name.

    Raises:
        ServerError: the table is not there or cannot be read.
    """
    with _rows(router.db_for_read(SchemaSnapshot), "read") as rows:
        if source:
            rows = rows.filter(source=source)
        if name:
            rows = rows.filter(name=name)
        return tuple(rows.defer("document").select_related("taken_by"))


def newest_snapshot(source: str) -> SchemaSnapshot | None:
    """Return the newest snapshot of a source, None where there is none.

    Raises:
        ServerError: the table is not there or cannot be read.
    """
    with _rows(router.db_for_read(SchemaSnapshot), "read") as rows:
        return rows.filter(source=source).first()


def find_snapshot(text: str) -> SchemaSnapshot:
    """Return the snapshot of an id, the newest of a name, or the newest of all (``latest``).

    What a migrated database is expected to hold is a source of its own and not ``latest``.

    Raises:
        UnknownName: there is none; the message has the nearest names.
        ServerError: the table is not there or cannot be read.
    """
    with _rows(router.db_for_read(SchemaSnapshot), "read") as rows:
        if not text.isprintable():
            rows = rows.none()  # the server refuses some such characters as parameters
        if text == LATEST:
            found = rows.exclude(source__startswith=EXPECTED).first()
        else:
            found = rows.filter(name=text).first()
            if found is None and text.isascii() and text.isdigit() and len(text) < 19:
                found = rows.filter(pk=int(text)).first()
        if found is not None:
            return found
        names = set(rows.exclude(name="").values_list("name", flat=True))
    raise UnknownName(
        "snapshot", text, names,
        hint="List them with: manage.py schema_snapshot --list",
    )  # fmt: skip


def schema_of(snapshot: SchemaSnapshot) -> Schema:
    """Read a snapshot back.

    Raises:
        FormatError: it was kept by a modeler of another format.
    """
    return from_document(snapshot.document)


def _check_name(name: str) -> None:
    longest = SchemaSnapshot._meta.get_field("name").max_length
    if longest and len(name) > longest:
        raise ConfigurationError(
            f"The snapshot's name has {len(name)} characters; at most {longest} fit. Shorten it."
        )
    if name == LATEST or (name.isascii() and name.isdigit()):
        raise ConfigurationError(
            f"A snapshot cannot be named {name!r}: numbers mean ids, and {LATEST!r} the newest. "
            "Choose another name."
        )
    if not name.isprintable():
        raise ConfigurationError("The snapshot's name has characters that cannot be printed.")


@contextmanager
def _rows(alias: str, done: str) -> Iterator[QuerySet[SchemaSnapshot]]:
    """Yield the table's rows inside a transaction, whose failure is said in words."""
    try:
        with transaction.atomic(using=alias):
            yield SchemaSnapshot.objects.using(alias)
    except DatabaseError as error:
        raise ServerError(
            f"Snapshots cannot be {done} in the database {alias!r}: {one_line(error)}. "
            "Run `manage.py migrate modeler` first."
        ) from error
