"""Rows for foreign keys to point at, made by the classes themselves and shared by all models."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.apps.registry import Apps
from django.db import DatabaseError, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import sql

from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.field_values import FieldValues, NoValue
from modeler.previews.replay.rows import EVERY_COLUMN, NOWHERE, SOME, Rows, Shape
from modeler.previews.replay.scratch import Scratch

Row = dict[str, Any]


class NoParent(Exception):
    """A foreign key has nothing to point at; the message says why."""


class Parents:
    """Rows of referenced tables, inserted as they are asked for; the caller rolls them back.

    Args:
        apps: of the state whose classes make them.
        connection: inside a transaction, registered under its alias.
        others: classes of another state, which make the rows that the own ones cannot.
    """

    def __init__(
        self, apps: Apps, connection: BaseDatabaseWrapper, others: Apps | None = None
    ) -> None:
        # Not by the foreign key's own target, which may be an earlier rendering of the class.
        self.own = classes_by_table(apps)
        self.connection = connection
        self.scratch = Scratch(connection)
        self.numbers = count(SOME + 1)
        self.plans: dict[type[models.Model], Rows | NoValue] = {}
        self.rows: dict[str, list[Row]] = {}
        self.taken: dict[str, int] = {}
        self.others = classes_by_table(others) if others else {}

    def plan(self, model: type[models.Model]) -> Rows:
        """Return what the rows of a model look like.

        Raises:
            NoValue: see ``Rows``.
        """
        if model not in self.plans:
            try:
                # Defaults of the project may send queries, which may fail here.
                with self.scratch.undone():
                    self.plans[model] = Rows(model, self.connection)
            except NoValue as error:
                self.plans[model] = error
        plan = self.plans[model]
        if isinstance(plan, NoValue):
            raise plan
        return plan

    def provide(self, model: type[models.Model], rows: int) -> None:
        """Make the rows that so many rows of a model will point at.

        Raises:
            NoParent, NoValue
        """
        self._provide(model, rows, trail=(), minimal=False)

    def filled(self, plan: Rows, shape: Shape, position: int) -> Row:
        """Return a row by attribute name, its foreign keys filled in.

        Args:
            plan: of a model for which rows were provided.
            shape: of the row.
            position: 0 for the first row that is written at once, 1 for the second, and so on.
        """
        return self._filled(plan, shape, position, minimal=False)

    def _filled(self, plan: Rows, shape: Shape, position: int, *, minimal: bool) -> Row:
        row = plan.row(shape, next(self.numbers))
        filled = {plan.values[name].field.attname: row[name] for name in plan.values}
        for name, key in plan.keys.items():
            if (name in row and row[name] is None) or (minimal and key.null):
                filled[key.attname] = None
                continue
            target = key.target_field
            if row.get(name) is NOWHERE:
                filled[key.attname] = FieldValues(target, self.connection).plain(2**31 - 2)
                continue
            table = target.model._meta.db_table
            if not self.is_here(key):
                filled[key.attname] = None if key.null else 1
                continue
            own = self.taken.get(table, 0) + position if name in plan.varying else 0
            filled[key.attname] = self.rows[table][own][target.column]
        return filled

    def _provide(
        self, model: type[models.Model], rows: int, *, trail: tuple[str, ...], minimal: bool
    ) -> None:
        plan = self.plan(model)
        for name, key in plan.keys.items():
            if (minimal and key.null) or not self.is_here(key):
                continue
            target = key.target_field.model
            table = target._meta.db_table
            wanted = self.taken.get(table, 0) + rows if name in plan.varying else 1
            missing = wanted - len(self.rows.setdefault(table, []))
            if missing > 0:
                if table in trail:
                    raise NoParent(f"its foreign key {name} leads back to itself")
                makers = [self.own.get(table, target), self.others.get(table)]
                makers.append(self._target_in_others(model, key))
                self._make(target, missing, makers, trail=(*trail, table))

    def _target_in_others(self, model: type[models.Model], key: Any) -> type[models.Model] | None:
        """Return what the same column refers to in the other state: the table may be renamed."""
        child = self.others.get(model._meta.db_table)
        for field in child._meta.local_concrete_fields if child else ():
            if field.column == key.column and field.remote_field:
                return field.remote_field.model
        return None

    def _make(
        self,
        model: type[models.Model],
        missing: int,
        makers: Sequence[type[models.Model] | None],
        *,
        trail: tuple[str, ...],
    ) -> None:
        table = model._meta.db_table
        reason: Exception = NoParent("nothing makes it")
        for cls in dict.fromkeys(makers):
            if cls is None:
                continue
            try:
                made = self._insert_parents(cls, missing, trail)
                if cls._meta.db_table != table:
                    own, other = str(model._meta.pk.column), str(cls._meta.pk.column)
                    made = [{**row, own: row[other]} for row in made]
                self.rows[table] += made
                return
            except (DatabaseError, NoParent, NoValue, TypeError, ValueError) as error:
                reason = error
        found = self._existing(model, missing + len(self.rows[table]))
        if len(found) < missing:
            words = failure_of(reason).message
            raise NoParent(f"no row of {table} can be made for its foreign key: {words}")
        self.rows[table] += found[:missing]

    def _insert_parents(
        self, model: type[models.Model], missing: int, trail: tuple[str, ...]
    ) -> list[Row]:
        plan = self.plan(model)
        self._provide(model, missing, trail=trail, minimal=True)
        shape = Shape(EVERY_COLUMN)
        rows = [self._filled(plan, shape, position, minimal=True) for position in range(missing)]
        with self.scratch.kept():
            keys = self.insert(plan, rows)
        for name in plan.varying & set(plan.keys):
            if not plan.keys[name].null and self.is_here(plan.keys[name]):
                # These rows keep their parents; the next ones need others.
                table = plan.keys[name].target_field.model._meta.db_table
                self.taken[table] = self.taken.get(table, 0) + missing
        by_column = []
        for row, key in zip(rows, keys, strict=True):
            columns = {str(f.column): row[f.attname] for f in plan.fields}
            by_column.append(columns | {str(f.column): key for f in plan.auto})
        return by_column

    def insert(self, plan: Rows, rows: Sequence[Row]) -> list[Any]:
        """Insert rows as the ORM would, without signals and ``pre_save``; return their keys.

        A key is None where the database has made none.
        """
        query = sql.InsertQuery(plan.model)
        given: list[Any] = [SimpleNamespace(**row) for row in rows]
        query.insert_values(plan.fields, given, raw=True)
        compiler = query.get_compiler(connection=self.connection)
        if not plan.auto:
            compiler.execute_sql()
            return [None] * len(rows)
        return [row[0] for row in compiler.execute_sql([plan.auto[0]])]

    def _existing(self, model: type[models.Model], rows: int) -> list[Row]:
        """Return rows that lie in the table, by column; none where they cannot be read."""
        fields = [f for f in model._meta.local_concrete_fields if f.unique or f.primary_key]
        try:
            with self.scratch.kept():
                found: Any = (
                    models.QuerySet(model, using=self.connection.alias)
                    .order_by()
                    .values_list(*(f.attname for f in fields))[:rows]
                )
                return [
                    {str(f.column): value for f, value in zip(fields, row, strict=True)}
                    for row in found
                ]
        except Exception:  # a column is missing, or a field of others cannot read it
            return []

    def is_here(self, key: Any) -> bool:
        """Tell whether a foreign key leads to a table of this database."""
        target = key.target_field.model
        meta = target._meta
        return not meta.swapped and router.allow_migrate_model(self.connection.alias, target)


def concrete_models(apps: Apps) -> list[type[models.Model]]:
    """Return the classes of a state that have a table of their own, automatic join tables too."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    ]


def classes_by_table(apps: Apps) -> dict[str, type[models.Model]]:
    """Return the classes of ``concrete_models`` by table; of two that share one, the last."""
    return {model._meta.db_table: model for model in concrete_models(apps)}
