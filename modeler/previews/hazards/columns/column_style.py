"""Types that are better avoided in new columns; an opt-in pack.

Source: PostgreSQL wiki, Don't Do This.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modeler.previews.effects.type_text import read_type_text
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned, Sent
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.actions import AddColumn
from modeler.previews.sql.commands import CreateTable
from modeler.previews.sql.definitions import Column, Constraint
from modeler.reporting.finding import Finding, Level

ADVICE = {
    "bpchar": "char(n) pads with spaces; use text or varchar.",
    "money": "money depends on the server's locale; use numeric.",
    "float4": "real keeps six digits; use double precision, or numeric for exact values.",
    "timestamp": "a timestamp without time zone names no moment; use timestamp with time zone.",
    "timetz": "a time with a zone but no date knows no summer time; use time.",
}
SMALL_KEYS = frozenset({"int2", "int4"})


@HAZARDS.register
class ColumnStyle(Hazard):
    code = "MP238"
    slug = "column-style"
    title = "A new column has a type that is better avoided"
    level = Level.INFO
    hint = "Choose another type now: a change later writes the whole table anew."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, relation, column, constraints in _columns(migration):
            advice = self._advice(column, constraints)
            if advice:
                yield self.found(
                    migration,
                    sent.statement.operation,
                    f"{relation}.{column.name}",
                    f"{relation}.{column.name}: {advice}",
                    waits=(),
                )

    def _advice(self, column: Column, constraints: tuple[Constraint, ...]) -> str:
        kind = read_type_text(column.type)
        if kind is None or kind.schema or kind.array:
            return ""
        is_key = any(
            part.kind == "primary key" and part.columns == (column.name,)
            for part in (*_own(column), *constraints)
        )
        if is_key and kind.name in SMALL_KEYS:
            return "numbers of this key end at " + (
                "2,147,483,647; use bigint." if kind.name == "int4" else "32,767; use bigint."
            )
        if kind.is_serial:
            return "serial leaves the sequence's rights and owner apart; use an identity."
        return ADVICE.get(kind.name, "")


def _own(column: Column) -> tuple[Constraint, ...]:
    return tuple(replace(part, columns=(column.name,)) for part in column.constraints)


def _columns(
    migration: Planned,
) -> Iterable[tuple[Sent, str, Column, tuple[Constraint, ...]]]:
    """Return new columns with the constraints of their new tables."""
    for sent, command in migration.commands():
        if isinstance(command, CreateTable) and not command.temporary:
            for column in command.columns:
                keys = tuple(
                    part for part in command.constraints if part.columns == (column.name,)
                )
                yield sent, sent.relation(command.name), column, keys
    for sent, relation, action in migration.parts(AddColumn):
        yield sent, relation, action.column, ()
