"""Operations that the running code does not survive: in two releases, or in Python alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models
from django.db.migrations.operations import (
    AddField,
    AlterField,
    AlterModelTable,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from modeler.previews.hazards.operations import facts_of_field, table_of
from modeler.previews.remedies.change import NoRemedy
from modeler.previews.remedies.original import Original
from modeler.previews.remedies.part import Part
from modeler.previews.remedies.python_text import call, commented, listed, string
from modeler.previews.remedies.statements import alter, quoted


@dataclass(slots=True)
class Releases:
    """Makes parts of operations that need another release, or an edit of models.

    Attributes:
        notes: what a person must do, a sentence each.
        reference: text of the operation that ends where the parts do, by position, where that is
            not where the original ends.
    """

    app: str
    original: Original
    notes: list[str] = field(default_factory=list)
    reference: dict[int, str] = field(default_factory=dict)
    _again: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _removals: list[tuple[str, str]] = field(default_factory=list)

    def forget(self, position: int, operation: Operation, state: ProjectState) -> tuple[Part, ...]:
        """Return the part that takes a field or model out of Django's sight alone."""
        text = self.original.operations[position]
        model = _model_of(operation)
        table = table_of(self.app, model, state, None)
        before = state.models[self.app, model.lower()]
        database: tuple[str, ...] = ()
        if isinstance(operation, RemoveField):
            removed = before.fields[operation.name]
            facts = facts_of_field(operation.name, removed)
            if not (facts.null or facts.db_default or facts.many_to_many or facts.primary_key):
                change = alter(quoted(table), f"ALTER COLUMN {quoted(facts.column)}")
                database = (
                    call(
                        "migrations.RunSQL",
                        ("sql", string(f"{change} DROP NOT NULL")),
                        ("reverse_sql", string(f"{change} SET NOT NULL")),
                    ),
                )
                removed = removed.clone()
                removed.null = True
            again: Operation = AddField(before.name, operation.name, removed)
            what = f"{table}.{facts.column}" if facts.column else f"the table of {operation.name}"
            slug = f"{model}_{operation.name}"
        else:
            again = CreateModel(
                before.name,
                [(name, one) for name, one in before.fields.items()],
                before.options,
                before.bases,
                before.managers,
            )
            what, slug = table, model
        self._again.append(_python(again))
        self._removals.append((text, slug.lower()))
        self.notes.append(
            f"Deploy this with code that no longer uses {what}; the last file drops it, and "
            "belongs into the release after that."
        )
        arguments = [("state_operations", listed((text,)))]
        if database:
            arguments.insert(0, ("database_operations", listed(database)))
        why = (
            "Django forgets it, PostgreSQL keeps it: code that still runs goes on, and code that "
            "no longer knows it can write rows."
        )
        functions, imports = self.original.needed_by((text,))
        return (
            Part(
                (commented(call("migrations.SeparateDatabaseAndState", *arguments), why),),
                f"forget_{slug}".lower(),
                frozenset({quoted(table)}),
                functions=functions,
                imports=imports,
            ),
        )

    def dropping(self) -> tuple[Part, ...]:
        """Return the part of the next release, where there is anything to drop."""
        if not self._removals:
            return ()
        known = call(
            "migrations.SeparateDatabaseAndState",
            ("state_operations", listed(tuple(text for text, _ in reversed(self._again)))),
        )
        functions, imports = self.original.needed_by(tuple(text for text, _ in self._removals))
        lines = tuple(line for _, lines in self._again for line in lines)
        return (
            Part(
                (
                    commented(known, "Django must know again what it is to drop."),
                    *(text for text, _ in self._removals),
                ),
                "drop_" + "_".join(slug for _, slug in self._removals),
                alone=True,
                functions=functions,
                imports=(*imports, *lines),
                later=True,
            ),
        )

    def rename(self, position: int, operation: Operation, state: ProjectState) -> tuple[Part, ...]:
        """Return the part that renames in Django's state and keeps the database's name.

        Raises:
            NoRemedy: more than one name of the database hangs on it.
        """
        text = self.original.operations[position]
        extra = self._kept_name(operation, state)
        arguments, lines = (text, extra[0]), extra[1]
        around = commented(
            call("migrations.SeparateDatabaseAndState", ("state_operations", listed(arguments))),
            "The name in the database stays, so that code that still runs goes on.",
        )
        self.reference[position] = around
        functions, imports = self.original.needed_by((text,))
        return (
            Part((around,), "rename", alone=True, functions=functions, imports=(*imports, *lines)),
        )

    def _kept_name(self, operation: Operation, state: ProjectState) -> tuple[str, tuple[str, ...]]:
        if isinstance(operation, RenameField):
            before = state.models[self.app, operation.model_name_lower]
            old = before.fields[operation.old_name]
            if old.many_to_many:
                raise NoRemedy("its table of pairs is named after the field; name it by `through`")
            column = facts_of_field(operation.old_name, old).column
            named = old.clone()
            named.db_column = column
            self.notes.append(
                f'Write db_column="{column}" into the field '
                f"{before.name}.{operation.new_name} in models.py."
            )
            return _python(AlterField(before.name, operation.new_name, named))
        assert isinstance(operation, RenameModel)
        before = state.models[self.app, operation.old_name_lower]
        if any(one.many_to_many for one in before.fields.values()) or _pairs_with(
            state, (self.app, operation.old_name_lower)
        ):
            raise NoRemedy(
                "tables of pairs have columns that are named after the model; name them by "
                "`through` first"
            )
        table = table_of(self.app, operation.old_name, state, None)
        self.notes.append(
            f'Write db_table = "{table}" into Meta of {operation.new_name} in models.py.'
        )
        return _python(AlterModelTable(operation.new_name, table))


def _pairs_with(state: ProjectState, key: tuple[str, str]) -> bool:
    """Tell whether a many-to-many field of another model leads here."""
    label = ".".join(key)
    return any(
        isinstance(one, models.ManyToManyField)
        and str(getattr(one.remote_field.model, "_meta", one.remote_field.model)).lower() == label
        for model in state.models.values()
        for one in model.fields.values()
    )


def _model_of(operation: Operation) -> str:
    if isinstance(operation, DeleteModel):
        return operation.name
    return operation.model_name  # type: ignore[attr-defined]


def _python(operation: Operation) -> tuple[str, tuple[str, ...]]:
    """Return an operation as Python, with the imports that it needs."""
    text, imports = OperationWriter(operation, indentation=0).serialize()
    return text.rstrip().rstrip(","), tuple(sorted(imports))


CHANGING = (RemoveField, DeleteModel)
RENAMING = (RenameField, RenameModel)
