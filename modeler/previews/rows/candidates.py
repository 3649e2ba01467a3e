"""The SELECT that makes candidates for the rows of a table.

Every column is an expression over the number of the row, so that the server makes any number of
rows in one statement. Two thirds as many values as rows are drawn for a column that need not be
unique, so that some occur twice and a later unique constraint meets them; every sixth row has
NULL where that is allowed. What the rules of the table refuse is left out by a WHERE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from modeler.errors import FormatError
from modeler.previews.rows.atoms import Ordering
from modeler.previews.rows.facts import EmptyTable, Key, Reference, RowColumn, Rule
from modeler.previews.rows.generators import base_type, domain_checks, values_of
from modeler.previews.rows.restriction import Restriction
from modeler.previews.rows.scenarios import Scenario
from modeler.previews.rows.values import Values, constant
from modeler.schema.expression import Expression, columns_of
from modeler.schema.sql_text import quoted_name, sql_text
from modeler.schema.sql_tokens import tokens

# One row in so many has NULL where it may.
NULL_EVERY = 6
# Up to so many rows are written in the order of their numbers.
ORDERED = 10_000
N = "g.n"
# Leaves room for what begins at one value and ends before the next.
FAR_APART = f"({N} * 16)"
# What is surely more, by type.
MORE = {
    "int2": "1", "int4": "1", "int8": "1", "numeric": "1", "float4": "1", "float8": "1",
    "date": "1", "timestamp": "interval '1 hour'", "timestamptz": "interval '1 hour'",
    "interval": "interval '1 hour'", "time": "interval '1 minute'",
    "timetz": "interval '1 minute'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A table that is referred to.

    Attributes:
        sql: its name.
        rows: how many it has, as far as they were counted.
    """

    sql: str
    rows: int


@dataclass(frozen=True, slots=True)
class Wish:
    """How candidates are to be made.

    Attributes:
        rows: how many rows are wanted in all, which says how many values must differ.
        nulls: ``some``, ``none``, ``all`` that may be, or ``half``.
        defaults: columns with a default are left to it.
        pools: further values by column, as SQL, drawn half of the time.
        later: names of references that stay NULL for now.
        plain: values differ where they can, are NULL only where they must, and are short.
    """

    rows: int
    seed: int = 0
    nulls: str = "some"
    defaults: bool = False
    pools: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    later: frozenset[str] = frozenset()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """SQL of candidates.

    Attributes:
        columns: those that are given values, in order.
        layers: the SELECT without its filter; ``%(series)s`` stands for the numbers of the rows.
        where: conditions on the candidates.
        conflicts: keys may clash, which must be passed over.
        overriding: an identity that is ``always`` is given values.
    """

    columns: tuple[RowColumn, ...]
    layers: str
    where: tuple[str, ...]
    conflicts: bool = False
    overriding: bool = False

    def select(self, first: int, count: int, limit: int) -> str:
        """Return the SELECT of up to ``limit`` of ``count`` candidates from number ``first``."""
        series = f"generate_series({first}::bigint, {first + count - 1}::bigint)"
        outer = ", ".join(
            f"s.{column.quoted}::{column.full_type}"
            if column.type.kind == "d" else f"s.{column.quoted}"
            for column in self.columns
        )  # fmt: skip
        where = f" WHERE {' AND '.join(self.where)}" if self.where else ""
        order = " ORDER BY s.modeler_n" if count <= ORDERED else ""
        limited = f" LIMIT {limit}" if limit < count or self.where else ""
        body = self.layers.replace("\1", series)
        return f"SELECT {outer or '1'} FROM ({body}) s{where}{order}{limited}"

    def insert(self, table: EmptyTable, first: int, count: int, limit: int) -> str:
        """Return the INSERT of these candidates."""
        if not self.columns:
            names, select = "", f"SELECT FROM generate_series(1, {min(count, limit)})"
        else:
            names = f" ({', '.join(column.quoted for column in self.columns)})"
            select = self.select(first, count, limit)
        overriding = " OVERRIDING SYSTEM VALUE" if self.overriding else ""
        conflicts = " ON CONFLICT DO NOTHING" if self.conflicts else ""
        return f"INSERT INTO {table.sql}{names}{overriding} {select}{conflicts}"


class CandidateMaker:
    """Makes the candidates of one table in one scenario.

    Args:
        targets: the tables that are referred to, by number; the table itself is left out.

    Raises (``made``):
        FormatError: no row can pass this scenario, with the reason.
    """

    def __init__(
        self, table: EmptyTable, scenario: Scenario, targets: Mapping[int, Target], wish: Wish
    ) -> None:
        self.table, self.scenario, self.targets, self.wish = table, scenario, targets, wish
        self.random = Random(f"{wish.seed} {table.name}")
        self.restrictions = dict(scenario.restrictions)
        self.orderings = list(scenario.orderings)
        self.joins: list[str] = []
        self.base: dict[str, str] = {}
        self.derived: dict[str, str] = {}
        self.counters: dict[str, str] = {}
        self.units: dict[str, tuple[str, int | None]] = {}
        self.picks: list[tuple[Reference, Target, str]] = []
        self.conflicts = False
        self.available: set[str] = set()
        self.overriding = False
        self.alone: set[str] = set()

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
        columns = tuple(c for c in self.table.columns
                        if (c.name in self.base or c.name in self.derived) and not c.generated)  # fmt: skip
        layers = self._layers()
        return Candidates(columns, layers, self._where(), self.conflicts, self.overriding)

    # Which columns are given values, and how many they can have

    def _takes_values(self, column: RowColumn) -> bool:
        if column.generated or column.sequence:
            return False
        if self.wish.defaults and column.default:
            return (
                column.name in self.restrictions
                and self.restrictions[column.name].null is not None
            )
        return True

    def _restriction(self, name: str) -> Restriction:
        return self.restrictions.get(name, Restriction())

    def _units(self) -> None:
        """Group the columns by what fills them: a reference, or values of their own."""
        taken: set[str] = set()
        references = sorted(self.table.references, key=lambda r: (-len(r.columns), r.name))
        for reference in references:
            if set(reference.columns) <= taken:
                continue
            if any(self._restriction(name).null for name in reference.columns):
                self._nulled(reference, taken)
                continue
            nullable = [n for n in reference.columns if not self._needed(n)]
            own = reference.target == self.table.oid
            if reference.name in self.wish.later or own:
                if not nullable and own:
                    self._to_itself(reference, taken)
                    continue
                if not nullable:
                    raise FormatError(
                        f"{reference.name} refers to a table that needs this one first"
                    )
                self._nulled(reference, taken)
                continue
            target = self.targets.get(reference.target)
            if target is None or target.rows == 0:
                if nullable:
                    self._nulled(reference, taken)
                    continue
                raise FormatError(
                    f"{reference.name} refers to {reference.target_name}, which has no rows"
                )
            unit = f"reference {reference.name}"
            self.picks.append((reference, target, unit))
            self.units[unit] = (unit, target.rows)
            for name in reference.columns:
                if name not in taken:
                    self.units[name] = (unit, target.rows)
                    taken.add(name)

    def _nulled(self, reference: Reference, taken: set[str]) -> None:
        for name in reference.columns:
            if name not in taken and not self._needed(name):
                column = self.table.by_name[name]
                self.base[name] = f"NULL::{column.full_type}"
                taken.add(name)

    def _to_itself(self, reference: Reference, taken: set[str]) -> None:
        """A row that must refer to its own table refers to itself: there is no other yet."""
        for name, target in zip(reference.columns, reference.target_columns, strict=True):
            key = self.table.by_name[target]
            if key.sequence and target not in self.base:
                self.base[target] = (
                    f"nextval(pg_get_serial_sequence('{self.table.sql}', '{target}'))"
                    if not key.default
                    else key.default
                )
                self.overriding = self.overriding or key.always
            self.derived[name] = key.quoted
            taken.add(name)

    def _needed(self, name: str) -> bool:
        column = self.table.by_name[name]
        return column.not_null or self._restriction(name).null is False

    def _values(self, column: RowColumn, distinct: int) -> Values:
        restriction = self._restriction(column.name)
        try:
            return values_of(
                column.type, column.full_type, column.modifier, restriction,
                distinct=distinct, seed=self.wish.seed, plain=self.wish.plain,
            )  # fmt: skip
        except FormatError as error:
            raise FormatError(f"{column.name}: {error}") from error

    def _keep_apart(self, key: Key) -> None:
        """Choose counters under which no two rows have the same key."""
        names = tuple(dict.fromkeys((*(key.disjoint or key.columns), *key.inner)))
        columns = [self.table.by_name[name] for name in names]
        if any(
            column.sequence or column.generated for column in columns if column.name in key.columns
        ):
            self.conflicts = self.conflicts or any(c.generated for c in columns)
            return
        if (
            any(self.base.get(name, "").startswith("NULL::") for name in key.columns)
            and key.nulls_distinct
        ):
            return
        units = list(dict.fromkeys(self.units.get(name, (name, None))[0] for name in names))
        if any(self.counters.get(unit) in {N, FAR_APART} for unit in units):
            return
        if len(key.disjoint) > 1:
            self._lie_apart(key)
            return
        counts = {unit: self._count(unit) for unit in units}
        wide = [unit for unit in units if (counts[unit] is None or counts[unit] >= self.wish.rows)
                and unit not in self.counters]  # type: ignore[operator]  # fmt: skip
        own = [unit for unit in wide if unit in self.table.by_name]
        if own:
            self.counters[own[-1]] = N
            return
        if key.condition is not None or key.exclusion:
            # Holds for some rows alone; those that clash are passed over.
            self.conflicts = True
            return
        if len(units) == 1 and units[0] not in self.counters:
            self.counters[units[0]] = N
            self.alone.add(units[0])
            return
        place = 1
        for unit in sorted(units, key=lambda unit: counts[unit] or 0, reverse=True):
            if unit in self.counters:
                self.conflicts = True
                continue
            # Each round over the first unit starts one further, so that pairs differ in both.
            self.counters[unit] = N if place == 1 else f"({N} / {place})"
            place *= max(counts[unit] or 1, 1)

    def _lie_apart(self, key: Key) -> None:
        """Intervals that two columns make: each begins well after the one before has ended."""
        orderings = [o for o in self.orderings if {o.before, o.after} <= set(key.disjoint)]
        if orderings:
            begin = orderings[0].before
        else:
            begin, end = key.disjoint[0], key.disjoint[1]
            self.orderings.append(Ordering(begin, end, strict=True))
        self.counters[begin] = FAR_APART

    def _count(self, unit: str) -> int | None:
        if unit in self.units:
            return self.units[unit][1]
        column = self.table.by_name[unit]
        if not self._takes_values(column):
            return 1
        return self._values(column, self.wish.rows).count

    # Their expressions

    def _salt(self) -> int:
        return self.random.randrange(1, 2**31)

    def _drawn(self, count: int) -> str:
        """A counter below ``count`` by chance, the same for the same row and seed."""
        return f"((hashint8extended({N}, {self._salt()}) & 2147483647) % {max(count, 1)})"

    def _join(self, position: int, reference: Reference, target: Target, unit: str) -> None:
        alias = f"r{position}"
        names = list(zip(reference.columns, reference.target_columns, strict=True))
        keys = ", ".join(quoted_name(there) for _, there in names)
        shared = [pair for pair in names if pair[0] in self.base]
        counter = self.counters.get(unit)
        if counter is None:
            chosen = self._drawn(target.rows)
        elif unit in self.alone:
            # Beyond the last one there is none: each is referred to once.
            chosen = f"({counter})"
        else:
            chosen = f"(({counter}) % {target.rows})"
        null = ""
        if not all(self._needed(here) for here, _ in names) and not shared:
            null = self._null_when()
        condition = f"CASE WHEN {null} THEN NULL ELSE {chosen} END" if null else chosen
        required = all(self._needed(here) for here, _ in names)
        kind = "JOIN" if required else "LEFT JOIN"
        order = keys if target.rows <= ORDERED else ""
        over = f"(ORDER BY {order})" if order else "()"
        if shared:
            # It must agree with what another reference chose already.
            where = " AND ".join(
                f"t.{quoted_name(there)} = {self.base[here]}" for here, there in shared
            )
            fields = ", ".join(f"t.{quoted_name(there)}" for _, there in names)
            self.joins.append(
                f"{kind} LATERAL (SELECT {fields} FROM {target.sql} t WHERE {where} "
                f"ORDER BY {fields} OFFSET (SELECT ({chosen}) % greatest(count(*), 1) FROM "
                f"{target.sql} t WHERE {where}) LIMIT 1) {alias} ON true"
            )
        else:
            self.joins.append(
                f"{kind} (SELECT row_number() OVER {over} - 1 AS k, {keys} FROM {target.sql}) "
                f"{alias} ON {alias}.k = {condition}"
            )
        for here, there in names:
            self.base.setdefault(here, f"{alias}.{quoted_name(there)}")

    def _null_when(self) -> str:
        match self.wish.nulls:
            case "some" if self.wish.plain:
                return ""
            case "none":
                return ""
            case "all":
                return "true"
            case "half":
                return f"{self._drawn(2)} = 0"
        return f"({N} + {self._salt() % NULL_EVERY}) % {NULL_EVERY} = 0"

    def _value(self, column: RowColumn) -> str:
        restriction = self._restriction(column.name)
        base, full, _ = base_type(column.type, column.full_type, column.modifier)
        full = full if column.type.kind == "d" else column.full_type
        if restriction.null is True:
            return f"NULL::{full}"
        counter = self.counters.get(column.name)
        rows = self.wish.rows
        try:
            values = self._values(column, rows)
        except FormatError:
            if column.default or (not column.not_null and restriction.null is None):
                return f"({column.default or 'NULL'})::{full}"
            raise
        if counter is None and self.wish.plain and (values.count or rows) >= rows:
            counter = f"({N})"
        elif counter is None:
            drawn = max(2, -(-rows * 2 // 3))
            if values.count is not None:
                drawn = min(drawn, values.count)
            counter = self._drawn(drawn)
        else:
            counter = f"({counter})"
        sql = f"({values.at(counter)})::{full}"
        pool = self.wish.pools.get(column.name, ())
        told = restriction.among is not None or restriction.equals is not None
        if pool and not told and self.counters.get(column.name) is None:
            arms = " ".join(f"WHEN {i} THEN ({v})::{full}" for i, v in enumerate(pool))
            sql = f"CASE {self._drawn(len(pool) * 2)} {arms} ELSE {sql} END"
        if not column.not_null and restriction.null is None and (null := self._null_when()):
            if self.counters.get(column.name) is None or self._may_be_null(column.name):
                return f"CASE WHEN {null} THEN NULL ELSE {sql} END"
        return sql

    def _may_be_null(self, name: str) -> bool:
        """NULLs of a column that keeps keys apart would let them clash, if it is not alone."""
        return all(
            key.nulls_distinct and not key.disjoint
            for key in self.table.keys
            if name in key.columns or name in key.inner
        )

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
            known = ", ".join(quoted_name(name) for name in befores)
            times = f"({int(after in strict)} + s.modeler_n % 5)::integer"
            later = f"greatest({known}) + {times} * {MORE[base]}"
            self.derived[after] = f"coalesce(({later})::{column.full_type}, {column.quoted})"

    def _layers(self) -> str:
        fields = ", ".join(
            f"{sql} AS {quoted_name(name)}"
            for name, sql in self.base.items()
            if name not in self.derived or self._own_value_used(name)
        )
        body = f"SELECT {N} AS modeler_n{', ' if fields else ''}{fields} FROM \1 AS g(n) {' '.join(self.joins)}"
        available = set(self.base) - {n for n in self.derived if not self._own_value_used(n)}
        for name, sql in self._in_order(available):
            others = ", ".join(
                f"s.{quoted_name(other)}" for other in [*available] if other != name
            )
            body = f"SELECT s.modeler_n, {others}{', ' if others else ''}{sql} AS {quoted_name(name)} FROM ({body}) s"
            available.add(name)
        for column in self._generated(available):
            body = f"SELECT s.*, ({column.default})::{column.full_type} AS {column.quoted} FROM ({body}) s"
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


def pool_of(value: Expression) -> str:
    """Return a literal for a pool."""
    return constant(value)
