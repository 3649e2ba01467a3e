"""Tables as the models of a project state say they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.migrations.state import ModelState, ProjectState

from modeler.previews.hazards.operations import FieldFacts, facts_of_field


@dataclass(frozen=True, slots=True)
class StateTables:
    """What models say of tables; nothing is rendered.

    Attributes:
        state: it may go on while this looks at it.
    """

    state: ProjectState

    def key_of(self, table: str) -> str:
        """Return the primary key's column, ``""`` where there is none of one column."""
        for _, model in self._models(table):
            for name, field in model.fields.items():
                if field.primary_key or getattr(field.remote_field, "parent_link", False):
                    return facts_of_field(name, field).column
        return ""

    def takes_null(self, table: str, column: str) -> bool:
        return any(
            facts.null
            for _, model in self._models(table)
            for facts in _fields(model)
            if facts.column == column
        )

    def field_of(self, table: str, column: str) -> tuple[tuple[str, str], str]:
        """Return the model's key and the name of the field that a column belongs to."""
        return next(
            (key, facts.name)
            for key, model in self._models(table)
            for facts in _fields(model)
            if facts.column == column
        )

    def what_hangs_on(self, table: str, column: str) -> str:
        """Return why a column cannot be swapped for another one, ``""`` where it can."""
        found = list(self._models(table))
        if len(found) != 1:
            return "its table is no model's alone"
        ((key, model),) = found
        fields = list(_fields(model))
        if any(facts.generated for facts in fields):
            return "another column may be computed from it"
        for facts in fields:
            if facts.column != column:
                continue
            if facts.primary_key or facts.target:
                return "it is a key"
            if facts.kind.startswith("Positive"):
                return "its type has a check of its own, which would go with the old one"
            if facts.unique or facts.db_index:
                return "it has an index, which would have to be built for the new one"
            if _is_together(model, facts.name):
                return "an index or constraint of Meta holds it"
            if self._is_referred_to(key, facts.name):
                return "another table refers to it"
            return ""
        return "it is no field's column"

    def _models(self, table: str) -> Iterator[tuple[tuple[str, str], ModelState]]:
        for key, model in self.state.models.items():
            named = model.options.get("db_table") or "_".join(key)
            if named == table and not model.options.get("proxy"):
                yield key, model

    def _is_referred_to(self, key: tuple[str, str], name: str) -> bool:
        return any(
            facts_of_field(field_name, field).target == ".".join(key)
            and name in (getattr(field, "to_fields", None) or ())
            for model in self.state.models.values()
            for field_name, field in model.fields.items()
        )


def _fields(model: ModelState) -> Iterator[FieldFacts]:
    for name, field in model.fields.items():
        yield facts_of_field(name, field)


def _is_together(model: ModelState, name: str) -> bool:
    together = [
        *(model.options.get("unique_together") or ()),
        *(model.options.get("index_together") or ()),
    ]
    return any(name in group for group in together)
