"""Values as SQL over a counter: what stands behind every column of generated rows."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.schema.expression import Expression, Literal
from modeler.schema.sql_text import quoted_text, sql_text

# Stands for the counter in the SQL of values; it can be in no SQL text.
COUNTER = "\0"


@dataclass(frozen=True, slots=True)
class Values:
    """A row of values, numbered from 0.

    Attributes:
        sql: an expression over ``COUNTER``, a bigint; it is defined for every counter.
        count: how many differ, None for as many as a bigint counts; beyond it they repeat.
        ascending: a later one is greater, up to ``count``.
    """

    sql: str
    count: int | None = None
    ascending: bool = False

    def at(self, counter: str) -> str:
        """Return the SQL of the value that has the number ``counter``, an SQL expression."""
        return self.sql.replace(COUNTER, counter)

    def cast(self, to: str) -> Values:
        """Return the same values as another type."""
        return Values(f"({self.sql})::{to}", self.count, self.ascending)


def listed(members: tuple[str, ...], to: str) -> Values:
    """Return the values of a list of SQL expressions of one type."""
    if len(members) == 1:
        return Values(f"({members[0]})::{to}", 1)
    # An array of arrays is none of PostgreSQL's; a CASE takes members of every type.
    arms = " ".join(
        f"WHEN {position} THEN ({member})::{to}" for position, member in enumerate(members)
    )
    if to.endswith("[]") or len(members) <= 3:
        return Values(f"CASE ({COUNTER}) % {len(members)} {arms} END", len(members))
    joined = ", ".join(f"({member})::{to}" for member in members)
    return Values(f"(ARRAY[{joined}])[1 + (({COUNTER}) % {len(members)})::integer]", len(members))


def constant(value: Expression) -> str:
    """Return a literal as SQL that takes the type it is cast to."""
    if isinstance(value, Literal) and value.type == "bytes":
        return quoted_text("\\x" + value.value)
    if isinstance(value, Literal) and value.type not in {"null", "boolean", "interval"}:
        return quoted_text(value.value)
    return sql_text(value)
