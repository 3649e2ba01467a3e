"""One model's classes at work: all at once if that works, else one by one to know what fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import DatabaseError, models

from modeler.previews.replay.acts import Acts, difference
from modeler.previews.replay.failures import failure_of
from modeler.previews.replay.field_values import NoValue
from modeler.previews.replay.parents import NoParent, Parents, Row
from modeler.previews.replay.replay import Attempt, Failure, Verb
from modeler.previews.replay.rows import EVERY_COLUMN, READ_OTHERWISE, Rows, Shape

COMPARED = "compared with a value"
JOINED = "joined"
READ_BACK = "read back"
CASCADE = "one row, with what hangs on it"
NO_TABLE, NOT_NULL, ABORTED = "42P01", "23502", "25P02"
ABSENT = (NO_TABLE, "42703")  # a table or a column is not there
UNIQUE, TRIES = "23505", 3
UNKNOWN_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull
   AND NOT atthasdef AND attidentity = '' AND NOT attname = ANY(%s) ORDER BY attnum
"""


class Trial:
    """What one model is tried with.

    Args:
        model: concrete and managed, of any project state.
        parents: shared by all models of the state; its connection is inside a transaction.
        other: the class of the same table in another state; its constraints suggest rows.
    """

    def __init__(
        self,
        model: type[models.Model],
        parents: Parents,
        other: type[models.Model] | None = None,
    ) -> None:
        self.model = model
        self.meta = model._meta
        self.parents = parents
        self.scratch = parents.scratch
        self.other = other
        self.acts = Acts(model, parents)
        self.attempts: dict[tuple[str, Verb, str, str], Attempt] = {}

    def run(self) -> tuple[Attempt, ...]:
        """Try everything; the database is afterwards as it was."""
        plan, why_not = self._planned()
        failure = self._failure(lambda: self.acts.read_all_ways(plan))
        if failure and (failure.sqlstate, failure.table) == (NO_TABLE, self.meta.db_table):
            for verb in Verb:
                shape = CASCADE if verb is Verb.DELETE else EVERY_COLUMN
                self._note(verb, shape, failure=failure)
            return tuple(self.attempts.values())
        if failure:
            self._read_carefully(plan)
        else:
            for shape in (EVERY_COLUMN, COMPARED, JOINED):
                self._note(Verb.READ, shape)
        if plan and not why_not:
            why_not = self._provided(plan)
        if plan and not why_not:
            if not self._writes_well(plan):
                self._write_carefully(plan)
            if self.other is not None:
                self._try_edges(plan, self.other)
        else:
            for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE):
                self._note(verb, EVERY_COLUMN, skipped=why_not)
        return tuple(self.attempts.values())

    def _planned(self) -> tuple[Rows | None, str]:
        try:
            return self.parents.plan(self.model), ""
        except NoValue as error:
            return None, str(error)
        except Exception as error:  # fields of others may raise anything
            return None, failure_of(error).message

    def _provided(self, plan: Rows) -> str:
        """Make the rows to point at; return why there are none, else ``""``."""
        try:
            self.parents.provide(self.model, 2 * len(plan.shapes))
        except (NoValue, NoParent) as error:
            return str(error)
        except Exception as error:  # as above
            return failure_of(error).message
        return ""

    def _writes_well(self, plan: Rows) -> bool:
        """Write all in few statements; False, with nothing noted, if one failed."""
        noted = dict(self.attempts)
        try:
            with self.scratch.undone():
                row, key = self.acts.insert(plan, [*plan.shapes, *plan.shapes], together=True)
                instance = self._read_back(plan, row, key)
                self.acts.update(row, key, plan.fields)
                self.acts.delete(instance)
        except Exception:  # tried again with care
            self.attempts = noted
            return False
        for shape in plan.shapes:
            self._note(Verb.INSERT, shape.name)
            self._note(Verb.INSERT, twice(shape))
        self._note(Verb.UPDATE, EVERY_COLUMN)
        self._note(Verb.DELETE, CASCADE)
        return True

    def _read_carefully(self, plan: Rows | None) -> None:
        fields: Sequence[Any] = self.meta.concrete_fields
        if self._narrow(Verb.READ, EVERY_COLUMN, fields, self.acts.read):
            return
        fields = [value.field for value in plan.values.values()] if plan else []
        self._narrow(Verb.READ, COMPARED, fields, lambda some: self.acts.compare(plan, some))
        fields = [self.meta.get_field(name) for name in self.acts.joined()]
        if self._narrow(Verb.READ, JOINED, fields, self.acts.join):
            # What the other table lacks breaks its own model; this one can be read without it.
            for key, attempt in list(self.attempts.items()):
                failure = attempt.failure
                if attempt.shape == JOINED and failure and failure.sqlstate in ABSENT:
                    del self.attempts[key]

    def _write_carefully(self, plan: Rows) -> None:
        first = self._try_insert(plan, plan.shapes[0], [plan.shapes[0]])
        if first and first.sqlstate == NOT_NULL:
            self._note_unknown_columns(plan, first)
        # A statement that cannot be analysed fails for every row alike.
        is_hopeless = bool(first and first.is_structural)
        for shape in () if is_hopeless else plan.shapes:
            failure = first if shape is plan.shapes[0] else self._try_insert(plan, shape, [shape])
            if failure is None:
                self._try_insert(plan, shape, [shape, shape], twice(shape))
            elif first is None:
                # A single field is tried in an ordinary row, which must be accepted otherwise.
                self._try_details(plan, shape)
        with self.scratch.undone():
            self._change_carefully(plan, () if is_hopeless else plan.shapes)

    def _note_unknown_columns(self, plan: Rows, first: Failure) -> None:
        """Note every column that must be given and is not known; the server names one alone."""
        known = [field.column for field in self.meta.local_concrete_fields]
        connection = self.parents.connection
        with connection.cursor() as cursor:
            cursor.execute(UNKNOWN_COLUMNS, [connection.ops.quote_name(self.meta.db_table), known])
            for (column,) in cursor.fetchall():
                if column != first.column:
                    message = first.message.replace(f'"{first.column}"', f'"{column}"', 1)
                    failure = Failure(NOT_NULL, message, first.table, column)
                    self._note(Verb.INSERT, EVERY_COLUMN, column, failure)

    def _change_carefully(self, plan: Rows, shapes: Sequence[Shape]) -> None:
        written, key = self._some_row(plan, shapes)
        instance = None
        # A row that was there before is left alone: others may refer to it and protect it.
        if written:
            try:
                with self.scratch.kept():
                    instance = self._read_back(plan, written, key)
            except Exception as error:
                self._note(Verb.READ, READ_BACK, failure=failure_of(error))
        # Not with the row's own values: it may have been chosen because others are refused.
        row = self.parents.filled(plan, plan.shapes[0], 1)
        self._narrow(
            Verb.UPDATE, EVERY_COLUMN, plan.fields, lambda some: self.acts.update(row, key, some)
        )
        failure = self._failure(lambda: self.acts.delete(instance or self.acts.stand_in()))
        # Of an instance that could not be read Python misses things; the server refused nothing.
        if failure is None or failure.sqlstate or instance is not None:
            self._note(Verb.DELETE, CASCADE, failure=failure)

    def _some_row(self, plan: Rows, shapes: Sequence[Shape]) -> tuple[Row, Any]:
        """Insert a row of the first shape that is accepted, or find one that is there.

        Returns:
            what was written, and the key: None where there is no row.
        """
        for shape in shapes:
            try:
                with self.scratch.kept():
                    return self.acts.insert(plan, [shape], together=True)
            except Exception:  # noted before, where inserting was tried
                continue
        try:
            with self.scratch.kept():
                return {}, self.acts.rows().values_list("pk", flat=True).order_by("pk").first()
        except Exception:  # the column may be missing
            return {}, None

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
        for _ in range(TRIES):
            failure = self._failure(lambda: self.acts.insert(plan, shapes, together=False))
            # Short values may meet those of rows that are there; other ones are drawn then.
            if failure is None or failure.sqlstate != UNIQUE:
                break
        self._note(Verb.INSERT, name or shape.name, field, failure)
        return failure

    def _read_back(self, plan: Rows, row: Row, key: Any) -> models.Model:
        """Read a row that was just written; note what comes back as something else."""
        instance = self.acts.rows().get(pk=key)
        for field in plan.fields:
            # Without the descriptors of fields, which wrap what was read (FieldFile).
            given, read = row.get(field.attname), vars(instance).get(field.attname)
            if given is None or hasattr(given, "resolve_expression"):
                continue
            words = difference(given, read)
            if words:
                failure = Failure("", words, self.meta.db_table, field.column or "")
                self._note(Verb.READ, READ_OTHERWISE, field.name, failure)
        return instance

    def _column_holds(self, name: str, shape: Shape) -> bool:
        """Tell whether the column's own type has room for a number."""
        connection = self.parents.connection
        field: Any = self.meta.get_field(name)
        try:
            with self.scratch.undone(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                    " WHERE attrelid = %s::regclass AND attname = %s",
                    [connection.ops.quote_name(self.meta.db_table), field.column],
                )
                (written,) = cursor.fetchone() or ("",)
                value = field.get_db_prep_save(shape.values[name], connection=connection)
                cursor.execute(f"SELECT CAST(%s AS {written})", [value])
        except DatabaseError:
            return False
        return True

    def _narrow(
        self, verb: Verb, shape: str, fields: Sequence[Any], act: Callable[[Sequence[Any]], None]
    ) -> Failure | None:
        """Try all fields together; where that fails, find those at which it does.

        Some values go together only with others (a sum and its parts), so what a part of the
        fields fails at counts where the whole fails at it as well, or no values could avoid it.
        """
        whole = self._failure(lambda: act(fields))
        self._note(verb, shape, failure=whole)
        left, failure = list(fields), whole
        while failure and (failure is whole or failure.is_structural or failure.column):
            named = [field for field in left if field.column == failure.column]
            if not named:
                for field in left:
                    alone = self._failure(partial(act, [field]))
                    if alone is None or alone == failure or alone.is_structural:
                        self._note(verb, shape, field.name, alone)
                break
            self._note(verb, shape, named[0].name, failure)
            left.remove(named[0])
            failure = self._failure(lambda: act(left)) if left else None
        self._settle(verb, shape)
        return whole

    def _failure(self, act: Callable[[], Any]) -> Failure | None:
        """Do something and undo it."""
        try:
            with self.scratch.undone():
                act()
        except Exception as error:  # fields and expressions of the project may raise anything
            return failure_of(error)
        return None

    def _note(
        self,
        verb: Verb,
        shape: str,
        field: str = "",
        failure: Failure | None = None,
        skipped: str = "",
    ) -> None:
        if failure and failure.sqlstate == ABORTED:
            # Something before it failed, in code of the project that hides its errors.
            skipped, failure = failure.message, None
        attempt = Attempt(self.meta.label, verb, shape, field, failure, skipped)
        self.attempts[attempt.key] = attempt

    def _forget(self, verb: Verb, shape: str, field: str = "") -> None:
        self.attempts.pop((self.meta.label, verb, shape, field), None)

    def _settle(self, verb: Verb, shape: str) -> None:
        """Keep the whole where every field fails as it did, else the fields that explain it."""
        whole = self.attempts.get((self.meta.label, verb, shape, ""))
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
                self._forget(verb, shape, attempt.field)
        elif alike:
            self._forget(verb, shape)


def twice(shape: Shape) -> str:
    """Return the name of a shape of which two rows are written."""
    return f"two rows alike: {shape.name}"
