"""The tables and columns that code which runs now knows of: what a migration can break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import truncate_name
from django.db.migrations.state import ModelState, ProjectState

from modeler.previews.hazards.operations import FieldFacts, facts_of_field
from modeler.previews.relation_names import relation_name

LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class RunningTable:
    """A table as the models of the applied state see it.

    Attributes:
        model: ``app.Model``; of a many-to-many field's own table ``app.Model.field``.
        columns: its fields by column; those of a many-to-many field's own table are not listed.
    """

    model: str
    columns: Mapping[str, FieldFacts] = field(default_factory=dict)


class RunningTables:
    """Reads states; a field that several states share is read once."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[Any, FieldFacts]] = {}

    def of(self, state: ProjectState) -> dict[str, RunningTable]:
        """Return the tables that models of a state use, by relation name.

        Args:
            state: before the migration, or before the first of those that run together;
                ``state.apps`` is never rendered.
        """
        found: dict[str, RunningTable] = {}
        for (app, name), model in state.models.items():
            if model.options.get("proxy"):
                continue
            table = model.options.get("db_table") or f"{app}_{name}"
            columns: dict[str, FieldFacts] = {}
            for field_name, own in model.fields.items():
                facts = self._field(field_name, own)
                if facts.column:
                    columns[facts.column] = facts
                elif facts.many_to_many and own.remote_field.through is None:
                    found[_through(own, table, field_name)] = RunningTable(
                        f"{_label(app, model)}.{field_name}"
                    )
            found[relation_name("", table)] = RunningTable(_label(app, model), columns)
        return found

    def _field(self, name: str, own: Any) -> FieldFacts:
        known = self._facts.get(id(own))
        if known is None or known[1].name != name:
            known = self._facts[id(own)] = (own, facts_of_field(name, own))
        return known[1]


def _label(app: str, model: ModelState) -> str:
    return f"{app}.{model.name}"


def _through(own: Any, table: str, name: str) -> str:
    return relation_name("", truncate_name(own.db_table or f"{table}_{name}", LONGEST_NAME))
