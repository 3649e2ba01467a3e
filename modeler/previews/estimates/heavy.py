"""Which statements are worth a measurement: their work grows with a large live table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from modeler.previews.effects.effect import Work, WorkKind
from modeler.previews.hazards.hazard import SMALL_BYTES, SMALL_ROWS
from modeler.previews.holds import measured_or_expected
from modeler.previews.preview import Preview
from modeler.previews.relation_names import relation_name
from modeler.previews.sql.commands import AlterRelation, CreateTable
from modeler.previews.sql.reader import read_statements
from modeler.previews.statement import Statement
from modeler.previews.waiting import made_until

from .growth import IndexForm, index_form
from .origins import Origins
from .production import Production
from .size import Size

LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")


@dataclass(frozen=True, slots=True)
class Heavy:
    """A statement whose work grows with rows of live tables that are not small.

    Attributes:
        migration: position in the preview.
        position: in the migration's forward statements.
        statement: it.
        work: what grows.
        tables: names on the shadow at that moment, with those on the live server now.
        live: size of all of them together.
        sizes: of each, by its name on the shadow.
    """

    migration: int
    position: int
    statement: Statement
    work: tuple[Work, ...]
    tables: dict[str, str]
    live: Size
    sizes: dict[str, Size]

    @property
    def kinds(self) -> tuple[WorkKind, ...]:
        """Its kinds of work, without those that another one of them includes."""
        kinds = dict.fromkeys(entry.kind for entry in self.work)
        if WorkKind.REWRITE in kinds:
            # A rewrite checks every row and builds every index.
            kinds = {kind: None for kind in kinds
                     if kind not in (WorkKind.INDEX_BUILD, WorkKind.SCAN)}  # fmt: skip
        return tuple(kinds)

    @property
    def index(self) -> IndexForm:
        """How its index is built."""
        return index_form(read_statements(self.statement.sql))

    @property
    def shape(self) -> tuple[int, tuple[str, ...], str]:
        """What statements have in common that take the same time: all but their literals."""
        sql = self.statement.sql
        return self.migration, tuple(self.tables), LITERAL.sub("?", sql)


def heavy_statements(
    preview: Preview, production: Production, *, applied: bool = False
) -> tuple[Heavy, ...]:
    """Return the heavy statements of a preview, in the order in which they run.

    Args:
        preview: what was rehearsed.
        production: figures of the live database; tables that it does not know are left out, for
            nobody can say how long work on them takes.
        applied: migrations that are applied already count as well.
    """
    return tuple(_found(preview, production, applied))


def _found(preview: Preview, production: Production, applied: bool) -> Iterator[Heavy]:
    origins = Origins()
    for number, migration in enumerate(preview.migrations):
        if not preview.together:
            origins = Origins()
        if applied or not migration.applied:
            new = made_until(preview, migration)
            for position, statement in enumerate(migration.forward):
                work = work_on_old(statement, new)
                tables = {entry.relation: origins.of(entry.relation) for entry in work}
                sizes = {
                    name: size
                    for name, live in tables.items()
                    if (size := production.size(live)) is not None
                }
                if tables and len(sizes) == len(tables) and not all(map(is_small, sizes.values())):
                    whole = sum(sizes.values(), Size(0, 0))
                    yield Heavy(number, position, statement, work, tables, whole, sizes)
                origins.follow([statement.sql])
        else:
            origins.follow(statement.sql for statement in migration.forward)


def work_on_old(statement: Statement, new: frozenset[str]) -> tuple[Work, ...]:
    """Return the work of a statement on tables that hold rows already.

    Args:
        new: relations that the migrations themselves make.
    """
    _locks, work = measured_or_expected(statement)
    found = tuple(entry for entry in work if entry.relation not in new)
    written = _may_write(statement, new)
    if written:
        names = {entry.relation for entry in written}
        found = (
            *(one for one in found if one.relation not in names or one.kind is not WorkKind.READ),
            *(one for one in written if (one.relation, one.kind) not in _said(found)),
        )
    if any(entry.kind is WorkKind.VALIDATION for entry in found) and new:
        # Of a foreign key of a new table there is nothing to check.
        for command in read_statements(statement.sql):
            if isinstance(command, AlterRelation | CreateTable):
                named = {
                    relation_name(command.name.schema, command.name.name),
                    relation_name("", command.name.name),
                }
                if named & new:
                    return tuple(entry for entry in found if entry.kind is not WorkKind.VALIDATION)
    return found


def _may_write(statement: Statement, new: frozenset[str]) -> tuple[Work, ...]:
    """Return what the rules say that a statement writes.

    Its condition may have held for none of the generated rows, or there were none.
    """
    expected = statement.effects.work if statement.effects else ()
    return tuple(one for one in expected if one.kind is WorkKind.ROWS and one.relation not in new)


def _said(work: tuple[Work, ...]) -> set[tuple[str, WorkKind]]:
    return {(one.relation, one.kind) for one in work}


def is_small(size: Size) -> bool:
    """Tell whether work on a table of that size hurts nobody (see ``hazards.hazard``)."""
    return size.rows < SMALL_ROWS and size.bytes < SMALL_BYTES
