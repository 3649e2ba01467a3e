"""The project's design of collections: what is stored of it, and what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, DatabaseError, router, transaction
from django.db.models import QuerySet

from modeler import permissions
from modeler.errors import ConfigurationError, ServerError, UnknownName
from modeler.models import CollectionDesign, StoredResult
from modeler.mongo.design.design import Design, design
from modeler.mongo.design.measures import (
    Measures,
    RelationMeasures,
    from_document,
    to_document,
)
from modeler.mongo.design.override import Override
from modeler.mongo.design.project import (
    declared_collections,
    project_weights,
    project_workload,
    tables_with_pages,
    wanted_indexes,
)
from modeler.mongo.design.verdict import Verdict
from modeler.results import newest, result_store
from modeler.schema.encoding import decode, encode, fingerprint
from modeler.schema.schema import Schema

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What a person can decide; to ask again is to take a decision back.
DECIDABLE = tuple(verdict for verdict in Verdict if verdict is not Verdict.ASK)


def project_design(
    schema: Schema,
    measures: Measures | None,
    *,
    alias: str = DEFAULT_DB_ALIAS,
    stored: bool = True,
) -> Design:
    """Return the design of a project, with its settings, its code and what people decided.

    Args:
        schema: the registry's.
        measures: see ``newest_measures``; None for the models alone.
        alias: whose decisions are followed.
        stored: read the decisions; False where no database may be asked.

    Raises:
        ConfigurationError: a setting cannot be used.
        ServerError: the decisions cannot be read.
    """
    return design(
        schema,
        measures,
        overrides_of(alias) if stored else (),
        declared=declared_collections(),
        weights=project_weights(),
        pages=tables_with_pages(),
        workload=project_workload(),
        indexes=wanted_indexes(),
    )


def measures_store(measures: Measures, schema: Schema, *, command: str) -> StoredResult:
    """Keep measures for the pages.

    Raises:
        ServerError: the table is not there or cannot be written.
    """
    return result_store(
        kind=StoredResult.Kind.MEASURES,
        subject=measures.alias,
        command=command,
        fingerprint=fingerprint(schema),
        payload=to_document(measures),
    )


def newest_measures(alias: str = DEFAULT_DB_ALIAS) -> Measures | None:
    """Return the newest measures of a database, None where none are stored.

    Raises:
        ServerError: the table is not there or cannot be read.
        FormatError: another version wrote them.
    """
    found = newest(StoredResult.Kind.MEASURES, alias)
    return None if found is None else from_document(found.payload)


def overrides_of(alias: str = DEFAULT_DB_ALIAS) -> tuple[Override, ...]:
    """Return what people decided of a database's relations.

    Raises:
        ServerError: the table is not there or cannot be read.
        FormatError: another version wrote it.
    """
    with _rows(router.db_for_read(CollectionDesign), "read") as rows:
        found = rows.filter(alias=alias).select_related("decided_by")
        return tuple(
            Override(
                relation=one.relation,
                verdict=Verdict(one.verdict),
                note=one.note,
                who=str(one.decided_by) if one.decided_by else "",
                when=f"{one.decided_at:%Y-%m-%d %H:%M}",
                measures=None if one.measures is None else decode(RelationMeasures, one.measures),
            )
            for one in found
            if one.verdict in DECIDABLE
        )


def design_decide(
    *,
    schema: Schema,
    relation: str,
    verdict: str,
    note: str = "",
    measures: Measures | None = None,
    alias: str = DEFAULT_DB_ALIAS,
    user: User | None = None,
) -> CollectionDesign:
    """Decide a relation, or decide it again on the numbers of now.

    Args:
        schema: the registry's, in which the relation is.
        relation: its key.
        verdict: one of DECIDABLE.
        note: why.
        measures: those that it was decided on.
        alias: of the rows' database.
        user: who decides, None for a command.

    Raises:
        UnknownName: there is no such relation or verdict.
        PermissionDenied: the person may not decide.
        ServerError: the table is not there or cannot be written.
    """
    if user is not None and not user.has_perm(permissions.DECIDE):
        raise PermissionDenied
    known = {one.key for one in schema.relations}
    if relation not in known:
        raise UnknownName("relation", relation, known)
    if verdict not in DECIDABLE:
        raise ConfigurationError(
            f"{verdict!r} is no verdict. Decide one of {', '.join(DECIDABLE)}."
        )
    figures = measures.by_relation().get(relation) if measures else None
    values: dict[str, Any] = {
        "verdict": verdict,
        "note": note.strip(),
        "measures": None if figures is None else encode(figures),
        "decided_by_id": None if user is None else user.pk,
    }
    with _rows(router.db_for_write(CollectionDesign), "kept") as rows:
        made, _ = rows.update_or_create(alias=alias, relation=relation, defaults=values)
    return made


def design_undecide(
    *, relation: str, alias: str = DEFAULT_DB_ALIAS, user: User | None = None
) -> None:
    """Take a decision back.

    Raises:
        UnknownName: nobody decided that relation.
        PermissionDenied: the person may not decide.
        ServerError: the table is not there or cannot be written.
    """
    if user is not None and not user.has_perm(permissions.DECIDE):
        raise PermissionDenied
    with _rows(router.db_for_write(CollectionDesign), "kept") as rows:
        decided = list(rows.filter(alias=alias).values_list("relation", flat=True))
        if relation not in decided:
            raise UnknownName("decision on", relation, decided)
        rows.filter(alias=alias, relation=relation).delete()


@contextmanager
def _rows(alias: str, done: str) -> Iterator[QuerySet[CollectionDesign]]:
    """Yield the table's rows inside a transaction, whose failure is said in words."""
    try:
        with transaction.atomic(using=alias):
            yield CollectionDesign.objects.using(alias)
    except DatabaseError as error:
        text = str(error).strip().splitlines()
        raise ServerError(
            f"Decisions on collections cannot be {done} in the database {alias!r}: "
            f"{text[0].rstrip('.') if text else type(error).__name__}. "
            "Run `manage.py migrate modeler` first."
        ) from error
