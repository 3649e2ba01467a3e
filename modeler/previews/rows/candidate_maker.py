"""Candidates for the rows of a table, such that its rules hold.

Every column is an expression over the number of the row, so that the server makes any number of
rows in one statement. Columns that follow from others stand in outer layers, and what the rules
of the table refuse is left out by a WHERE.
"""

from __future__ import annotations

from modeler.errors import FormatError
from modeler.previews.rows.candidates import SERIES, Candidates
from modeler.previews.rows.counters import N
from modeler.previews.rows.drawing import Drawing
from modeler.previews.rows.facts import RowColumn, Rule
from modeler.previews.rows.generators import base_type, domain_checks
from modeler.previews.rows.restriction import Restriction
from modeler.schema.expression import columns_of
from modeler.schema.sql_text import quoted_name, sql_text
from modeler.schema.sql_tokens import tokens

# What is surely more, by type.
MORE = {
    "int2": "1", "int4": "1", "int8": "1", "numeric": "1", "float4": "1", "float8": "1",
    "date": "1", "timestamp": "interval '1 hour'", "timestamptz": "interval '1 hour'",
    "interval": "interval '1 hour'", "time": "interval '1 minute'",
    "timetz": "interval '1 minute'",
}  # fmt: skip


class CandidateMaker(Drawing):
    """Makes the candidates of one table in one scenario; see ``Counters`` for the arguments."""

    def made(self) -> Candidates:
        self._propagate_orderings()
        self._units()
        for key in self.table.keys:
            self._keep_apart(key)
        for position, (reference, target, unit) in enumerate(self.picks):
            self._join(position, reference, target, unit)
        for column in self.table.columns:
            if column.name not in self.base and self._takes_values(column):
                self.base[column.name] = self._value(column)
        self._derive()
        given = {*self.base, *self.derived}
        columns = tuple(c for c in self.table.columns if c.name in given and not c.generated)
        layers = self._layers()
        return Candidates(columns, layers, self._where(), self.conflicts, self.overriding)

    # Columns that follow from others

    def _propagate_orderings(self) -> None:
        for ordering in self.scenario.orderings:
            before, after = self._restriction(ordering.before), self._restriction(ordering.after)
            merged = before & Restriction(lows=after.lows, highs=after.highs)
            if merged is not None:
                self.restrictions[ordering.before] = merged

    def _derive(self) -> None:
        for name, restriction in sorted(self.restrictions.items()):
            if restriction.equals is None or name not in self.base:
                continue
            if restriction.null is True or name in self.units:
                continue
            if set(columns_of(restriction.equals)) <= set(self.base):
                column = self.table.by_name[name]
                self.derived.setdefault(
                    name, f"({sql_text(restriction.equals)})::{column.full_type}"
                )
        groups: dict[str, list[str]] = {}
        strict: set[str] = set()
        for ordering in self.orderings:
            if {ordering.before, ordering.after} <= set(self.base):
                groups.setdefault(ordering.after, []).append(ordering.before)
                if ordering.strict:
                    strict.add(ordering.after)
        for after, befores in groups.items():
            column = self.table.by_name[after]
            base = base_type(column.type, column.full_type, column.modifier)[0].base
            if after in self.units or after in self.derived or base not in MORE:
                continue
            if self._restriction(after).null is True:
                continue
            known = ", ".join(f"{quoted_name(name)}::{column.full_type}" for name in befores)
            times = f"({int(after in strict)} + s.modeler_n % 5)::integer"
            later = f"greatest({known}) + {times} * {MORE[base]}"
            self.derived[after] = f"coalesce(({later})::{column.full_type}, {column.quoted})"

    def _layers(self) -> str:
        fields = ", ".join(
            f"{sql} AS {quoted_name(name)}"
            for name, sql in self.base.items()
            if name not in self.derived or self._own_value_used(name)
        )
        fields = f"{N} AS modeler_n{', ' if fields else ''}{fields}"
        body = f"SELECT {fields} FROM {SERIES} AS g(n) {' '.join(self.joins)}"
        available = set(self.base) - {n for n in self.derived if not self._own_value_used(n)}
        for name, sql in self._in_order(available):
            others = ", ".join(
                f"s.{quoted_name(other)}" for other in [*available] if other != name
            )
            others = f"s.modeler_n, {others}{', ' if others else ''}"
            body = f"SELECT {others}{sql} AS {quoted_name(name)} FROM ({body}) s"
            available.add(name)
        for column in self._generated(available):
            computed = f"({column.default})::{column.full_type} AS {column.quoted}"
            body = f"SELECT s.*, {computed} FROM ({body}) s"
            available.add(column.name)
        self.available = available
        return body

    def _own_value_used(self, name: str) -> bool:
        return self.derived[name].startswith("coalesce(") and name in self.base

    def _in_order(self, available: set[str]) -> list[tuple[str, str]]:
        """The columns that follow from others, each after those it follows from."""
        waiting = dict(self.derived)
        needs = {
            name: {other for other in waiting if other != name and self._names(sql, other)}
            for name, sql in waiting.items()
        }
        found: list[tuple[str, str]] = []
        while waiting:
            free = [name for name in waiting if not needs[name] & set(waiting)]
            if not free:
                # They follow from each other: one keeps its own value.
                name = next(iter(waiting))
                waiting.pop(name)
                self.derived.pop(name)
                raise FormatError(f"{name} follows from a column that follows from it")
            for name in sorted(free):
                found.append((name, waiting.pop(name)))
        return found

    @staticmethod
    def _names(sql: str, column: str) -> bool:
        return any(
            token.kind in {"name", "quoted"} and token.text == column for token in tokens(sql)
        )

    def _generated(self, available: set[str]) -> list[RowColumn]:
        named = {name for rule in self.table.rules for name in rule.columns}
        return [
            column
            for column in self.table.columns
            if column.generated and column.name in named and column.default
            and all(
                self.table.by_name[token.text].name in available
                for token in tokens(column.default)
                if token.kind in {"name", "quoted"} and token.text in self.table.by_name
            )
        ]  # fmt: skip

    def _where(self) -> tuple[str, ...]:
        found = [
            self._filter(rule) for rule in self.table.rules if set(rule.columns) <= self.available
        ]
        for column in self.table.columns:
            if column.type.kind == "d" and column.name in self.base:
                for check in domain_checks(column.type):
                    found.append(f"({_with_value(check, f's.{column.quoted}')}) IS NOT FALSE")
        return tuple(found)

    @staticmethod
    def _filter(rule: Rule) -> str:
        return f"({rule.sql}) IS {'TRUE' if rule.strict else 'NOT FALSE'}"


def _with_value(check: str, column: str) -> str:
    """Return a domain's check with a column in the place of VALUE."""
    text, last = "", 0
    for token in tokens(check):
        if token.kind == "name" and token.text == "value":
            text += check[last : token.start] + column
            last = token.end
    return text + check[last:]
