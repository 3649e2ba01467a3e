"""What hangs on a column, made once more for a second column that is to take its place.

The definitions are those of the models' state, written by Django's own schema editor, so that
they read as Django made them. Whether the end is the same is for the proof to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import FieldError
from django.db import DatabaseError, connections, models
from django.db.migrations.state import ModelState, ProjectState
from django.utils.functional import cached_property

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.hazards.operations import facts_of_field
from modeler.previews.remedies.change import AnyChange, Change, NoRemedy
from modeler.previews.remedies.index_changes import BY_ITSELF
from modeler.previews.remedies.statements import alter, concurrently, quoted

IN_PLACE = (models.Index, models.CheckConstraint, models.UniqueConstraint)


@dataclass(frozen=True)
class ColumnTwin:
    """Makes it.

    Attributes:
        state: of the models before the change.
        key: app label and name of the column's model, in lower case.
        field: the field's name.
        column, fresh: the old column and the new one.
        alias: of a database whose schema editor writes the SQL; nothing is sent.
    """

    state: ProjectState
    key: tuple[str, str]
    field: str
    column: str
    fresh: str
    alias: str

    @property
    def model_state(self) -> ModelState:
        return self.state.models[self.key]

    @cached_property
    def held_by(self) -> tuple[models.Index | models.BaseConstraint, ...]:
        """The indexes and constraints of Meta that name the field."""
        options = self.model_state.options
        parts = (*options.get("indexes", ()), *options.get("constraints", ()))
        # Expressions and conditions name fields in their text.
        return tuple(part for part in parts if self.field in repr(part.deconstruct()))

    def dressed(self, table: str) -> tuple[AnyChange, ...]:
        """Return what gives the new column its default and comment, as long as it is empty."""
        field = self.model_state.fields[self.field]
        facts = facts_of_field(self.field, field)
        found: list[AnyChange] = []
        alteration = f"ALTER COLUMN {quoted(self.fresh)}"
        if facts.db_default:
            found.append(
                Change(
                    alter(table, f"{alteration} SET DEFAULT {self._default()}"), "", table,
                    "new_column",
                )
            )  # fmt: skip
        if facts.comment:
            text = "'" + facts.comment.replace("'", "''") + "'"
            found.append(
                Change(
                    f"COMMENT ON COLUMN {table}.{quoted(self.fresh)} IS {text}", "", table,
                    "new_column",
                )
            )  # fmt: skip
        return tuple(found)

    def rebuilt(
        self, table: str, present: Change | None
    ) -> tuple[tuple[AnyChange, ...], tuple[str, ...]]:
        """Return what builds indexes and constraints upon the full column, and what names them.

        The second are statements for the moment when the old column is gone: none of them reads
        a row.

        Args:
            table: as SQL.
            present: adds a check that the column has a value, not valid yet; None: it need not.

        Raises:
            NoRemedy: one of them cannot be built while everybody goes on.
        """
        steps: list[AnyChange] = []
        names: list[str] = []
        checks = [one for one in self.held_by if isinstance(one, models.CheckConstraint)]
        for part in self.held_by:
            if not isinstance(part, IN_PLACE):
                raise NoRemedy(f"{part.name} can be made in one step only")
            if part not in checks:
                steps.append(self._index(table, part))
                names.append(self._named(table, part))
        for check in checks:
            other = quoted(self._other(check.name))
            drop = alter(table, f"DROP CONSTRAINT IF EXISTS {other}")
            why = "The rows obey it: their old values do."
            steps.append(Change(f"{self._sql(check)} NOT VALID", drop, table, "checks", why))
            names.append(alter(table, f"RENAME CONSTRAINT {other} TO {quoted(check.name)}"))
        validated = [self._other(check.name) for check in checks]
        if present:
            steps.append(present)
            validated.append(made_name(table_name(table), self.fresh, "present"))
        if validated:
            parts = (f"VALIDATE CONSTRAINT {quoted(name)}" for name in validated)
            why = "It reads every row once, and lets reads and writes go on."
            steps.append(Change(alter(table, *parts), "", table, "validate", why, works=True))
        return tuple(steps), tuple(names)

    def _index(self, table: str, part: models.Index | models.BaseConstraint) -> Change:
        other = self._other(part.name)
        if _is_constraint(part):
            # Django writes ALTER TABLE … ADD CONSTRAINT; its columns make the index.
            fields = part.fields  # type: ignore[union-attr]
            columns = ", ".join(quoted(self._column(name)) for name in fields)
            nulls = " NULLS NOT DISTINCT" if getattr(part, "nulls_distinct", None) is False else ""
            text = f"CREATE UNIQUE INDEX {quoted(other)} ON {table} ({columns}){nulls}"
        else:
            text = self._sql(part)
        schema = table.rpartition(".")[0]
        beside = f"{schema}.{quoted(other)}" if schema else quoted(other)
        return Change(concurrently(text), f"DROP INDEX CONCURRENTLY IF EXISTS {beside}", table,
                      "new_index", BY_ITSELF, concurrent=True, works=True)  # fmt: skip

    def _named(self, table: str, part: models.Index | models.BaseConstraint) -> str:
        other, name = quoted(self._other(part.name)), quoted(part.name)
        if not _is_constraint(part):
            schema = table.rpartition(".")[0]
            return f"ALTER INDEX {f'{schema}.' if schema else ''}{other} RENAME TO {name}"
        text = f"ADD CONSTRAINT {name} UNIQUE USING INDEX {other}"
        if deferrable := getattr(part, "deferrable", None):
            text += f" DEFERRABLE INITIALLY {deferrable.name}"
        return alter(table, text)

    def _sql(self, part: models.Index | models.BaseConstraint) -> str:
        """Return Django's statement that makes it for the new column under another name."""
        twin = part.clone()
        twin.name = self._other(part.name)
        connection = connections[self.alias]
        try:
            editor = connection.schema_editor(collect_sql=True, atomic=False)
            made = twin.create_sql(self._model, editor)
        except (DatabaseError, FieldError, ValueError, LookupError) as error:
            raise NoRemedy(f"{part.name} could not be written for it: {error}") from error
        if made is None:
            raise NoRemedy(f"{part.name} could not be written for it")
        return str(made).rstrip(";")

    def _default(self) -> str:
        connection = connections[self.alias]
        editor = connection.schema_editor(collect_sql=True, atomic=False)
        field = next(one for one in self._model._meta.local_fields if one.name == self.field)
        text, values = editor.db_default_sql(field)
        return text % tuple(editor.quote_value(value) for value in values)

    @cached_property
    def _model(self) -> type[models.Model]:
        """The model with the new column in the old one's place."""
        state = self.state.clone()
        changed = state.models[self.key]
        field = changed.fields[self.field].clone()
        field.db_column = self.fresh
        changed.fields[self.field] = field
        state.__dict__.pop("apps", None)
        return state.apps.get_model(*self.key)

    def _column(self, name: str) -> str:
        field = self.model_state.fields[name]
        return self.fresh if name == self.field else facts_of_field(name, field).column

    def _other(self, name: str) -> str:
        return made_name(name, "new", "")


def table_name(table: str) -> str:
    """Return the bare name of a table that is written as SQL."""
    return table.rpartition('".')[2].strip('"').replace('""', '"')


def _is_constraint(part: models.Index | models.BaseConstraint) -> bool:
    """Tell whether it is a constraint of the catalog, and not an index alone."""
    indexed = ("condition", "expressions", "include", "opclasses")
    return isinstance(part, models.UniqueConstraint) and not any(
        getattr(part, name) for name in indexed
    )
