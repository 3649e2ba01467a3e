"""From the statements that an operation sent to changes that hold no heavy lock while working.

What a statement does on the shadow decides, so that every operation that sends such a statement
has a remedy, those of third parties too, and names of constraints are those that Django gave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from modeler.errors import ModelerError
from modeler.previews.effects.effect import RelationKind, Work, WorkKind
from modeler.previews.effects.names_chosen import made_name
from modeler.previews.hazards.plan import Sent
from modeler.previews.relation_names import relation_name
from modeler.previews.remedies.change import AnyChange, Change, Fill
from modeler.previews.remedies.forms import Form
from modeler.previews.remedies.statements import (
    action_text,
    alter,
    column_text,
    concurrently,
    constraint_text,
    over_index,
    quoted,
    table_text,
    unique_index,
    without_end,
)
from modeler.previews.remedies.type_change import swapped
from modeler.previews.sql import actions, commands
from modeler.previews.sql.actions import Action
from modeler.previews.sql.commands import Command
from modeler.previews.sql.definitions import Column, Constraint, Name, ObjectKind

BY_ITSELF = "It commits by itself, and waits for older transactions without blocking anybody."
NUMBERED = ("serial", "smallserial", "bigserial")

COLUMN_ACTIONS = (
    actions.AddColumn,
    actions.SetDefault,
    actions.DropNotNull,
    actions.SetNotNull,
    actions.AlterType,
)
# What a column without a default is filled with until a person writes something better.
PLACEHOLDERS = {
    **dict.fromkeys(("smallint", "integer", "bigint", "numeric", "double precision", "real"), "0"),
    **dict.fromkeys(("varchar", "character varying", "text", "char", "character"), "''"),
    "boolean": "false",
    "jsonb": "'{}'",
    "date": "CURRENT_DATE",
    **dict.fromkeys(("timestamp with time zone", "timestamptz"), "now()"),
}


class NoRemedy(ModelerError):
    """There is no safe form; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One command of a statement; of ALTER TABLE one of its actions."""

    sent: Sent
    command: Command
    action: Action | None = None

    @property
    def table(self) -> Name | None:
        match self.command:
            case commands.AlterRelation(name=name) | commands.CreateIndex(table=name):
                return name
        return None


@dataclass(slots=True)
class SafeChanges:
    """Makes the changes of one operation.

    Args:
        sent: its statements forward.
        undone: and backward.
        key_of: the primary key's column of a table, ``""`` where it has none of its own.
        hangs_on: what keeps a column of a table from being swapped, see ``what_hangs_on``.
        takes_null: whether a column does.
        defaults_stay: a default that Django takes away again stays until the next release.

    Attributes:
        forms: those that were used.
        todo: what a person has to write, a sentence each.
    """

    sent: tuple[Sent, ...]
    undone: tuple[Sent, ...]
    key_of: Callable[[str], str]
    hangs_on: Callable[[str, str], str]
    takes_null: Callable[[str, str], bool]
    defaults_stay: bool = False
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
        for atom in self._without_foreign_keys_that_stay(list(self._atoms())):
            found += self._safe(atom)
        # A column is full before what is built upon it.
        return (*found, *self._ending)

    def _atoms(self) -> Iterable[Atom]:
        for sent in self.sent:
            for command in sent.commands:
                match command:
                    case commands.SetConstraints():
                        # It is there for what was done before in the same transaction.
                        continue
                    case commands.AlterRelation(actions=found):
                        for action in found:
                            yield Atom(sent, command, action)
                    case _:
                        yield Atom(sent, command)

    def _without_foreign_keys_that_stay(self, atoms: list[Atom]) -> list[Atom]:
        dropped: dict[tuple[Name | None, str], int] = {}
        gone: set[int] = set()
        for position, atom in enumerate(atoms):
            match atom.action:
                case actions.DropConstraint(name=name):
                    dropped[atom.table, name] = position
                case actions.AddConstraint(
                    constraint=Constraint(kind="foreign key", name=name) as again
                ) if (atom.table, name) in dropped and again == self._before(atom.table, name):
                    gone |= {dropped.pop((atom.table, name)), position}
        if gone:
            self.forms.add(Form.FOREIGN_KEY_KEPT)
        return [atom for position, atom in enumerate(atoms) if position not in gone]

    def _before(self, table: Name | None, name: str) -> Constraint | None:
        """Return a constraint as the way back would make it again."""
        again = [
            action.constraint
            for action in self._undoing(table)
            if isinstance(action, actions.AddConstraint)
        ]
        named = [constraint for constraint in again if constraint.name == name]
        if named:
            return named[0]
        # A name that PostgreSQL chose comes back as one that Django chooses; it is the same.
        return replace(again[0], name=name) if len(again) == 1 else None

    def _undoing(self, table: Name | None) -> Iterable[Action]:
        for sent in self.undone:
            for command in sent.commands:
                if isinstance(command, commands.AlterRelation) and command.name == table:
                    yield from command.actions

    def _safe(self, atom: Atom) -> list[AnyChange]:
        live = self._lives(atom)
        match atom.command, atom.action:
            case commands.CreateIndex() as command, _ if live and not command.concurrently:
                return self._index(atom, command)
            case commands.Drop(kind=ObjectKind.INDEX, concurrently=False), _:
                return self._index_drop(atom)
            case _, actions.AddConstraint(constraint=constraint) if live:
                return self._constraint(atom, constraint)
            case _, actions.AddColumn(column=column) if live:
                return self._column(atom, column)
            case _, actions.SetNotNull(column=column) if live and atom.sent.work:
                return self._not_null(atom, column, "")
            case commands.Query(verb="update"), _ if live:
                return self._update(atom)
            case _, actions.SetDefault(expression=None) if self.defaults_stay:
                return [self._default_stays(atom)]
            case _, actions.AlterType() as change if live and self._rewrites(atom):
                return self._type(atom, change)
            case _, _ if live and self._grows(atom):
                raise NoRemedy(self._why_none(atom))
        return [self._kept(atom)]

    # Indexes

    def _index(self, atom: Atom, command: commands.CreateIndex) -> list[AnyChange]:
        if any(lock.kind is RelationKind.PARTITIONED_TABLE for lock in atom.sent.locks):
            raise NoRemedy(
                "an index of a partitioned table cannot be built concurrently; build it on each "
                "partition, then ON ONLY the parent, and attach them"
            )
        self.forms.add(Form.UNIQUE if command.unique else Form.INDEX)
        return [
            Change(
                concurrently(atom.sent.statement.sql),
                f"DROP INDEX CONCURRENTLY IF EXISTS {self._beside(command.table, command.name)}",
                table_text(command.table),
                "like_index" if command.name.endswith("_like") else "index",
                BY_ITSELF,
                concurrent=True,
                works=True,
            )
        ]

    @staticmethod
    def _beside(table: Name, name: str) -> str:
        return table_text(Name(name, table.schema))

    def _index_drop(self, atom: Atom) -> list[AnyChange]:
        self.forms.add(Form.INDEX_DROP)
        command = atom.command
        assert isinstance(command, commands.Drop)
        (name, *rest) = command.names
        if rest or command.cascade:
            raise NoRemedy("DROP INDEX CONCURRENTLY takes one index, and no CASCADE")
        again = next(
            (
                concurrently(sent.statement.sql)
                for sent in self.undone
                for found in sent.commands
                if isinstance(found, commands.CreateIndex) and found.name == name.name
            ),
            None,
        )
        return [
            Change(
                concurrently(atom.sent.statement.sql),
                again,
                table_text(name),
                "drop_index",
                BY_ITSELF,
                concurrent=True,
                works=True,
            )
        ]

    # Constraints

    def _constraint(self, atom: Atom, constraint: Constraint) -> list[AnyChange]:
        table = self._table(atom)
        if constraint.kind == "unique" and not constraint.using_index:
            return self._unique(table, constraint)
        if constraint.kind in {"check", "foreign key"} and constraint.valid:
            return self._validated_later(table, constraint)
        if self._grows(atom):
            raise NoRemedy(self._why_none(atom))
        return [self._kept(atom)]

    def _validated_later(self, table: str, constraint: Constraint) -> list[AnyChange]:
        is_check = constraint.kind == "check"
        self.forms.add(Form.CHECK if is_check else Form.FOREIGN_KEY)
        word = "check" if is_check else "foreign_key"
        name = quoted(constraint.name)
        return [
            Change(
                alter(table, f"ADD {constraint_text(replace(constraint, valid=False))}"),
                alter(table, f"DROP CONSTRAINT IF EXISTS {name}"),
                table,
                word,
                "New rows obey it from here on; those that are there are looked at later.",
            ),
            Change(
                alter(table, f"VALIDATE CONSTRAINT {name}"),
                "",
                table,
                f"validate_{word}",
                "It reads every row, and lets reads and writes go on.",
                works=True,
            ),
        ]

    def _unique(self, table: str, constraint: Constraint) -> list[AnyChange]:
        self.forms.add(Form.UNIQUE)
        schema = "" if '"."' not in table else table.partition('"."')[0].strip('"')
        index = table_text(Name(constraint.name, schema))
        return [
            Change(
                unique_index(table, constraint),
                f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                table,
                "unique_index",
                f"{BY_ITSELF} Duplicates make it fail and leave an invalid index of that name "
                "behind: drop it before the next try.",
                concurrent=True,
                works=True,
            ),
            Change(
                alter(table, f"ADD {constraint_text(over_index(constraint))}"),
                alter(table, f"DROP CONSTRAINT IF EXISTS {quoted(constraint.name)}"),
                table,
                "unique",
                "The index is there: the constraint takes it over at once.",
            ),
        ]

    # Columns

    def _column(self, atom: Atom, column: Column) -> list[AnyChange]:
        table = self._table(atom)
        grown = self._grows(atom)
        if column.generated is not None or column.identity or column.type in NUMBERED:
            if grown:
                raise NoRemedy(self._why_none(atom))
            return [self._kept(atom)]
        constraints = [part for part in column.constraints if part.kind not in {"null"}]
        if any(part.kind == "primary key" for part in constraints):
            raise NoRemedy("a new primary key renumbers the table")
        rewritten = any(entry.kind is WorkKind.REWRITE for entry in grown)
        if rewritten and column.default is None:
            raise NoRemedy(self._why_none(atom))
        empty = rewritten or (column.not_null and column.default is None)
        apart = [part for part in constraints if part.kind != "not null"]
        if not (apart or empty or grown):
            return [self._kept(atom)]
        bare = replace(
            column,
            default=None if rewritten else column.default,
            constraints=tuple(p for p in constraints if p.kind == "not null" and not empty),
        )
        found: list[AnyChange] = [
            Change(
                alter(table, f"ADD COLUMN {column_text(bare)}"),
                alter(table, f"DROP COLUMN IF EXISTS {quoted(column.name)}"),
                table,
                "column",
                "At once: nothing is written, built or looked at." if apart or empty else "",
            )
        ]
        if rewritten:
            self.forms.add(Form.VOLATILE_DEFAULT)
            found.append(
                Change(
                    alter(
                        table, f"ALTER COLUMN {quoted(column.name)} SET DEFAULT {column.default}"
                    ),
                    alter(table, f"ALTER COLUMN {quoted(column.name)} DROP DEFAULT"),
                    table,
                    "column",
                    "New rows get it from here on.",
                )
            )
        if empty:
            if column.default is None and any(p.kind == "foreign key" for p in constraints):
                raise NoRemedy(
                    "nothing says which row those that are there refer to; let it be NULL first"
                )
            value = column.default or self._placeholder(column)
            found += (
                self._not_null(atom, column.name, value, fills=True)
                if column.not_null
                else [self._fill(atom, column.name, value)]
            )
        for part in apart:
            self._ending += self._constraint(
                atom, self._named(atom, replace(part, columns=(column.name,)))
            )
        return found

    def _type(self, atom: Atom, change: actions.AlterType) -> list[AnyChange]:
        assert atom.table is not None
        hangs = self.hangs_on(atom.table.name, change.column)
        key = self.key_of(atom.table.name)
        if hangs or not key:
            raise NoRemedy(
                f"the new type of {change.column} needs a second column, and "
                f"{hangs or 'the table has no key to go along'}"
            )
        self.forms.add(Form.TYPE)
        table = self._table(atom)
        back = self._same_column(atom, table, actions.AlterType, change.column)
        null = self.takes_null(atom.table.name, change.column)
        steps, fresh, swap = swapped(table, atom.table.name, key, change, back=back, null=null)
        found = list(steps)
        if not null:
            # On the way back the column goes, and its constraints with it.
            found += [replace(step, backward="") for step in self._proven_not_null(atom, fresh)]
        return [*found, swap]

    def _rewrites(self, atom: Atom) -> bool:
        return any(entry.kind is WorkKind.REWRITE for entry in atom.sent.work)

    def _placeholder(self, column: Column) -> str:
        """Return a value for rows that are there, where nothing says which."""
        kind = column.type.lower().partition("(")[0].strip()
        value = PLACEHOLDERS.get(kind)
        if value is None:
            raise NoRemedy(
                f"nothing says which {kind} the rows that are there get; give a default"
            )
        self.todo.append(
            f"Rows that are there get {value} in {column.name}: write the right value into "
            "the function that fills it."
        )
        return value

    def _named(self, atom: Atom, constraint: Constraint) -> Constraint:
        """Give a column's constraint the name that PostgreSQL would choose."""
        if constraint.name or atom.table is None:
            return constraint
        label = {"check": "check", "unique": "key", "foreign key": "fkey"}[constraint.kind]
        return replace(
            constraint, name=made_name(atom.table.name, "_".join(constraint.columns), label)
        )

    def _update(self, atom: Atom) -> list[AnyChange]:
        """Read Django's own UPDATE of rows without a value; SET NOT NULL comes after it."""
        following = [
            found
            for found in self._atoms()
            if isinstance(found.action, actions.SetNotNull)
            and found.sent.position > atom.sent.position
        ]
        if len(following) != 1:
            raise NoRemedy("its data statement is not one that Django writes")
        (last,) = following
        assert isinstance(last.action, actions.SetNotNull)
        table, column = self._table(last), quoted(last.action.column)
        start, end = f"UPDATE {table} SET {column} = ", f" WHERE {column} IS NULL"
        # A value may hold a semicolon.
        text = atom.sent.statement.sql
        if not text.startswith(start) or end not in text:
            raise NoRemedy("its data statement is not one that Django writes")
        self._value = text[len(start) : text.rindex(end)]
        return []

    def _fill(self, atom: Atom, column: str, value: str, *, guard: str = "") -> Fill:
        assert atom.table is not None
        key = self.key_of(atom.table.name)
        if not key:
            raise NoRemedy("the table has no primary key of one column to go along")
        table = self._table(atom)
        name = quoted(guard)
        return Fill(
            table,
            quoted(column),
            quoted(key),
            value,
            alter(table, f"DROP CONSTRAINT IF EXISTS {name}",
                  f"ADD CONSTRAINT {name} CHECK ({quoted(column)} IS NOT NULL) NOT VALID")
            if guard else "",
            alter(table, f"DROP CONSTRAINT IF EXISTS {name}") if guard else "",
        )  # fmt: skip

    def _not_null(
        self, atom: Atom, column: str, value: str, *, fills: bool = False
    ) -> list[AnyChange]:
        """Return the changes that fill a column, where there is a value, and set NOT NULL."""
        steps = self._proven_not_null(atom, column)
        value = value or self._value
        if fills or value:
            guard = made_name(self._bare(atom), column, "present")
            return [self._fill(atom, column, value, guard=guard), *steps[1:]]
        return [*steps]

    def _proven_not_null(self, atom: Atom, column: str) -> list[Change]:
        self.forms.add(Form.NOT_NULL)
        table, guard = self._table(atom), quoted(made_name(self._bare(atom), column, "present"))
        name = quoted(column)
        return [
            Change(
                alter(table, f"ADD CONSTRAINT {guard} CHECK ({name} IS NOT NULL) NOT VALID"),
                alter(table, f"DROP CONSTRAINT IF EXISTS {guard}"),
                table,
                "present",
                "No further row without a value; those that are there are looked at later.",
            ),
            Change(
                alter(table, f"VALIDATE CONSTRAINT {guard}"),
                "",
                table,
                "validate_present",
                "It reads every row, and lets reads and writes go on.",
                works=True,
            ),
            Change(
                alter(table, f"ALTER COLUMN {name} SET NOT NULL"),
                alter(table, f"ALTER COLUMN {name} DROP NOT NULL"),
                table,
                "not_null",
                "The validated check proves it, so that no row is read.",
            ),
            Change(alter(table, f"DROP CONSTRAINT IF EXISTS {guard}"), "", table, "not_null"),
        ]

    def _default_stays(self, atom: Atom) -> Change:
        self.forms.add(Form.DEFAULT_STAYS)
        kept = self._kept(atom)
        assert isinstance(atom.action, actions.SetDefault)
        before = next(
            (
                found.action.column.default
                for found in self._atoms()
                if isinstance(found.action, actions.AddColumn)
                and found.action.column.name == atom.action.column
            ),
            None,
        )
        if before is None:
            return kept
        return replace(
            kept,
            backward=alter(
                kept.table, f"ALTER COLUMN {quoted(atom.action.column)} SET DEFAULT {before}"
            ),
            later=True,
            slug="drop_default",
        )

    # What stays as it is

    def _kept(self, atom: Atom) -> Change:
        text = without_end(atom.sent.statement.sql)
        table = table_text(atom.table) if atom.table else ""
        if atom.action is None:
            return Change(text, self._undo_of_command(atom.command), table, "change",
                          concurrent=getattr(atom.command, "concurrently", False))  # fmt: skip
        if len(atom.sent.commands) > 1 or len(_actions(atom.command)) > 1:
            action = action_text(atom.action)
            if action is None:
                raise NoRemedy("a part of its statement cannot be written by itself")
            text = alter(table, action)
        slug = "column" if isinstance(atom.action, COLUMN_ACTIONS) else "change"
        return Change(text, self._undo_of_action(atom, table), table, slug)

    def _undo_of_action(self, atom: Atom, table: str) -> str | None:
        match atom.action:
            case actions.AddColumn(column=column):
                return alter(table, f"DROP COLUMN IF EXISTS {quoted(column.name)}")
            case actions.AddConstraint(constraint=constraint) if constraint.name:
                return alter(table, f"DROP CONSTRAINT IF EXISTS {quoted(constraint.name)}")
            case actions.SetDefault(column=column, expression=None):
                # Django's own default of the moment, or one that the way back sets again.
                return self._same_column(atom, table, actions.SetDefault, column) or ""
            case actions.SetDefault(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} DROP DEFAULT")
            case actions.SetNotNull(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} DROP NOT NULL")
            case actions.DropNotNull(column=column):
                return alter(table, f"ALTER COLUMN {quoted(column)} SET NOT NULL")
            case actions.DropConstraint(name=name):
                again = self._before(atom.table, name)
                text = constraint_text(again) if again else ""
                return alter(table, f"ADD {text}") if text else None
            case actions.AlterType(column=column):
                return self._same_column(atom, table, actions.AlterType, column)
            case actions.ValidateConstraint():
                return ""
        return None

    def _same_column(self, atom: Atom, table: str, kind: type[Action], column: str) -> str | None:
        for action in self._undoing(atom.table):
            if isinstance(action, kind) and getattr(action, "column", "") == column:
                text = action_text(action)
                return alter(table, text) if text else None
        return None

    def _undo_of_command(self, command: Command) -> str | None:
        match command:
            case commands.CreateIndex(name=name, table=table):
                return f"DROP INDEX IF EXISTS {self._beside(table, name)}"
            case commands.Comment(name=name):
                for sent in self.undone:
                    for found in sent.commands:
                        if isinstance(found, commands.Comment) and found.name == name:
                            return without_end(sent.statement.sql)
        return None

    # What is asked of atoms

    def _lives(self, atom: Atom) -> bool:
        """Somebody may be waiting: the statement's own table was there before."""
        if atom.table is None:
            return any(lock.kind.holds_rows for lock in atom.sent.locks)
        name = relation_name(atom.table.schema, atom.table.name)
        return any(lock.kind.holds_rows and lock.relation == name for lock in atom.sent.locks)

    def _bare(self, atom: Atom) -> str:
        assert atom.table is not None
        return atom.table.name

    def _table(self, atom: Atom) -> str:
        assert atom.table is not None
        return table_text(atom.table)

    def _grows(self, atom: Atom) -> tuple[Work, ...]:
        return atom.sent.work

    def _why_none(self, atom: Atom) -> str:
        work = " and ".join(dict.fromkeys(str(entry.kind) for entry in atom.sent.work))
        name = relation_name(atom.table.schema, atom.table.name) if atom.table else "its table"
        return f"the {work} of {name} is one step for PostgreSQL"


def _actions(command: Command) -> tuple[Action, ...]:
    return command.actions if isinstance(command, commands.AlterRelation) else ()
