"""Storing what commands worked out, and finding it again for the pages."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, router, transaction

from modeler.errors import ServerError
from modeler.models import StoredResult

KEEP = 20  # of one kind and subject


def result_store(
    *, kind: StoredResult.Kind, subject: str, command: str, fingerprint: str, payload: Any
) -> StoredResult:
    """Store a result, and delete what is older than the newest ``KEEP`` of the same.

    Raises:
        ServerError: the table is not there or cannot be written.
    """
    alias = router.db_for_write(StoredResult)
    rows = StoredResult.objects.using(alias)
    try:
        with transaction.atomic(using=alias):
            stored = rows.create(
                kind=kind,
                subject=subject[:255],
                command=command[:500],
                fingerprint=fingerprint,
                payload=payload,
            )
            same = rows.filter(kind=kind, subject=stored.subject)
            old = list(same.values_list("pk", flat=True)[KEEP:])
            rows.filter(pk__in=old).delete()
    except DatabaseError as error:
        raise ServerError(
            f"The result could not be stored in the database {alias!r}: {_first_line(error)} "
            "Run `manage.py migrate modeler` first."
        ) from error
    return stored


def newest(kind: StoredResult.Kind, subject: str | None = None) -> StoredResult | None:
    """Return the newest result of a kind, of any subject when none is given.

    Raises:
        ServerError: the table is not there or cannot be read.
    """
    alias = router.db_for_read(StoredResult)
    rows = StoredResult.objects.using(alias).filter(kind=kind)
    if subject is not None:
        rows = rows.filter(subject=subject)
    try:
        with transaction.atomic(using=alias):
            return rows.first()
    except DatabaseError as error:
        raise ServerError(
            f"Stored results cannot be read from {alias!r}: {_first_line(error)} "
            "Run `manage.py migrate modeler` first."
        ) from error


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{text[0].rstrip('.')}." if text else f"{type(error).__name__}."
