"""The single acts of a model's classes, as the ORM does them; each raises what goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.deletion import Collector

from modeler.previews.replay.parents import Parents, Row
from modeler.previews.replay.rows import Rows, Shape


class Acts:
    """What code does with one model.

    Args:
        model: concrete and managed, of any project state.
        parents: of that state.
    """

    def __init__(self, model: type[models.Model], parents: Parents) -> None:
        self.model = model
        self.meta = model._meta
        self.parents = parents
        self.alias = parents.connection.alias

    def rows(self) -> models.QuerySet:
        """Return all rows; by no manager of the project, whose filters would hide some."""
        return models.QuerySet(self.model, using=self.alias)

    def joined(self) -> list[str]:
        """Return the names of the foreign keys whose targets are in this database."""
        return [
            field.name
            for field in self.meta.local_concrete_fields
            if field.remote_field and self.parents.is_here(field)
        ]

    def read_all_ways(self, plan: Rows | None) -> None:
        """Select, compare and join at once."""
        names = self.joined()
        rows = self.rows().filter(**self._given(plan, plan.values if plan else ()))
        if names:
            rows = rows.select_related(*names)
        columns = [field.name for field in self.meta.concrete_fields]
        list(rows.only(*columns, *self._targets(names))[:1])

    def read(self, fields: Iterable[Any]) -> None:
        list(self.rows().values_list(*(field.attname for field in fields))[:1])

    def compare(self, plan: Rows | None, fields: Iterable[Any]) -> None:
        given = self._given(plan, [field.name for field in fields])
        if given:
            list(self.rows().filter(**given).values_list("pk")[:1])

    def join(self, fields: Iterable[Any]) -> None:
        names = [field.name for field in fields]
        if names:
            list(self.rows().select_related(*names).only("pk", *self._targets(names))[:1])

    def insert(self, plan: Rows, shapes: Sequence[Shape], *, together: bool) -> tuple[Row, Any]:
        """Insert a row of each shape; return the first one's values and key.

        Args:
            together: in one statement.
        """
        rows = [self.parents.filled(plan, shape, i) for i, shape in enumerate(shapes)]
        if together:
            keys = self.parents.insert(plan, rows)
        else:
            keys = [self.parents.insert(plan, [row])[0] for row in rows]
        return rows[0], self._key(rows[0], keys[0])

    def update(self, row: Row, key: Any, fields: Iterable[Any]) -> None:
        """Write fields of one row; of no row, where there is no key."""
        rows = self.rows()
        rows = rows.extra(where=["false"]) if key is None else rows.filter(pk=key)
        given = {field.name: row[field.attname] for field in fields if not field.primary_key}
        if given:
            rows.update(**given)

    def delete(self, instance: models.Model) -> None:
        collector = Collector(using=self.alias)
        collector.collect([instance])
        collector.delete()

    def stand_in(self) -> models.Model:
        """Return an instance for no row: its delete looks for what would hang on it."""
        instance = self.model()
        instance.pk = 0 if self.meta.pk.get_internal_type() != "UUIDField" else "0" * 32
        return instance

    def _given(self, plan: Rows | None, names: Iterable[str]) -> dict[str, Any]:
        values = plan.base if plan else {}
        return {
            f"{name}__exact": values[name]
            for name in names
            if values.get(name) is not None and not hasattr(values[name], "resolve_expression")
        }

    def _targets(self, names: Iterable[str]) -> list[str]:
        # Of the joined tables only the key: their other columns are their own models' matter.
        fields: list[Any] = [self.meta.get_field(name) for name in names]
        return [f"{field.name}__{field.target_field.attname}" for field in fields]

    def _key(self, row: Row, made: Any) -> Any:
        if made is not None:
            return made
        fields = getattr(self.meta, "pk_fields", None) or [self.meta.pk]
        values = tuple(row[field.attname] for field in fields)
        return values if len(values) > 1 else values[0]


def difference(given: Any, read: Any) -> str:
    """Say how a value that was read differs from the one that was written; ``""`` if it fits."""
    if isinstance(given, tuple):
        return ""  # a range, which drivers read as a type of their own
    if type(given) is not type(read):
        return f"writes {type(given).__name__}, reads {type(read).__name__}"
    if isinstance(given, (int, float, Decimal)) and given != read:
        return "reads another number than it wrote"
    return ""
