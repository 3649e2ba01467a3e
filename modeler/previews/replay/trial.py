"""One model's classes at work: read, insert, update, delete, each as the ORM would do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.deletion import Collector

from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.field_values import NoValue
from modeler.previews.replay.parents import NoParent, Parents
from modeler.previews.replay.replay import Attempt, Failure, Verb
from modeler.previews.replay.rows import EVERY_COLUMN, LONGEST, SHORTEST, Rows, Shape

FILTERED = "compared with a value"
JOINED = "joined"
READ_BACK = "read back"
CASCADE = "one row, with what hangs on it"
Row = dict[str, Any]


class Undone(Exception):
    """Ends a block whose work is to be rolled back."""


class Trial:
    """What one model is tried with.

    Args:
        model: concrete and managed, of any project state.
        connection: inside a transaction, registered under its alias.
        parents: shared by all models of a state.
        other: the class of the same table in another state; its constraints suggest rows.
    """

    def __init__(
        self,
        model: type[models.Model],
        connection: BaseDatabaseWrapper,
        parents: Parents,
        other: type[models.Model] | None = None,
    ) -> None:
        self.model = model
        self.meta = model._meta
        self.connection = connection
        self.parents = parents
        self.other = other
        self.attempts: dict[tuple, Attempt] = {}

    def run(self) -> tuple[Attempt, ...]:
        """Try everything; the database is afterwards as it was."""
        plan, why_not = self._prepared()
        if not self._goes_well(plan):
            self.attempts.clear()
            self._read_carefully()
            if plan:
                self._write_carefully(plan)
        if plan is None:
            for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE):
                self._note(verb, EVERY_COLUMN, skipped=why_not)
        elif self.other is not None:
            self._try_edges(plan, self.other)
        return tuple(self.attempts.values())

    def _prepared(self) -> tuple[Rows | None, str]:
        try:
            plan = self.parents.plan(self.model)
            self.parents.provide(self.model, 2 * len(plan.shapes))
        except (NoValue, NoParent) as error:
            return None, str(error)
        except Exception as error:  # fields of others may raise anything
            return None, failure_of(error).message
        return plan, ""

    # Everything at once: most models on most schemas need no more than this.

    def _goes_well(self, plan: Rows | None) -> bool:
        """Try all in few statements; False, with nothing noted that counts, if one failed."""
        try:
            with self._undone():
                self._read_every()
                self._filter(plan, list(plan.values) if plan else [])
                self._join([f.name for f in self._joined()])
                if plan:
                    shapes = [*plan.shapes, *plan.shapes]
                    rows = [self.parents.filled(plan, s, i) for i, s in enumerate(shapes)]
                    keys = self.parents.insert(plan, rows)
                    key = self._key(rows[0], keys[0])
                    instance = self._read_back(plan, rows[0], key)
                    self._update(plan, rows[0], key, plan.fields)
                    self._delete(instance)
        except Exception:  # tried again with care
            return False
        self._note(Verb.READ, EVERY_COLUMN)
        self._note(Verb.READ, FILTERED)
        self._note(Verb.READ, JOINED)
        for shape in plan.shapes if plan else ():
            self._note(Verb.INSERT, shape.name)
            self._note(Verb.INSERT, twice(shape))
        if plan:
            self._note(Verb.UPDATE, EVERY_COLUMN)
            self._note(Verb.DELETE, CASCADE)
        return True

    # One by one, to know what it is that fails.

    def _read_carefully(self) -> None:
        failure = self._try(Verb.READ, EVERY_COLUMN, self._read_every)
        if failure:
            for field in self.meta.concrete_fields:
                self._try(Verb.READ, EVERY_COLUMN, lambda f=field: self._read_every(f), field.name)
            self._settle(Verb.READ, EVERY_COLUMN)
            return
        plan = self._plan()
        names = list(plan.values) if plan else []
        if self._try(Verb.READ, FILTERED, lambda: self._filter(plan, names)):
            for name in names:
                self._try(Verb.READ, FILTERED, lambda n=name: self._filter(plan, [n]), name)
            self._settle(Verb.READ, FILTERED)
        joined = [field.name for field in self._joined()]
        if self._try(Verb.READ, JOINED, lambda: self._join(joined)):
            for name in joined:
                self._try(Verb.READ, JOINED, lambda n=name: self._join([n]), name)
            self._settle(Verb.READ, JOINED)

    def _write_carefully(self, plan: Rows) -> None:
        first = self._try_insert(plan, plan.shapes[0], [plan.shapes[0]])
        # A statement that cannot be analysed fails for every row alike.
        shapes = () if first and first.is_structural else plan.shapes
        for shape in shapes:
            failure = first if shape is plan.shapes[0] else self._try_insert(plan, shape, [shape])
            if failure is None:
                self._try_insert(plan, shape, [shape, shape], twice(shape))
            elif failure != first:
                self._try_details(plan, shape)
        with self._undone():
            row, key, is_own = self._some_row(plan)
            instance = None
            if key is not None:
                try:
                    with transaction.atomic(using=self.connection.alias):
                        instance = self._read_back(plan, row if is_own else {}, key)
                except Exception as error:
                    self._note(Verb.READ, READ_BACK, failure=failure_of(error))
            # Not with the row's own values: it may have been chosen because others are refused.
            row = self.parents.filled(plan, plan.shapes[0], 1)
            if self._try(
                Verb.UPDATE, EVERY_COLUMN, lambda: self._update(plan, row, key, plan.fields)
            ):
                for field in plan.fields:
                    self._try(
                        Verb.UPDATE,
                        EVERY_COLUMN,
                        lambda f=field: self._update(plan, row, key, [f]),
                        field.name,
                    )
                self._settle(Verb.UPDATE, EVERY_COLUMN)
            failure = self._try(
                Verb.DELETE, CASCADE, lambda: self._delete_somehow(instance, key)
            )
            if failure and not failure.sqlstate and instance is None:
                # Python misses what was not read; the server refused nothing.
                self._forget(Verb.DELETE, CASCADE)

    def _try_details(self, plan: Rows, shape: Shape) -> None:
        for name, alone in plan.details(shape):
            failure = self._try_insert(plan, alone, [alone], field=name)
            if failure and failure.sqlstate == "22003" and self._column_holds(name, alone):
                # Something computed from it overflows, a generated column for example.
                self._forget(Verb.INSERT, alone.name, name)
                self._forget(Verb.INSERT, shape.name)
        self._settle(Verb.INSERT, shape.name)

    def _try_edges(self, plan: Rows, other: type[models.Model]) -> None:
        for shape, is_twice in plan.edges(other):
            if not self._try_insert(plan, shape, [shape]) and is_twice:
                self._try_insert(plan, shape, [shape, shape], twice(shape))

    def _try_insert(
        self, plan: Rows, shape: Shape, shapes: list[Shape], name: str = "", field: str = ""
    ) -> Failure | None:
        def insert() -> None:
            rows = [self.parents.filled(plan, s, i) for i, s in enumerate(shapes)]
            for row in rows:
                self.parents.insert(plan, [row])

        return self._try(Verb.INSERT, name or shape.name, insert, field)

    # The single acts. Each raises what goes wrong.

    def _read_every(self, field: models.Field | None = None) -> None:
        fields = [field] if field else self.meta.concrete_fields
        list(self._rows().values_list(*(f.attname for f in fields))[:1])

    def _filter(self, plan: Rows | None, names: list[str]) -> None:
        if plan and names:
            values = {name: plan.base[name] for name in names}
            given = {
                f"{name}__exact": value
                for name, value in values.items()
                if value is not None and not hasattr(value, "resolve_expression")
            }
            list(self._rows().filter(**given).values_list("pk")[:1])

    def _join(self, names: list[str]) -> None:
        if names:
            columns = [f"{name}__{self._target(name).attname}" for name in names]
            list(self._rows().select_related(*names).only("pk", *columns)[:1])

    def _read_back(self, plan: Rows, row: Row, key: Any) -> models.Model:
        """Read a row that was just written; note what comes back as something else."""
        instance = self._rows().get(pk=key)
        for field in plan.fields:
            given, read = row.get(field.attname), getattr(instance, field.attname)
            if given is None or hasattr(given, "resolve_expression"):
                continue
            words = _difference(given, read)
            if words:
                failure = Failure("", words, self.meta.db_table, field.column)
                self._note(Verb.READ, READ_BACK, field.name, failure)
        return instance

    def _update(self, plan: Rows, row: Row, key: Any, fields: list[models.Field]) -> None:
        rows = self._rows()
        rows = rows.extra(where=["false"]) if key is None else rows.filter(pk=key)
        given = {f.name: row[f.attname] for f in fields if not f.primary_key}
        if given:
            rows.update(**given)

    def _delete(self, instance: models.Model) -> None:
        collector = Collector(using=self.connection.alias)
        collector.collect([instance])
        collector.delete()

    def _delete_somehow(self, instance: models.Model | None, key: Any) -> None:
        if instance is None:
            # The row cannot be read or there is none; what a cascade reads is tried all the same.
            instance = self.model()
            instance.pk = key if key is not None else _some_key(self.meta.pk)
        self._delete(instance)

    def _some_row(self, plan: Rows) -> tuple[Row, Any, bool]:
        """Insert a row of any shape that is accepted, or find one.

        Returns:
            values, key (None where there is no row), and whether these are the row's values.
        """
        for shape in plan.shapes:
            try:
                with transaction.atomic(using=self.connection.alias):
                    row = self.parents.filled(plan, shape, 0)
                    (made,) = self.parents.insert(plan, [row])
                    return row, self._key(row, made), True
            except Exception:  # noted before, where inserting was tried
                continue
        row = self.parents.filled(plan, plan.shapes[0], 0)
        try:
            with transaction.atomic(using=self.connection.alias):
                return row, self._rows().values_list("pk", flat=True).first(), False
        except DatabaseError:
            return row, None, False

    # Small things.

    def _plan(self) -> Rows | None:
        try:
            return self.parents.plan(self.model)
        except NoValue:
            return None

    def _rows(self) -> models.QuerySet:
        # No manager of the project, whose filters would hide rows.
        return models.QuerySet(self.model, using=self.connection.alias)

    def _joined(self) -> list[models.Field]:
        return [
            field
            for field in self.meta.local_concrete_fields
            if field.remote_field and self.parents._is_here(field)
        ]

    def _target(self, name: str) -> models.Field:
        return self.meta.get_field(name).target_field

    def _key(self, row: Row, made: Any) -> Any:
        if made is not None:
            return made
        fields = getattr(self.meta, "pk_fields", None) or [self.meta.pk]
        values = tuple(row[field.attname] for field in fields)
        return values if len(values) > 1 else values[0]

    def _column_holds(self, name: str, shape: Shape) -> bool:
        """Tell whether the column's own type has room for a number."""
        field = self.meta.get_field(name)
        try:
            with self._undone(), self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                    " WHERE attrelid = %s::regclass AND attname = %s",
                    [self.connection.ops.quote_name(self.meta.db_table), field.column],
                )
                (written,) = cursor.fetchone() or ("",)
                cursor.execute(
                    f"SELECT CAST(%s AS {written})",
                    [field.get_db_prep_save(shape.values[name], connection=self.connection)],
                )
        except DatabaseError:
            return False
        return True

    @contextmanager
    def _undone(self) -> Iterator[None]:
        try:
            with transaction.atomic(using=self.connection.alias):
                yield
                raise Undone
        except Undone:
            pass

    def _try(
        self, verb: Verb, shape: str, act: Callable[[], Any], field: str = ""
    ) -> Failure | None:
        failure = None
        try:
            with self._undone():
                act()
        except Exception as error:  # fields and expressions of the project may raise anything
            failure = failure_of(error)
        self._note(verb, shape, field, failure)
        return failure

    def _note(
        self,
        verb: Verb,
        shape: str,
        field: str = "",
        failure: Failure | None = None,
        skipped: str = "",
    ) -> None:
        attempt = Attempt(self.meta.label, verb, shape, field, failure, skipped)
        self.attempts[attempt.key] = attempt

    def _key_of(self, verb: Verb, shape: str, field: str = "") -> tuple:
        return self.meta.label, verb, shape, field

    def _forget(self, verb: Verb, shape: str, field: str = "") -> None:
        self.attempts.pop(self._key_of(verb, shape, field), None)

    def _settle(self, verb: Verb, shape: str) -> None:
        """Keep the whole where every field fails as it did, else the fields that explain it."""
        whole = self.attempts.get(self._key_of(verb, shape))
        if whole is None or whole.failure is None:
            return
        details = [
            attempt
            for attempt in self.attempts.values()
            if (attempt.verb, attempt.shape) == (verb, shape) and attempt.field
        ]
        alike = [a for a in details if a.failure and a.failure.sqlstate == whole.failure.sqlstate]
        if len(details) > 1 and all(a.failure == whole.failure for a in details):
            for attempt in details:
                self._forget(*attempt.key[1:])
        elif alike:
            self._forget(verb, shape)


def twice(shape: Shape) -> str:
    """Return the name of a shape of which two rows are written."""
    return f"two rows alike: {shape.name}"


def _difference(given: Any, read: Any) -> str:
    if type(given) is not type(read):
        return f"writes {type(given).__name__}, reads {type(read).__name__}"
    if isinstance(given, (int, float, Decimal)) and given != read:
        return "reads another number than it wrote"
    return ""


def _some_key(field: models.Field) -> Any:
    return {"UUIDField": "00000000-0000-0000-0000-000000000000"}.get(field.get_internal_type(), 0)


__all__ = ["CASCADE", "FILTERED", "JOINED", "LONGEST", "READ_BACK", "SHORTEST", "Trial", "twice"]
