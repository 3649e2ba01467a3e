"""From one operation of a migration to the parts that take its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS
from django.db.migrations.operations import (
    AddConstraint,
    AddIndex,
    RemoveIndex,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint

from modeler.previews.hazards.plan import Planned, Sent
from modeler.previews.remedies.backfill import IMPORTS, function_name, function_source
from modeler.previews.remedies.batched_code import batched_part
from modeler.previews.remedies.change import AnyChange, Change, Fill, NoRemedy
from modeler.previews.remedies.forms import Form
from modeler.previews.remedies.index_changes import BY_ITSELF
from modeler.previews.remedies.original import Original, called_as
from modeler.previews.remedies.part import Part
from modeler.previews.remedies.python_text import call, commented, listed, string
from modeler.previews.remedies.safe_changes import SafeChanges
from modeler.previews.remedies.state_tables import StateTables
from modeler.previews.remedies.undoing import Undoing

POSTGRES = "from django.contrib.postgres.operations import "


@dataclass(slots=True)
class SafeOperations:
    """Makes the parts of a migration's operations.

    Args:
        planned: the migration as it was rehearsed.
        original: its file.
        tables: of the models before the operation at hand.
        hinted: there are routers, which are to be asked about raw SQL too.
        alias: of the database whose schema editor writes SQL.

    Attributes:
        forms: those that were used.
        undone: what stays unsafe.
    """

    planned: Planned
    original: Original
    tables: StateTables
    hinted: bool = False
    alias: str = DEFAULT_DB_ALIAS
    forms: set[Form] = field(default_factory=set)
    undone: list[str] = field(default_factory=list)

    def parts(
        self,
        position: int,
        operation: Operation,
        *,
        defaults_stay: bool = False,
        batches: bool = False,
    ) -> tuple[Part, ...]:
        """Return the parts of one operation, one part where it is safe as it stands."""
        sent = self.planned.of_operation(position)
        undone = tuple(s for s in self.planned.undone if s.statement.operation == position)
        if batches and type(operation) is RunPython:
            try:
                part = batched_part(
                    self.original, position, sent, self._fragment(position, operation)
                )
                self.forms.add(Form.BATCHES)
                return (part,)
            except NoRemedy as error:
                self.undone.append(f"{operation.describe()}: {error}.")
        if not sent or self._is_code(operation):
            return (self._kept(position, operation, sent),)
        maker = SafeChanges(sent, Undoing(undone), self.tables, defaults_stay, self.alias)
        try:
            changes = maker.changes()
            if any(isinstance(c, Change) and c.backward is None for c in changes) and maker.forms:
                raise NoRemedy("a part of it cannot be undone")
        except NoRemedy as error:
            self.undone.append(f"{operation.describe()}: {error}.")
            return (self._kept(position, operation, sent),)
        if not maker.forms:
            return (self._kept(position, operation, sent),)
        self.forms |= maker.forms
        self.undone += maker.todo
        if maker.forms == {Form.DEFAULT_STAYS}:
            return self._default_stays(position, operation, changes)
        return self._of_django(position, operation, maker.forms) or self._written(
            position, changes
        )

    @staticmethod
    def _is_code(operation: Operation) -> bool:
        """Tell whether it does what a person wrote, which nobody else may write anew."""
        inner = getattr(operation, "database_operations", ())
        return isinstance(operation, (RunPython, RunSQL)) or (
            isinstance(operation, SeparateDatabaseAndState)
            and any(isinstance(one, (RunPython, RunSQL)) for one in inner)
        )

    def _kept(self, position: int, operation: Operation, sent: tuple[Sent, ...]) -> Part:
        text = self.original.operations[position]
        functions, imports = self.original.needed_by((text,))
        works = any(entry.work for entry in sent) or not operation.reduces_to_sql
        tables = frozenset(
            lock.relation for entry in sent for lock in entry.locks if lock.kind.holds_rows
        )
        return Part(
            (text,),
            self._fragment(position, operation),
            tables,
            self.planned.preview.atomic,
            works,
            functions,
            imports,
        )

    @staticmethod
    def _fragment(position: int, operation: Operation) -> str:
        code = getattr(operation, "code", None)
        name = getattr(code, "__name__", "") or operation.migration_name_fragment
        return str(name or f"operation_{position + 1}").lower()

    # Django's own operations, where they say all of it

    def _of_django(
        self, position: int, operation: Operation, forms: set[Form]
    ) -> tuple[Part, ...]:
        name = self._fragment(position, operation)
        match operation:
            case AddIndex() if forms == {Form.INDEX} and type(operation) is AddIndex:
                return (self._concurrent(position, "AddIndexConcurrently", name),)
            case RemoveIndex() if forms == {Form.INDEX_DROP} and type(operation) is RemoveIndex:
                return (self._concurrent(position, "RemoveIndexConcurrently", name),)
            case AddConstraint(constraint=CheckConstraint(name=constraint)) if (
                forms == {Form.CHECK} and type(operation) is AddConstraint
            ):
                model = operation.model_name
                return (
                    self._django_part(
                        called_as(self.original, position, "AddConstraintNotValid"),
                        "AddConstraintNotValid",
                        name,
                        "New rows obey it from here on; those that are there are looked at later.",
                        alone=False,
                    ),
                    self._django_part(
                        f'ValidateConstraint(model_name="{model}", name="{constraint}")',
                        "ValidateConstraint",
                        f"validate_{constraint}",
                        "It reads every row, and lets reads and writes go on.",
                    ),
                )
        return ()

    def _concurrent(self, position: int, cls: str, slug: str) -> Part:
        text = called_as(self.original, position, cls)
        return self._django_part(text, cls, slug, BY_ITSELF, atomic=False)

    def _django_part(
        self, text: str, cls: str, slug: str, why: str, *, atomic: bool = True, alone: bool = True
    ) -> Part:
        functions, imports = self.original.needed_by((text,))
        return Part(
            (commented(text, why),),
            slug,
            self._tables(),
            atomic,
            alone,
            functions,
            (*imports, POSTGRES + cls),
        )

    def _tables(self) -> frozenset[str]:
        return frozenset()

    # Statements

    def _default_stays(
        self, position: int, operation: Operation, changes: tuple[AnyChange, ...]
    ) -> tuple[Part, ...]:
        """Leave the operation as it is, and give the column its default back at once."""
        sent = self.planned.of_operation(position)
        kept = self._kept(position, operation, sent)
        dropped = [change for change in changes if isinstance(change, Change) and change.later]
        back = [
            self._run_sql(
                position,
                Change(
                    change.backward or "",
                    change.forward,
                    change.table,
                    "",
                    "Code that does not know the column yet inserts rows without it. "
                    "All of it is one transaction, so that nobody sees the column bare.",
                ),
            )
            for change in dropped
        ]
        return (
            Part(
                (*kept.operations, *back),
                kept.slug,
                kept.tables,
                functions=kept.functions,
                imports=kept.imports,
            ),
            *(self._part(position, change) for change in dropped),
        )

    def _written(self, position: int, changes: tuple[AnyChange, ...]) -> tuple[Part, ...]:
        parts = [self._part(position, change) for change in changes]
        first = parts[0]
        # The state knows of the change from the first part on.
        text = self.original.operations[position]
        functions, imports = self.original.needed_by((text,))
        around = call(
            "migrations.SeparateDatabaseAndState",
            ("database_operations", listed(first.operations)),
            ("state_operations", listed((text,))),
        )
        parts[0] = Part(
            (around,),
            first.slug,
            first.tables,
            first.atomic,
            first.alone,
            (*functions, *first.functions),
            (*imports, *first.imports),
        )
        return tuple(parts)

    def _part(self, position: int, change: AnyChange) -> Part:
        facts = self.planned.operation(position)
        model = facts.model.partition(".")[2] if facts else ""
        name = facts.name if facts else ""
        subject = model or change.table.rpartition(".")[2].strip('"')
        slug = "_".join(filter(None, (subject, name.lower(), change.slug)))
        if isinstance(change, Fill):
            return self._fill(position, change, slug, model)
        return Part(
            (self._run_sql(position, change),),
            slug,
            frozenset({change.table}),
            not change.concurrent,
            change.works or change.concurrent,
            later=change.later,
        )

    def _fill(self, position: int, fill: Fill, slug: str, model: str) -> Part:
        run = call(
            "migrations.RunPython",
            ("", function_name(fill)),
            ("", "migrations.RunPython.noop"),
            ("atomic", "False"),
            ("elidable", "True"),
        )
        operations = [run]
        if fill.guard:
            guard = Change(fill.guard, fill.unguard, fill.table, "",
                           "No further NULL comes in. It can be run again.")  # fmt: skip
            operations += [
                self._run_sql(position, guard),
                commented(run, "What was written meanwhile."),
            ]
        return Part(
            tuple(operations),
            slug,
            frozenset({fill.table}),
            atomic=False,
            alone=True,
            functions=(function_source(fill, self.planned.preview.app, model),),
            imports=(*IMPORTS, "from django.db import router"),
        )

    def _run_sql(self, position: int, change: Change) -> str:
        facts = self.planned.operation(position)
        backward = string(change.backward) if change.backward else "migrations.RunSQL.noop"
        arguments = [("sql", string(change.forward)), ("reverse_sql", backward)]
        if self.hinted and facts and facts.model:
            model = facts.model.partition(".")[2]
            arguments.append(("hints", f'{{"model_name": "{model}"}}'))
        return commented(call("migrations.RunSQL", *arguments), change.why)
