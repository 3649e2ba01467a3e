"""Storing what commands worked out, and finding it again for the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import DatabaseError, router, transaction

from modeler.errors import ServerError, UnknownName
from modeler.models import StoredResult

T = TypeVar("T")
KEEP = 20  # of one kind and subject


def result_store(
    *,
    kind: StoredResult.Kind,
    subject: str,
    command: str,
    fingerprint: str,
    payload: Any,
    specifications: Mapping[str, str] | None = None,
) -> StoredResult:
    """Store a result, and delete what is older than the newest ``KEEP`` of the same.

    Args:
        kind: of the result.
        subject: what was asked for; ``""`` for all.
        command: that makes it again.
        fingerprint: of the schema that it was made from.
        payload: what ``json`` can write.
        specifications: of results about collections, see ``modeler.mongo.fingerprint``.

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
                specifications=None if specifications is None else dict(specifications),
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

    def first(rows: Any) -> StoredResult | None:
        rows = rows.filter(kind=kind)
        return (rows if subject is None else rows.filter(subject=subject)).first()

    return _read(first)


def find_result(kind: StoredResult.Kind, number: int) -> StoredResult:
    """Return one result of a kind by its number.

    Raises:
        UnknownName: there is none of that number, or not any more.
        ServerError: the table is not there or cannot be read.
    """
    found = _read(lambda rows: rows.filter(kind=kind, pk=number).first())
    if found is None:
        raise UnknownName(
            f"stored {kind.label}", str(number), (),
            hint=f"Of one kind and subject the newest {KEEP} are kept.",
        )  # fmt: skip
    return found


def results_without_payload(kind: StoredResult.Kind, most: int = 100) -> list[StoredResult]:
    """Return the newest results of a kind for a list, newest first; a payload takes megabytes.

    Raises:
        ServerError: the table is not there or cannot be read.
    """
    return _read(lambda rows: list(rows.filter(kind=kind).defer("payload")[:most]))


def _read(ask: Callable[[Any], T]) -> T:
    alias = router.db_for_read(StoredResult)
    try:
        with transaction.atomic(using=alias):
            return ask(StoredResult.objects.using(alias))
    except DatabaseError as error:
        raise ServerError(
            f"Stored results cannot be read from {alias!r}: {_first_line(error)} "
            "Run `manage.py migrate modeler` first."
        ) from error


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{text[0].rstrip('.')}." if text else f"{type(error).__name__}."
