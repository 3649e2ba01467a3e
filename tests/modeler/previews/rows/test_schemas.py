"""Any schema of types and constraints: rows fill it, and the server vouches for them."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KINDS = ("integer", "bigint", "numeric(8,2)", "text", "varchar(3)", "varchar(20)", "boolean",
         "date", "timestamptz", "uuid", "jsonb", "integer[]", "int4range",
         "double precision")  # fmt: skip
NUMBERS = ("integer", "bigint", "numeric(8,2)", "double precision")
TEXTS = ("text", "varchar(3)", "varchar(20)")


# A value of a list may be too long for its column, and then nobody can refer to the table.
NOTHING_FITS = re.compile("refers to|leave no value|does not fit|value too long")


def quoted(words: list[str]) -> str:
    return ", ".join("'" + word.replace("'", "''") + "'" for word in words)


@st.composite
def checks(draw: st.DrawFn, name: str, kind: str) -> str:
    if kind in NUMBERS:
        low = draw(st.integers(-1000, 1000))
        high = low + draw(st.integers(0, 500))
        return draw(st.sampled_from((
            f"{name} >= {low}", f"{name} < {high}", f"{name} BETWEEN {low} AND {high}",
            f"{name} IN ({low}, {high})", f"{name} <> {low}", f"NOT ({name} > {high})",
            f"{name} < {low} OR {name} > {high}", f"{name} IS NULL OR {name} = {low}",
            f"abs({name}) < 1000 AND {name} % 2 = 0" if kind in ("integer", "bigint")
            else f"abs({name}) < 1000",
        )))  # fmt: skip
    if kind in TEXTS:
        words = draw(
            st.lists(st.text("abcXYZ'\"é %_", min_size=1, max_size=3), min_size=1, max_size=4)
        )
        return draw(st.sampled_from((
            f"{name} IN ({quoted(words)})", f"{name} <> {quoted(words[:1])}",
            f"length({name}) <= 2", f"length({name}) > 1", f"{name} = upper({name})",
            f"{name} ~ '^[A-Za-z][0-9]{{1,2}}$'", f"{name} LIKE 'x%'", f"btrim({name}) <> ''",
            f"{name} ~ '^(a|b)c?$' OR {name} IS NULL",
        )))  # fmt: skip
    if kind in ("date", "timestamptz"):
        return draw(st.sampled_from((
            f"{name} >= '2030-01-01'", f"{name} < '1999-12-31'", f"{name} > now()",
            f"{name} BETWEEN '2020-02-01' AND '2020-02-29'",
        )))  # fmt: skip
    if kind == "jsonb":
        return f"jsonb_typeof({name}) = '{draw(st.sampled_from(('object', 'array', 'string')))}'"
    if kind == "integer[]":
        return f"cardinality({name}) >= 2"
    if kind == "int4range":
        return f"NOT isempty({name}) AND lower({name}) > 5"
    return f"{name} IS NOT NULL"


@st.composite
def schemas(draw: st.DrawFn) -> list[str]:
    """Statements that make one to four tables, the later ones referring to earlier ones."""
    statements = []
    for number in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from((
            "id serial PRIMARY KEY", "id uuid PRIMARY KEY", "id text PRIMARY KEY",
            "id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
        )))  # fmt: skip
        parts = [key]
        names = {}
        for place in range(draw(st.integers(0, 5))):
            name, kind = f"c{place}", draw(st.sampled_from(KINDS))
            names[name] = kind
            null = draw(st.sampled_from(("", " NOT NULL")))
            check = f" CHECK ({draw(checks(name, kind))})" if draw(st.booleans()) else ""
            parts.append(f"{name} {kind}{null}{check}")
        numbers = [name for name, kind in names.items() if kind in ("date", "timestamptz")]
        if len(numbers) > 1 and draw(st.booleans()):
            parts.append(f"CHECK ({numbers[0]} {draw(st.sampled_from(('<', '<=')))} {numbers[1]})")
        if len(names) > 1 and draw(st.booleans()):
            parts.append(f"CHECK (num_nonnulls({', '.join(names)}) >= 1)")
        unique = (
            draw(st.lists(st.sampled_from(sorted(names)), max_size=3, unique=True))
            if names
            else []
        )
        if unique:
            parts.append(f"UNIQUE ({', '.join(unique)})")
        statements.append(f"CREATE TABLE t{number} ({', '.join(parts)})")
        if number and draw(st.booleans()):
            target = draw(st.integers(0, number - 1))
            kind = next(
                word
                for word in ("uuid", "text", "int")
                if f"id {word}" in statements[target] or word == "int"
            )
            null = draw(st.sampled_from(("", " NOT NULL", " UNIQUE")))
            statements.append(f"ALTER TABLE t{number} ADD r {kind}{null} REFERENCES t{target}")
    return statements


@given(statements=schemas(), seed=st.integers(0, 3))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_said_is_there(database, statements, seed):
    """The counts are right, a table without a row has a reason, and a second call does nothing."""
    database.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for statement in statements:
        database.run(statement)
    filling = database.fill(20, seed=seed)
    counted = {
        table.table: database.value(f"SELECT count(*) FROM {table.table}")
        for table in filling.tables
    }
    assert counted == {table.table: table.rows for table in filling.tables}
    assert len(counted) == sum(s.startswith("CREATE") for s in statements)
    assert [t for t in filling.tables if t.rows < 20 and not t.reason] == []
    assert max(counted.values()) <= 20
    filled = {table.table for table in filling.tables if table.rows}
    assert database.fill(20, tables=filled).tables == ()
    # Where nothing must be unique there is no reason for less than was asked.
    for table in filling.tables:
        own = [s for s in statements if f"TABLE {table.table} " in s]
        if not any("UNIQUE" in statement for statement in own) and table.rows < 20:
            assert not table.rows and NOTHING_FITS.search(table.reason), table
