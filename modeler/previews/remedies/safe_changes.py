"""From the statements that an operation sent to changes that hold no heavy lock while working.

What a statement does on the shadow decides, so that every operation that sends such a statement
has a remedy, those of third parties too, and names of constraints are those that Django gave.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.db import DEFAULT_DB_ALIAS

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.hazards.plan import Sent
from modeler.previews.remedies.atom import Atom, atoms_of
from modeler.previews.remedies.change import AnyChange, Change, NoRemedy
from modeler.previews.remedies.column_twin import ColumnTwin
from modeler.previews.remedies.constraint_changes import (
    as_renamed,
    named,
    renamed_constraint,
    unique_over_index,
    validated_later,
)
from modeler.previews.remedies.forms import Form
from modeler.previews.remedies.index_changes import built, dropped
from modeler.previews.remedies.not_null import filled, placeholder, proven_not_null
from modeler.previews.remedies.state_tables import StateTables
from modeler.previews.remedies.statements import action_text, alter, column_text, quoted
from modeler.previews.remedies.type_change import full_column, swap
from modeler.previews.remedies.undoing import Undoing
from modeler.previews.sql import actions, commands
from modeler.previews.sql.definitions import Column, Constraint, ObjectKind

NUMBERED = ("serial", "smallserial", "bigserial")
OF_COLUMNS = (
    actions.AddColumn,
    actions.SetDefault,
    actions.DropNotNull,
    actions.SetNotNull,
    actions.AlterType,
)
SLUGS = ((OF_COLUMNS, "column"), (actions.Rename, "rename"))


@dataclass(slots=True)
class SafeChanges:
    """Makes the changes of one operation.

    Args:
        sent: its statements forward.
        undoing: and backward.
        tables: of the models before it.
        defaults_stay: a default that Django takes away again stays until the next release.
        alias: of the database whose schema editor writes SQL.

    Attributes:
        forms: those that were used.
        todo: what a person has to write, a sentence each.
    """

    sent: tuple[Sent, ...]
    undoing: Undoing
    tables: StateTables
    defaults_stay: bool = False
    alias: str = DEFAULT_DB_ALIAS
    forms: set[Form] = field(default_factory=set)
    todo: list[str] = field(default_factory=list)
    _ending: list[AnyChange] = field(default_factory=list)
    _value: str = ""

    def changes(self) -> tuple[AnyChange, ...]:
        """Return them in order.

        Raises:
            NoRemedy: one of the statements has no safe form.
        """
        found: list[AnyChange] = []
        for atom in self._without_foreign_keys_that_stay(list(atoms_of(self.sent))):
            found += [atom] if isinstance(atom, Change) else self._safe(atom)
        # A column is full before what is built upon it.
        return (*found, *self._ending)

    def _without_foreign_keys_that_stay(self, atoms: list[Atom]) -> list[Atom | Change]:
        """Leave out foreign keys that are dropped and added again as they were.

        Django does so around every change of a field that is a foreign key. Where only names
        changed, the constraint is renamed instead.
        """
        away: dict[tuple[str, str], int] = {}
        found: list[Atom | Change | None] = list(atoms)
        for position, atom in enumerate(atoms):
            match atom.action:
                case actions.DropConstraint(name=name):
                    away[atom.table, name] = position
                case actions.AddConstraint(constraint=Constraint(kind="foreign key") as again):
                    for (table, name), at in away.items():
                        before = self.undoing.constraint(atom.name, name)
                        if table != atom.table or before is None:
                            continue
                        if as_renamed(before, again.name, atoms[:position]) != again:
                            continue
                        found[at] = found[position] = None
                        if name != again.name:
                            found[position] = renamed_constraint(atom.table, name, again.name)
                        del away[table, name]
                        self.forms.add(Form.FOREIGN_KEY_KEPT)
                        break
        return [atom for atom in found if atom is not None]

    def _safe(self, atom: Atom) -> list[AnyChange]:
        if not atom.lives:
            return [self._kept(atom)]
        match atom.command, atom.action:
            case commands.CreateIndex(concurrently=False) as command, _:
                self.forms.add(Form.UNIQUE if command.unique else Form.INDEX)
                return [built(atom, command)]
            case commands.Drop(kind=ObjectKind.INDEX, concurrently=False) as command, _:
                self.forms.add(Form.INDEX_DROP)
                return [dropped(atom, command, self.undoing)]
            case _, actions.AddConstraint(constraint=constraint):
                return self._constraint(atom, constraint)
            case _, actions.AddColumn(column=column):
                return self._column(atom, column)
            case _, actions.SetNotNull(column=column) if atom.works:
                return self._not_null(atom, column, self._value)
            case commands.Query(verb="update"), _:
                return self._update(atom)
            case _, actions.SetDefault(expression=None) as action if self.defaults_stay:
                return [self._default_stays(atom, action)]
            case _, actions.AlterType() as change if atom.rewrites:
                return self._type(atom, change)
            case _, _ if atom.works:
                raise atom.no_remedy()
        return [self._kept(atom)]

    def _constraint(self, atom: Atom, constraint: Constraint) -> list[AnyChange]:
        if constraint.kind == "unique" and not constraint.using_index:
            self.forms.add(Form.UNIQUE)
            return [*unique_over_index(atom, constraint)]
        if constraint.kind in {"check", "foreign key"} and constraint.valid:
            self.forms.add(Form.CHECK if constraint.kind == "check" else Form.FOREIGN_KEY)
            return [*validated_later(atom, constraint)]
        if atom.works:
            raise atom.no_remedy()
        return [self._kept(atom)]

    def _column(self, atom: Atom, column: Column) -> list[AnyChange]:
        if column.generated is not None or column.identity or column.type in NUMBERED:
            if atom.works:
                raise atom.no_remedy()
            return [self._kept(atom)]
        parts = [part for part in column.constraints if part.kind != "null"]
        if any(part.kind == "primary key" for part in parts):
            raise NoRemedy("a new primary key numbers every row")
        if atom.rewrites and column.default is None:
            raise atom.no_remedy()
        empty = atom.rewrites or (column.not_null and column.default is None)
        apart = [part for part in parts if part.kind != "not null"]
        if not (apart or empty or atom.works):
            return [self._kept(atom)]
        bare = replace(
            column,
            default=None if atom.rewrites else column.default,
            constraints=() if empty else tuple(p for p in parts if p.kind == "not null"),
        )
        found: list[AnyChange] = [
            Change(
                alter(atom.table, f"ADD COLUMN {column_text(bare)}"),
                alter(atom.table, f"DROP COLUMN IF EXISTS {quoted(column.name)}"),
                atom.table,
                "column",
                "At once: nothing is written, built or looked at.",
            )
        ]
        if atom.rewrites:
            self.forms.add(Form.VOLATILE_DEFAULT)
            default = f"ALTER COLUMN {quoted(column.name)}"
            found.append(
                Change(
                    alter(atom.table, f"{default} SET DEFAULT {column.default}"),
                    alter(atom.table, f"{default} DROP DEFAULT"),
                    atom.table,
                    "column",
                    "New rows get it from here on.",
                )
            )
        if empty:
            found += self._full(atom, column)
        for part in apart:
            part = named(atom, replace(part, columns=(column.name,)))
            self._ending += self._constraint(atom, part)
        return found

    def _full(self, atom: Atom, column: Column) -> list[AnyChange]:
        """Return what fills a new column."""
        value = column.default
        if value is None:
            value = placeholder(column)
            self.todo.append(
                f"Rows that are there get {value} in {column.name}: write the right value into "
                "the function that fills it."
            )
        if column.not_null:
            return self._not_null(atom, column.name, value)
        key = self.tables.key_of(atom.bare)
        return [filled(atom, column.name, key, value, guarded=False)]

    def _not_null(self, atom: Atom, column: str, value: str) -> list[AnyChange]:
        """Return what sets NOT NULL, and fills the column where there is a value."""
        self.forms.add(Form.NOT_NULL)
        guard, *steps = proven_not_null(atom, column)
        if not value:
            return [guard, *steps]
        key = self.tables.key_of(atom.bare)
        return [filled(atom, column, key, value, guarded=True), *steps]

    def _update(self, atom: Atom) -> list[AnyChange]:
        """Read Django's own UPDATE of rows without a value; SET NOT NULL comes after it.

        Raises:
            NoRemedy: it is another one.
        """
        for last in atoms_of(self.sent):
            match last.action:
                case actions.SetNotNull(column=name) if last.sent.position > atom.sent.position:
                    column = quoted(name)
                    start, end = f"UPDATE {last.table} SET {column} = ", f" WHERE {column} IS NULL"
                    if atom.sql.startswith(start) and end in atom.sql:
                        self._value = atom.sql[len(start) : atom.sql.rindex(end)]
                        return []
        raise NoRemedy("its data statement is not one that Django writes")

    def _type(self, atom: Atom, change: actions.AlterType) -> list[AnyChange]:
        hangs = self.tables.what_hangs_on(atom.bare, change.column)
        key = self.tables.key_of(atom.bare)
        if hangs or not key:
            raise NoRemedy(
                f"the new type of {change.column} needs a second column, and "
                f"{hangs or 'the table has no key to go along'}"
            )
        back = self.undoing.same_column(atom, actions.AlterType, change.column)
        null = self.tables.takes_null(atom.bare, change.column)
        owner, name = self.tables.field_of(atom.bare, change.column)
        fresh = made_name(change.column, "new", "")
        twin = ColumnTwin(self.tables.state, owner, name, change.column, fresh, self.alias)
        found = list(full_column(atom.table, atom.bare, key, change, twin, null=null))
        proven, guard = "", None
        if not null:
            self.forms.add(Form.NOT_NULL)
            # On the way back the column goes, and its constraints with it.
            guard, _, *steps = (
                replace(step, backward="") for step in proven_not_null(atom, fresh)
            )
            proven = "; ".join(step.forward for step in steps)
        rebuilt, names = twin.rebuilt(atom.table, guard)
        found += rebuilt
        self.forms.add(Form.TYPE)
        return [*found, swap(atom.table, atom.bare, twin, proven, names, back)]

    def _default_stays(self, atom: Atom, action: actions.SetDefault) -> Change:
        kept = self._kept(atom)
        for found in atoms_of(self.sent):
            match found.action:
                case actions.AddColumn(column=Column(name=action.column, default=str(before))):
                    self.forms.add(Form.DEFAULT_STAYS)
                    back = f"ALTER COLUMN {quoted(action.column)} SET DEFAULT {before}"
                    back = alter(kept.table, back)
                    return replace(kept, backward=back, later=True, slug="drop_default")
        return kept

    def _kept(self, atom: Atom) -> Change:
        """Return a command as it stands.

        Raises:
            NoRemedy: it cannot be taken out of its statement.
        """
        concurrent = bool(getattr(atom.command, "concurrently", False))
        if atom.action is None:
            return Change(
                atom.sql, self.undoing.of(atom), atom.table, "change", concurrent=concurrent
            )
        text = atom.sql
        own = len(atom.sent.commands) == 1 and len(atom.command.actions) == 1  # type: ignore[union-attr]
        if not own:
            action = action_text(atom.action)
            if action is None:
                raise NoRemedy("a part of its statement cannot be written by itself")
            text = alter(atom.table, action)
        slug = next((word for kinds, word in SLUGS if isinstance(atom.action, kinds)), "change")
        return Change(text, self.undoing.of(atom), atom.table, slug)
