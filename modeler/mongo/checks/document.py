"""The fields that a check may speak of, as values of one document or of one array element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modeler.mongo.checks.value import Value, field_value
from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried
from modeler.schema.column import Column
from modeler.schema.expression import ColumnRef

# Django's fields and PostgreSQL's types whose BSON type alone does not say what they are.
KINDS = {"DateField": "day", "TimeField": "time", "DurationField": "duration"}
TYPES = {"date": "day", "interval": "duration"}


@dataclass(frozen=True, slots=True)
class DocumentFields:
    """Fields by column.

    Attributes:
        fields: of the document.
        columns: of the table, for what BSON does not tell apart.
        start: ``$`` for a whole document, ``$$item.`` for an element of an array.
    """

    fields: Mapping[str, FieldSpec]
    columns: Mapping[str, Column]
    start: str = "$"

    def value(self, reference: ColumnRef) -> Value:
        """Return the value of a column.

        Raises:
            NotCarried: the document does not hold it as something that can be compared.
        """
        field = self.fields.get(reference.column)
        if field is None or not field.stored:
            raise NotCarried(f"the document does not hold the column {reference.column}")
        if reference.path:
            raise NotCarried(f"it looks inside the JSON of {reference.column}")
        column = self.columns[reference.column]
        kind = field.types[0] if field.types else ""
        if column.database_type == "time without time zone" or column.field_type == "TimeField":
            kind = "time"
        elif kind == "string" and column.database_type.startswith("numeric"):
            raise NotCarried(f"{reference.column} is kept as text, which has no order of numbers")
        else:
            kind = KINDS.get(column.field_type) or TYPES.get(column.database_type) or kind
        return field_value(field, kind, self.start)

    def collation(self, reference: ColumnRef) -> str:
        """Return the collation that the column declares, ``""`` for the database's."""
        return self.columns[reference.column].collation

    def guard(self, columns: Iterable[str]) -> list[Any]:
        """Return conditions of which one is true where a field has a wrong type.

        An operator of an expression fails the whole query on a value of the wrong type; the
        schema says what is wrong with it, so the expression passes it by.
        """
        found: list[Any] = []
        for name in columns:
            field = self.fields[name]
            if field.types:
                allowed = [*field.types, *(["null", "missing"] if field.null else [])]
                kind = {"$type": f"{self.start}{field.name}"}
                found.append(
                    {"$ne": [kind, allowed[0]]}
                    if len(allowed) == 1
                    else {"$not": [{"$in": [kind, allowed]}]}
                )
        return found
