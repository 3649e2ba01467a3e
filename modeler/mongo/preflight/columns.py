"""Questions to single columns: values that BSON, Python or a rule of documents does not have.

Sources: PostgreSQL manual, chapters 8 and 9.16.2 (the SQL/JSON path language); MongoDB manual,
"MongoDB Limits and Thresholds" (100 levels of nesting), "BSON Types"; Python's datetime (years
1 to 9999).
"""

from __future__ import annotations

from collections.abc import Iterator

from modeler.mongo.documents.sql import base_type, quoted
from modeler.mongo.field import FieldSpec, HeldBy
from modeler.mongo.preflight.probe import Probe
from modeler.reporting.finding import Level
from modeler.schema.column import Column
from modeler.schema.table import Table

DEEPEST = 95  # levels of JSON; MongoDB takes 100 of the whole document
INT64 = 2**63
MOMENTS = frozenset({"date", "timestamp with time zone", "timestamp without time zone"})
NAMES = '$.** ? (@.type() == "object").keyvalue() ? (@.key like_regex "[.]|^[$]")'
LARGE = f'$.** ? (@.type() == "number") ? (@ >= {INT64} || @ < -{INT64})'


def column_probes(table: Table, column: Column, field: FieldSpec) -> Iterator[Probe]:
    """Yield the questions to one column of a table.

    Args:
        table: that has it.
        column: of the table.
        field: that it becomes.
    """
    location = table.location
    if location is None or not field.stored:
        return
    base = base_type(column.database_type)
    name = f"t.{quoted(column.name).replace('%%', '%')}"

    def probe(code: str, level: Level, condition: str, said: str, hint: str) -> Probe:
        subject = f"{table.key}.{column.name}"
        return Probe(code, level, subject, location, table.primary_key, condition, said, hint)

    if base == "numeric":
        yield probe(
            "MS501", Level.ERROR, f"{name}::text IN ('NaN', 'Infinity', '-Infinity')",
            "NaN or infinite numbers, which documents refuse",
            "Give them a number, or NULL.",
        )  # fmt: skip
    if base in MOMENTS:
        yield probe(
            "MS503", Level.ERROR,
            f"(NOT isfinite({name}) OR extract(year FROM {name}) NOT BETWEEN 1 AND 9999)",
            "moments outside of the years 1 to 9999, which Python and drivers do not read",
            "Give them a moment between, or NULL.",
        )  # fmt: skip
    if base.startswith("timestamp"):
        yield probe(
            "MS504", Level.INFO,
            f"isfinite({name}) AND {name} <> date_trunc('milliseconds', {name})",
            "microseconds, which documents cut off",
            "Keep them in PostgreSQL where their order within a millisecond matters.",
        )  # fmt: skip
    if base in ("json", "jsonb"):
        yield from _json(probe, f"{name}::jsonb")
    if base.endswith("]"):
        yield probe(
            "MS509", Level.INFO, f"array_position({name}, NULL) IS NOT NULL",
            "NULL within arrays, which stays null in documents",
            "Let readers of documents expect it.",
        )  # fmt: skip
    yield from _choices(probe, name, field)


def _json(probe: object, value: str) -> Iterator[Probe]:
    assert callable(probe)
    yield probe(
        "MS505", Level.ERROR, f"jsonb_path_exists({value}, '{LARGE}')",
        "whole numbers beyond 64 bits in JSON, which BSON does not have",
        "Keep such numbers as text.",
    )  # fmt: skip
    yield probe(
        "MS506", Level.ERROR, f"jsonb_path_exists({value}, '$.**{{{DEEPEST} to last}}')",
        f"JSON of more than {DEEPEST} levels, where MongoDB takes 100",
        "Flatten it.",
    )  # fmt: skip
    yield probe(
        "MS507", Level.WARNING, f"jsonb_path_exists({value}, '{NAMES}')",
        "names in JSON with a dot or a leading dollar, which are stored, but not found by "
        "plain paths nor by an index",
        "Query them with $getField, or rename them.",
    )  # fmt: skip
    yield probe(
        "MS508", Level.INFO, f"{value} = 'null'::jsonb",
        "JSON's null, which documents do not tell from NULL",
        "Use one of them.",
    )  # fmt: skip


def _choices(probe: object, name: str, field: FieldSpec) -> Iterator[Probe]:
    """Rows outside of their choices: Django's forms hold these, PostgreSQL does not."""
    assert callable(probe)
    for rule in field.rules:
        if rule.keyword != "enum" or rule.held_by is not HeldBy.APPLICATION:
            continue
        values = [value for value in rule.value if value is not None]
        if not values:
            continue
        texts = ", ".join(_literal(value) for value in values)
        yield probe(
            "MS510", Level.WARNING, f"{name}::text NOT IN ({texts})",
            "values that are none of the choices, whose documents would be refused",
            "Add the value to the choices, or mend the rows.",
        )  # fmt: skip


def _literal(value: object) -> str:
    number = value.get("$numberLong") if isinstance(value, dict) else value
    doubled = str(number).replace("'", "''")
    return f"'{doubled}'"
