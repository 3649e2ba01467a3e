"""The rows that a model's classes would write: ordinary ones, and those at the ends of types."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldError
from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, Value

from modeler.previews.replay.edges import condition_of, edge_rows, fields_in, patterns_in
from modeler.previews.replay.field_values import FieldValues, NoValue

EVERY_COLUMN = "every column"
SPARSE = "defaults and NULLs"
SHORTEST = "empty texts and least numbers"
LONGEST = "longest texts and greatest numbers"
# A row that was written is read, and a value of it is another one or of another type.
READ_OTHERWISE = "read back as something else"
# Near the upper end, and yet different in each row.
FAR = object()
# A foreign key without a row at its other end.
NOWHERE = object()
# Any number does where values need not differ.
SOME = 7_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one attempt differ from ordinary ones.

    Attributes:
        name: in words; the same whenever the model is exercised.
        values: by field name; foreign keys may be None or NOWHERE.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict)


class Rows:
    """What rows of one model look like; its values are computed once.

    Args:
        model: of any project state.
        connection: registered under its alias; conditions of checks are evaluated there.

    Raises:
        NoValue: a column that must have a value can have none that is known.
    """

    def __init__(self, model: type[models.Model], connection: BaseDatabaseWrapper) -> None:
        self.model = model
        self.connection = connection
        meta = model._meta
        self.keys: dict[str, Any]
        self.auto = [f for f in meta.local_concrete_fields if isinstance(f, models.AutoField)]
        self.fields = [
            f
            for f in meta.local_concrete_fields
            if f not in self.auto and not getattr(f, "generated", False)
        ]
        self.keys = {f.name: f for f in self.fields if f.remote_field}
        self.optional = {name for name, f in self.keys.items() if f.null}
        self.values = {
            f.name: FieldValues(f, connection) for f in self.fields if not f.remote_field
        }
        self.varying = self._varying()
        # Fields whose default differs a row are never equal in two rows of the code.
        self.fresh = {name for name, v in self.values.items() if v.is_fresh_by_default()}
        self.base = {
            name: values.by_default(SOME) if self._has_telling_default(values) else None
            for name, values in self.values.items()
        }
        for name, values in self.values.items():
            if self.base[name] is None:
                self.base[name] = values.plain(SOME)
        self.checks = [
            condition
            for constraint in meta.constraints
            if isinstance(constraint, models.CheckConstraint)
            and (condition := condition_of(constraint)) is not None
        ]
        self.checked = set().union(*map(fields_in, self.checks)) if self.checks else set()
        self._follow_patterns()
        self._satisfy_checks()
        self.shapes = tuple(self._shapes())

    def row(self, shape: Shape, number: int) -> dict[str, Any]:
        """Return values by field name, without foreign keys that are not in the shape."""
        row = {**self.base, **shape.values}
        for name in self.fresh:
            if name not in shape.values:
                row[name] = self.values[name].by_default(number)
        for name in self.varying:
            if name in self.values and row[name] is not None:
                far = self.values[name].far if row[name] is FAR else self.values[name].plain
                row[name] = far(number)
        return row

    def details(self, shape: Shape) -> tuple[tuple[str, Shape], ...]:
        """Return (field name, ordinary shape but for that field) of everything in a shape."""
        return tuple(
            (name, Shape(shape.name, {name: value}))
            for name, value in shape.values.items()
            if name in self.keys or self.base[name] != value
        )

    def edges(self, other: type[models.Model]) -> tuple[tuple[Shape, bool], ...]:
        """Return shapes at the edges of another class's constraints that this one has not.

        Args:
            other: the class of the same table in another state.

        Returns:
            each with whether two such rows are to be written (for a uniqueness).
        """
        own = {constraint.name: constraint for constraint in self.model._meta.constraints}
        found: list[tuple[Shape, bool]] = []
        columns = {f.column: f for f in other._meta.local_concrete_fields if f.remote_field}
        for name, key in self.keys.items():
            if not key.db_constraint and getattr(columns.get(key.column), "db_constraint", False):
                found.append(
                    (Shape(f"a row that {name} does not lead to", {name: NOWHERE}), False)
                )
        for constraint in other._meta.constraints:
            condition = condition_of(constraint)
            if own.get(constraint.name) == constraint or condition is None:
                continue
            twice = isinstance(constraint, models.UniqueConstraint)
            for position, row in enumerate(
                edge_rows(condition, self.values, self.optional), start=1
            ):
                name = f"row {position} at the edges of {constraint.name}"
                if self._passes(row):
                    found.append((Shape(name, row), twice))
        return tuple(found)

    def _has_telling_default(self, values: FieldValues) -> bool:
        has = values.field.has_default() or getattr(values.field, "has_db_default", bool)()
        if not has or values.field.name in self.varying:
            return False
        default = values.by_default(SOME)
        return not hasattr(default, "resolve_expression") and default not in (None, "")

    def _varying(self) -> set[str]:
        """Choose fields that differ in each row, so that no uniqueness of the model is broken."""
        meta = self.model._meta
        sets = [{f.name} for f in self.fields if f.unique]
        sets += [set(names) for names in meta.unique_together]
        for constraint in meta.constraints:
            names = set(getattr(constraint, "fields", ()))
            if isinstance(constraint, models.UniqueConstraint):
                # An expression may be unique for all that we know of it.
                for expression in getattr(constraint, "expressions", ()):
                    names |= fields_in(expression)
                sets.append(names)
            elif hasattr(constraint, "expressions"):  # exclusion
                sets.append({n for e, _ in constraint.expressions for n in _names(e)})
        if hasattr(meta.pk, "fields"):  # CompositePrimaryKey
            sets.append({f.name for f in meta.pk.fields})
        chosen: set[str] = set()
        for names in sorted(sets, key=len):
            own = [f for f in self.fields if f.name in names]
            if own and not chosen & names:
                chosen.add(max(own, key=self._variety).name)
        return chosen

    def _variety(self, field: models.Field) -> int:
        if field.remote_field:
            return 1
        values = self.values[field.name]
        if values.kind in ("boolean", "") or field.choices:
            return 0
        return 3 if values.kind in ("text", "uuid", "integer") else 2

    def _shapes(self) -> list[Shape]:
        shapes = [Shape(EVERY_COLUMN)]
        sparse: dict[str, Any] = {}
        for f in self.fields:
            if f.null and not f.primary_key:
                sparse[f.name] = None
            elif f.name in self.values and f.name not in self.varying | self.fresh:
                sparse[f.name] = self.values[f.name].by_default(SOME)
        free = {name: values for name, values in self.values.items() if name not in self.varying}
        ends = {name: both for name, values in free.items() if (both := values.ends())}
        shapes += self._allowed(SPARSE, sparse)
        shapes += self._allowed(SHORTEST, {name: low for name, (low, _) in ends.items()})
        longest = {name: high for name, (_, high) in ends.items()}
        longest |= {
            name: FAR
            for name in self.varying - self.checked
            if name in self.values and self.values[name].far(SOME) is not None
        }
        shapes += self._allowed(LONGEST, longest)
        choices = {name: values.choices() for name, values in free.items()}
        choices = {name: offered for name, offered in choices.items() if offered}
        for position in range(max(map(len, choices.values()), default=0)):
            picked = {name: offered[position % len(offered)] for name, offered in choices.items()}
            shapes += self._allowed(f"choice {position + 1} of each field", picked)
        return shapes

    def _allowed(self, name: str, values: dict[str, Any]) -> list[Shape]:
        """Return a shape that the own checks let pass; without checked fields if need be."""
        if not values:
            return []
        if not self._passes(values):
            values = {key: value for key, value in values.items() if key not in self.checked}
        return [Shape(name, values)] if values else []

    def _follow_patterns(self) -> None:
        """Let texts match the regular expressions of checks, where that is what those demand."""
        for check in self.checks:
            for name, pattern, any_case in patterns_in(check):
                values = self.values.get(name)
                if values is None or self._passes({name: self.base[name]}, [check]):
                    continue
                # PostgreSQL takes the flags of embedded options alone.
                values.pattern = f"(?i:{pattern})" if any_case else pattern
                text = values.plain(SOME)
                if self._passes({name: text}, [check]):
                    self.base[name] = text
                else:
                    values.pattern = ""

    def _satisfy_checks(self) -> None:
        """Change the ordinary row until the model's own checks accept it."""
        if not self.checks or self._passes({}):
            return
        together = Q()
        for check in self.checks:
            together &= check if isinstance(check, Q) else Q(check)
        for row in edge_rows(together, self.values, self.optional):
            if self._passes(row):
                self.base |= row
                return
        for check in self.checks:
            for row in edge_rows(check, self.values, self.optional):
                if self._passes(row, [check]):
                    self.base |= row
                    break

    def _passes(self, values: dict[str, Any], checks: list[Any] | None = None) -> bool:
        """Ask PostgreSQL whether the model's checks accept a row; True where it cannot say."""
        checks = self.checks if checks is None else checks
        concerned = [check for check in checks if not values or fields_in(check) & set(values)]
        if not concerned:
            return True
        row = {**{name: self._target(name) for name in self.keys}, **self.base, **values}
        against = {
            name: value
            if hasattr(value, "resolve_expression")
            else Value(value, output_field=self._type_of(name))
            for name, value in row.items()
            if value is not FAR
        }
        together = Q()
        for check in concerned:
            together &= check if isinstance(check, Q) else Q(check)
        try:
            with transaction.atomic(using=self.connection.alias):
                return together.check(against, using=self.connection.alias)
        except (DatabaseError, FieldError, ValueError, TypeError):
            return True

    def _target(self, name: str) -> Any:
        """Return a value that a foreign key could hold."""
        with suppress(NoValue):
            return FieldValues(self._type_of(name), self.connection).plain(1)
        return 1

    def _type_of(self, name: str) -> Any:
        key = self.keys.get(name)
        return key.target_field if key is not None else self.values[name].field


def _names(expression: Any) -> set[str]:
    return {expression} if isinstance(expression, str) else fields_in(expression)


__all__ = [
    "EVERY_COLUMN",
    "LONGEST",
    "READ_OTHERWISE",
    "SHORTEST",
    "SPARSE",
    "NoValue",
    "Rows",
    "Shape",
]
