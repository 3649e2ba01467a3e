"""What a specification says of a table that it does not carry, or that differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modeler.mongo.checks.check import CheckSpec, LostCheck
from modeler.mongo.formulas.failing import may_fail
from modeler.mongo.index_sources import source_of, wanted_indexes
from modeler.mongo.indexes import LaterIndex, RewrittenIndex, Uncarried
from modeler.mongo.server_features import spelled
from modeler.reporting.finding import Finding, Level
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Expression, columns_of
from modeler.schema.index import Index
from modeler.schema.schema import Schema
from modeler.schema.table import Table


def lost_index_findings(table: Table, lost: Iterable[Uncarried]) -> list[Finding]:
    """Return a finding for every index or constraint without a counterpart."""
    return [
        Finding(
            "MS201", Level.WARNING, f"{table.key}.{one.source}",
            f"{one.source} is not carried: {one.reason}.",
            "Keep the rule in PostgreSQL, or check it where documents are written.",
            docs="collections",
        )
        for one in lost
    ]  # fmt: skip


def failing_findings(table: Table) -> list[Finding]:
    """Return a finding for every expression of which PostgreSQL has no value for some rows.

    It refuses those rows, whatever constraints say: an index that divides by a column, a generated
    column that reads a text as a number.
    """
    return [
        Finding(
            "MS207", Level.INFO, f"{table.key}.{name}",
            f"PostgreSQL also refuses rows of whose {', '.join(columns)} it cannot compute "
            f"{name}; MongoDB takes them.",
            "Check the fields where documents are written without PostgreSQL.",
            docs="collections",
        )
        for name, expressions in _computed(table)
        if (columns := _failing_on(expressions))
    ]  # fmt: skip


def unwatched_findings(table: Table) -> list[Finding]:
    """Say of a view or a foreign table that documents are as of their last export."""
    if not table.unwatched:
        return []
    return [
        Finding(
            "MS106", Level.WARNING, table.key,
            f"{table.location} is a {table.unwatched}: no trigger tells of its changes, so its "
            "documents are as of the last export.",
            "Build the collection of tables, or renew documents with --verify --repair.",
            docs="collections",
        )
    ]  # fmt: skip


def _computed(table: Table) -> Iterator[tuple[str, tuple[Expression, ...]]]:
    """Yield all that is computed of each row when it is written, by the name it has."""
    for column in table.columns:
        if column.generated is not None:
            yield column.name, (column.generated.expression,)
    for index in wanted_indexes(table):
        yield source_of(index), _expressions(index)
    for constraint in table.constraints:
        if constraint.kind is ConstraintKind.EXCLUSION:
            yield constraint.name, _expressions(constraint)


def _expressions(rule: Index | Constraint) -> tuple[Expression, ...]:
    found = [*(part.expression for part in rule.parts), rule.condition]
    return tuple(each for each in found if each is not None)


def _failing_on(expressions: Iterable[Expression]) -> tuple[str, ...]:
    found = [name for each in expressions if may_fail(each) for name in columns_of(each)]
    return tuple(dict.fromkeys(found))


def rewritten_index_findings(table: Table, rewritten: Iterable[RewrittenIndex]) -> list[Finding]:
    """Return a finding for every index over fields that documents get for it."""
    return [
        Finding(
            "MS205", Level.INFO, f"{table.key}.{one.source}",
            f"{one.source} is rewritten: {one.note}.",
            "Whoever writes documents without PostgreSQL has to write the field too, and queries "
            "have to name it.",
            docs="collections",
        )
        for one in rewritten
    ]  # fmt: skip


def later_index_findings(table: Table, later: Iterable[LaterIndex]) -> list[Finding]:
    """Return a finding for every index that a newer server has otherwise."""
    return [
        Finding(
            "MS206", Level.INFO, f"{table.key}.{one.source}",
            f"{one.source} is carried for an older MongoDB; from {spelled(one.since)} on it is "
            + " and ".join(
                f"({', '.join(f'{name} {way}' for name, way in keys)})" for keys in one.keys
            )
            + ".",
            "Name the server's version with --server or MODELER['MONGO_VERSION'].",
            docs="collections",
        )
        for one in later
    ]  # fmt: skip


def partition_findings(schema: Schema, table: Table) -> list[Finding]:
    """Return what no document says of the bounds within which rows of a table must lie.

    Hashes have room for every row, and so has a table with a default partition.
    """
    if table.partition is not None:
        said = "The bounds of the partition are not carried: rows beyond them are refused"
    elif (
        table.partitioning is None
        or table.partitioning.strategy == "hash"
        or any(
            one.partition is not None
            and one.partition.parent == table.location
            and one.partition.bound == "DEFAULT"
            for one in schema.tables
        )
    ):
        return []
    else:
        said = "The bounds of the partitions are not carried: rows that fit none are refused"
    return [
        Finding(
            "MS202", Level.WARNING, f"{table.key}.partitions", f"{said} by PostgreSQL alone.",
            "Keep the rule in PostgreSQL, which stays the place of writing.",
            docs="collections",
        )
    ]  # fmt: skip


def unheld_key_finding(table: Table, path: str) -> Finding:
    """Return what no document says of the keys of embedded rows."""
    names = ", ".join(table.primary_key)
    return Finding(
        "MS204", Level.INFO, f"{table.key}.{names}",
        f"Rows of {table.key} in {path} keep their key ({names}), but nothing in MongoDB refuses "
        "one that is there already.",
        "Let PostgreSQL give the keys, or declare a unique index for the collection.",
        docs="collections",
    )  # fmt: skip


def check_findings(
    table: Table, checks: Iterable[CheckSpec], lost: Iterable[LostCheck]
) -> list[Finding]:
    """Return a finding for every check that is lost, and for those that may differ."""
    found = [
        Finding(
            "MS202", Level.WARNING, f"{table.key}.{one.name}",
            f"The check {one.name} is not carried: {one.reason}.",
            "Keep it in PostgreSQL, which stays the place of writing.",
            docs="collections",
        )
        for one in lost
    ]  # fmt: skip
    found += [
        Finding(
            "MS203", Level.INFO, f"{table.key}.{one.name}",
            f"The check {one.name} is carried, and may differ: {one.note}.",
            "Count in the preflight what it would refuse before it is enforced.",
            docs="collections",
        )
        for one in checks
        if one.note
    ]  # fmt: skip
    return found
