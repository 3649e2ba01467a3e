"""What a migration state says of a table before a migration runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.migrations.state import ProjectState

from modeler.previews.hazards.operations import FieldFacts, facts_of_field


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table of a model.

    Attributes:
        model: ``app.model`` in lower case.
        fields: those with a column, in order.
        indexed: the columns of each index, unique constraint and primary key, in order; of those
            that have a condition or an expression, none.
    """

    model: str
    fields: tuple[FieldFacts, ...] = ()
    indexed: tuple[tuple[str, ...], ...] = ()

    def field_of(self, column: str) -> FieldFacts | None:
        """Return the field of a column."""
        return next((found for found in self.fields if found.column == column), None)


def tables_of(state: ProjectState, wanted: Collection[str]) -> Mapping[str, TableFacts]:
    """Return the facts of some tables of a state; ``state.apps`` is never rendered.

    Args:
        state: before a migration.
        wanted: names of tables; those that no model has are left out.
    """
    found = {}
    for (app, name), model in state.models.items():
        table = str(model.options.get("db_table") or f"{app}_{name}").strip('"')
        if table in wanted:
            found[table] = _facts(f"{app}.{name}", model)
    return found


def _facts(key: str, model: Any) -> TableFacts:
    fields = tuple(facts_of_field(name, field) for name, field in model.fields.items())
    fields = tuple(found for found in fields if found.column)
    columns = {found.name: found.column for found in fields}
    indexed: list[tuple[str, ...]] = [
        (found.column,)
        for found in fields
        if found.primary_key or found.unique or found.one_to_one or found.db_index
    ]
    parts = (*model.options.get("indexes", ()), *model.options.get("constraints", ()))
    for part in parts:
        if getattr(part, "condition", None) is None and getattr(part, "fields", None):
            indexed.append(_columns(part.fields, columns))
    for option in ("unique_together", "index_together"):
        indexed += [_columns(names, columns) for names in model.options.get(option) or ()]
    return TableFacts(key, fields, tuple(dict.fromkeys(indexed)))


def _columns(names: Collection[str], columns: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(columns.get(name.removeprefix("-"), name.removeprefix("-")) for name in names)
