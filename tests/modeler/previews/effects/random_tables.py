"""Tables and statements drawn at random, to find rules that nobody thought of."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

# A type, and an expression for the value of row g.
TYPES = {
    "int": "g", "bigint": "g", "smallint": "g", "numeric(8,2)": "g", "numeric": "g",
    "text": "'t' || g", "varchar(20)": "'v' || g", "varchar(40)": "'v' || g",
    "varchar": "'v' || g",
    "char(6)": "'c' || g", "date": "date '2020-01-01' + g",
    "timestamp": "timestamp '2020-01-01' + g * interval '1 day'",
    "timestamptz": "timestamptz '2020-01-01' + g * interval '1 day'",
    "timestamptz(3)": "timestamptz '2020-01-01' + g * interval '1 day'", "boolean": "g > 3",
    "uuid": "gen_random_uuid()", "jsonb": "'{}'::jsonb", "text[]": "ARRAY['a' || g]",
    "varchar(10)[]": "ARRAY['a' || g]::varchar(10)[]", "inet": "'10.0.0.1'::inet + g",
    "mood": "'sad'::mood", "positive": "g", "word": "'w' || g", "float8": "g",
    "time(3)": "'10:00'",
    "varbit(8)": "B'101'", "interval": "g * interval '1 day'",
}  # fmt: skip
INDEXED = [kind for kind in TYPES if kind not in {"jsonb"}]
SETUP = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN word AS varchar(30);
"""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: dict[str, str]
    keys: tuple[str, ...]  # columns with a unique constraint
    constraints: tuple[str, ...]
    indexes: tuple[str, ...]
    partitioned: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    setup: str
    tables: tuple[Table, ...]
    statements: tuple[str, ...]


@st.composite
def tables(draw) -> tuple[str, tuple[Table, ...]]:
    """SQL of two to four tables with rows, that refer to each other."""
    sql, made = [SETUP], []
    for number in range(draw(st.integers(2, 4))):
        name = f"t{number}"
        columns = {
            f"c{place}": draw(st.sampled_from(list(TYPES)))
            for place in range(draw(st.integers(1, 6)))
        }
        partitioned = draw(st.integers(0, 4)) == 0
        lines = ["id int not null"]
        constraints, keys = [], []
        for column, kind in columns.items():
            line = f"{column} {kind}"
            if draw(st.booleans()):
                line += " NOT NULL"
            if draw(st.integers(0, 3)) == 0:
                constraint = f"{name}_{column}_check"
                condition = draw(st.sampled_from(
                    [f"{column} IS NOT NULL", f"{column} = {column}", f"{column} IS NULL OR true"]
                ))  # fmt: skip
                if kind != "jsonb":
                    lines.append(f"CONSTRAINT {constraint} CHECK ({condition})")
                    constraints.append(constraint)
            if kind in {"int", "bigint", "varchar(20)", "text", "uuid"} and not partitioned \
                    and draw(st.integers(0, 2)) == 0:  # fmt: skip
                lines.append(f"CONSTRAINT {name}_{column}_key UNIQUE ({column})")
                constraints.append(f"{name}_{column}_key")
                keys.append(column)
            lines.append(line)
        key = draw(st.sampled_from(["id int", "key"]))
        if key == "key" or not partitioned:
            lines.append(f"CONSTRAINT {name}_pkey PRIMARY KEY (id)")
            constraints.append(f"{name}_pkey")
        for other in made:
            if not other.partitioned and draw(st.integers(0, 1)):
                rule = draw(st.sampled_from(["", " ON DELETE CASCADE", " ON DELETE SET NULL",
                                             " DEFERRABLE INITIALLY DEFERRED",
                                             " ON DELETE RESTRICT"]))  # fmt: skip
                column = f"r_{other.name}"
                lines.append(f"{column} int")
                columns[column] = "int"
                lines.append(f"CONSTRAINT {name}_{column}_fk FOREIGN KEY ({column}) "
                             f"REFERENCES {other.name}(id){rule}")  # fmt: skip
                constraints.append(f"{name}_{column}_fk")
        sql.append(f"CREATE TABLE {name} ({', '.join(lines)})"
                   + (" PARTITION BY RANGE (id);" if partitioned else ";"))  # fmt: skip
        if partitioned:
            sql.append(
                f"CREATE TABLE {name}_a PARTITION OF {name} FOR VALUES FROM (0) TO (5);"
                f"CREATE TABLE {name}_b PARTITION OF {name} FOR VALUES FROM (5) TO (99);"
            )
        indexes = []
        for place in range(draw(st.integers(0, 3))):
            some = [column for column, kind in columns.items() if kind in INDEXED]
            if not some:
                break
            column = draw(st.sampled_from(some))
            form = draw(st.sampled_from(["({0})", "({0}, id)", "({0}) WHERE id > 2",
                                         "(id) INCLUDE ({0})", "(({0} IS NULL))",
                                         "({0} DESC) WHERE {0} IS NOT NULL"]))  # fmt: skip
            indexes.append(f"{name}_i{place}")
            sql.append(f"CREATE INDEX {name}_i{place} ON {name} {form.format(column)};")
        values = ", ".join(TYPES[kind] for kind in columns.values())
        sql.append(f"INSERT INTO {name} (id, {', '.join(columns)}) "
                   f"SELECT g, {values} FROM generate_series(1, 9) AS g;")  # fmt: skip
        if draw(st.integers(0, 3)) == 0:
            column = draw(st.sampled_from(list(columns)))
            sql.append(f"CREATE VIEW v{number} AS SELECT id, {column} FROM {name};")
        if draw(st.integers(0, 4)) == 0 and not partitioned:
            sql.append(f"CREATE STATISTICS s{number} ON id, {next(iter(columns))} FROM {name};"
                       if next(iter(columns.values())) not in {"jsonb"} else "")  # fmt: skip
        made.append(Table(name, columns, tuple(keys), tuple(constraints), tuple(indexes),
                          partitioned))  # fmt: skip
    return "\n".join(sql), tuple(made)


@st.composite
def actions(draw, table: Table, others: tuple[Table, ...]) -> str:
    """One part of ALTER TABLE."""
    column = draw(st.sampled_from(list(table.columns)))
    kind = draw(st.sampled_from(list(TYPES)))
    other = draw(st.sampled_from(others))
    name = f"n{draw(st.integers(0, 99))}"
    value = TYPES[kind].replace("g", "1") if "gen_" not in TYPES[kind] else TYPES[kind]
    constraint = draw(st.sampled_from([*table.constraints, "nosuch"]))
    return draw(st.sampled_from([
        f"ADD COLUMN {name} {kind}",
        f"ADD COLUMN {name} {kind} NOT NULL",
        f"ADD COLUMN {name} {kind} DEFAULT {value}",
        f"ADD COLUMN {name} {kind} DEFAULT {value} NOT NULL",
        f"ADD COLUMN {name} {kind} UNIQUE",
        f"ADD COLUMN {name} {kind} CHECK ({name} IS NOT NULL OR true)",
        f"ADD COLUMN {name} int REFERENCES {other.name}",
        f"ADD COLUMN {name} int DEFAULT 1 REFERENCES {other.name} DEFERRABLE INITIALLY DEFERRED",
        f"ADD COLUMN {name} int GENERATED ALWAYS AS (id * 2) STORED",
        f"ADD COLUMN {name} serial",
        f"ADD COLUMN {name} timestamptz DEFAULT now()",
        f"ADD COLUMN {name} timestamptz DEFAULT clock_timestamp()",
        f"DROP COLUMN {column}",
        f"DROP COLUMN {column} CASCADE",
        f"ALTER COLUMN {column} TYPE {kind}",
        f"ALTER COLUMN {column} TYPE {kind} USING {column}::{kind}",
        f"ALTER COLUMN {column} TYPE {kind} USING {column}::text::{kind}",
        f"ALTER COLUMN {column} TYPE text",
        f"ALTER COLUMN {column} TYPE varchar(40)",
        f"ALTER COLUMN id TYPE {draw(st.sampled_from(['bigint', 'int', 'numeric', 'text']))}",
        f"ALTER COLUMN {column} SET NOT NULL",
        f"ALTER COLUMN {column} DROP NOT NULL",
        f"ALTER COLUMN {column} SET DEFAULT NULL",
        f"ALTER COLUMN {column} DROP DEFAULT",
        f"ALTER COLUMN {column} SET STATISTICS 50",
        f"ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL)",
        f"ADD CONSTRAINT {name} CHECK ({column} IS NULL OR id > 0) NOT VALID",
        f"ADD CONSTRAINT {name} UNIQUE ({column}, id)",
        f"ADD CONSTRAINT {name} UNIQUE (id) DEFERRABLE",
        f"ADD CONSTRAINT {name} FOREIGN KEY (id) REFERENCES {other.name}",
        f"ADD CONSTRAINT {name} FOREIGN KEY (id) REFERENCES {other.name} NOT VALID",
        f"ADD PRIMARY KEY ({column})",
        f"DROP CONSTRAINT {constraint}",
        f"DROP CONSTRAINT {constraint} CASCADE",
        f"VALIDATE CONSTRAINT {constraint}",
        "SET (fillfactor = 50)",
        "DISABLE TRIGGER ALL",
    ]))  # fmt: skip


@st.composite
def statements(draw, made: tuple[Table, ...]) -> str:
    """One statement on the tables."""
    table = draw(st.sampled_from(made))
    other = draw(st.sampled_from(made))
    column = draw(st.sampled_from(list(table.columns)))
    if draw(st.integers(0, 3)):
        parts = [draw(actions(table, made)) for _ in range(draw(st.sampled_from([1, 1, 1, 2])))]
        target = draw(st.sampled_from([table.name, table.name, f"{table.name}_a"]))
        if not table.partitioned:
            target = table.name
        return f"ALTER TABLE {target} {', '.join(parts)}"
    index = draw(st.sampled_from([*table.indexes, f"{table.name}_pkey"]))
    return draw(st.sampled_from([
        f"CREATE INDEX nx ON {table.name} ({column})",
        f"CREATE INDEX ON {table.name} ({column}, id)",
        f"CREATE UNIQUE INDEX nx ON {table.name} (id, {column}) WHERE id > 3",
        f"CREATE INDEX ON {table.name} (({column} IS NULL))",
        f"DROP INDEX {index}",
        f"REINDEX TABLE {table.name}",
        f"REINDEX INDEX {index}",
        f"DROP TABLE {table.name}",
        f"DROP TABLE {table.name} CASCADE",
        f"DROP TABLE {table.name}, {other.name} CASCADE",
        f"TRUNCATE {table.name} CASCADE",
        f"TRUNCATE {table.name}",
        f"DELETE FROM {table.name}",
        # A key that keeps its value is not checked, which no rule can know: only others are set.
        f"UPDATE {table.name} SET c0 = c0",
        f"INSERT INTO {table.name} (id) SELECT id + 20 FROM {other.name}",
        f"SELECT count(*) FROM {table.name} JOIN {other.name} AS o ON o.id = {table.name}.id",
        f"SELECT * FROM {table.name} FOR UPDATE",
        f"CREATE TABLE nt (id int PRIMARY KEY REFERENCES {table.name}, "
        f"o int REFERENCES {other.name})",
        f"CREATE VIEW nv AS SELECT * FROM {table.name}",
        f"CREATE MATERIALIZED VIEW nv AS SELECT {table.name}.id FROM {table.name}, {other.name} o",
        f"COMMENT ON TABLE {table.name} IS 'x'",
        f"ALTER TABLE {table.name} RENAME TO nt",
        f"ALTER TABLE {table.name} RENAME COLUMN {column} TO nc",
        f"ALTER INDEX {index} RENAME TO nx",
        f"ANALYZE {table.name}",
        f"LOCK TABLE {table.name} IN SHARE MODE",
        "ALTER DOMAIN positive ADD CHECK (VALUE < 1000)",
        "ALTER TYPE mood ADD VALUE 'new'",
        "DROP DOMAIN positive CASCADE",
        "DROP TYPE mood CASCADE",
    ]))  # fmt: skip


@st.composite
def examples(draw) -> Example:
    sql, made = draw(tables())
    return Example(sql, made, tuple(draw(statements(made)) for _ in range(8)))
