"""Generic references that lead nowhere: the target is in the row, so the rows are asked first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modeler.mongo.documents.sql import qualified, quoted
from modeler.mongo.preflight.probe import Probe
from modeler.reporting.finding import Level
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table

CONTENT_TYPE = "contenttypes.ContentType"


def generic_probes(cursor: Any, schema: Schema, table: Table) -> Iterator[Probe]:
    """Yield a question for every model that rows of a table refer to.

    Args:
        cursor: of the table's database.
        schema: with the models that may be referred to.
        table: its generic relations are looked at.
    """
    kinds = next((one.location for one in schema.tables if one.key == CONTENT_TYPE), None)
    if kinds is None or table.location is None:
        return
    models = {
        (one.app, one.name.lower()): one
        for one in schema.tables
        if one.location and one.location.alias == table.location.alias and one.primary_key
    }
    for relation in table.relations:
        if relation.kind is not RelationKind.GENERIC or len(relation.columns) != 2:
            continue
        kind = _plain(relation.columns[0])
        cursor.execute(
            f"SELECT DISTINCT c.id, c.app_label, c.model FROM {_place(table)} t "
            f"JOIN {qualified(kinds).replace('%%', '%')} c ON c.id = t.{kind} ORDER BY 2, 3"
        )
        for number, app, model in cursor.fetchall():
            yield _probe(table, relation, number, models.get((app, model)), f"{app}.{model}")


def _probe(table: Table, relation: Relation, number: int, far: Table | None, name: str) -> Probe:
    kind, value = (f"t.{_plain(column)}" for column in relation.columns)
    condition = f"{kind} = {int(number)} AND {value} IS NOT NULL"
    if far is not None and len(far.primary_key) == 1:
        key = f"far.{_plain(far.primary_key[0])}::text"
        condition += f" AND NOT EXISTS (SELECT FROM {_place(far)} far WHERE {key} = {value}::text)"
        said = f"generic references to rows of {far.key} that are gone"
    else:
        said = f"generic references to rows of {name}, which is no model here"
    assert table.location is not None
    return Probe(
        "MS513", Level.WARNING, relation.key, table.location, table.primary_key, condition, said,
        "Delete them, or let documents keep a reference that leads nowhere.",
    )  # fmt: skip


def _place(table: Table) -> str:
    return qualified(table.location).replace("%%", "%")


def _plain(name: str) -> str:
    return quoted(name).replace("%%", "%")
