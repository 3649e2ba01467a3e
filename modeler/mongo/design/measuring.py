"""Measuring rows in PostgreSQL: read-only, in bounded time, what failed is named.

Tables beyond ``SAMPLED_ABOVE`` rows are not counted through: a sample of parents is asked for its
children where an index leads to them, else what ANALYZE left has to do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.mongo.design import queries
from modeler.mongo.design.keys import is_one, leading
from modeler.mongo.design.measures import Measures, RelationMeasures, TableMeasures
from modeler.mongo.design.moments import made_at
from modeler.mongo.design.probe import OVER, Probe
from modeler.mongo.design.stored import Stored, stored
from modeler.postgres.catalogs import Row, check_vendor, read_only, rows
from modeler.postgres.statistics import distinct
from modeler.schema.location import Location
from modeler.schema.relation import Relation
from modeler.schema.schema import Schema
from modeler.schema.table import Table

SAMPLED_ABOVE = 5_000_000
SAMPLE_ROWS = 1_000
SAMPLE_PARENTS = 2_000
SAMPLE_LATE = 100_000
SECONDS = 60.0


def measure(
    connection: BaseDatabaseWrapper,
    schema: Schema,
    *,
    sampled_above: int = SAMPLED_ABOVE,
    seconds: float = SECONDS,
    progress: Callable[[int, int, str], None] | None = None,
) -> Measures:
    """Measure the tables and relations of a schema that lie in one database.

    Args:
        connection: to PostgreSQL; any role, what it may not read is named.
        schema: as the registry says it; tables of other aliases are left out.
        sampled_above: rows of a table beyond which it is sampled.
        seconds: for all; what is not measured by then is named.
        progress: told ``(done, of, name)``.

    Raises:
        ServerError: not PostgreSQL, or no answer.
    """
    check_vendor(connection)
    ground = stored(schema)
    now = datetime.now(UTC)
    with read_only(connection) as cursor:
        run = Measuring(
            connection.alias, cursor, time.monotonic() + seconds, ground, sampled_above, now
        )
        return run.run(progress or (lambda done, of, name: None))


@dataclass(slots=True)
class Measuring(Probe):
    """One run over a schema."""

    ground: Stored
    sampled_above: int
    now: datetime

    def run(self, progress: Callable[[int, int, str], None]) -> Measures:
        (server,) = rows(self.cursor, "SHOW server_version")
        found = {
            Location(
                self.alias,
                "" if row["schema"] == row["current_schema"] else row["schema"],
                row["name"],
            ): row
            for row in rows(self.cursor, queries.TABLES)
        }
        here = [t for t in self.ground.tables.values() if t.location in found]
        relations = [
            r
            for r in self.ground.relations
            if self.ground.child(r).location in found and self.ground.parent(r).location in found
        ]
        steps = len(here) + len(relations)
        tables, of = [], {}
        for position, table in enumerate(here):
            progress(position, steps, table.key)
            one = self.table(table, found[table.location])  # type: ignore[index]
            tables.append(one)
            of[table.key] = one
        measured = []
        for position, relation in enumerate(relations):
            progress(len(here) + position, steps, relation.key)
            measured.append(self.relation(relation, of, found))
        missing = [
            t.key
            for t in self.ground.tables.values()
            if t.location and t.location.alias == self.alias and t.location not in found
        ]
        notes = (f"not in the database: {', '.join(missing)}",) if missing else ()
        if time.monotonic() > self.until:
            notes = (*notes, f"{OVER}; run again with --seconds to measure all")
        return Measures(
            read_at=self.now,
            alias=self.alias,
            server=str(server["server_version"]).split()[0],
            tables=tuple(tables),
            relations=tuple(measured),
            notes=notes,
        )

    def table(self, table: Table, row: Row) -> TableMeasures:
        """Measure a table: its rows, their bytes, its traffic and growth."""
        notes: list[str] = []
        about = row["tuples"] if row["tuples"] >= 0 else row["living"]
        large = about is not None and about > self.sampled_above
        count: float | None = about
        if not large:
            counted = self.ask(queries.COUNT.format(table=self.name(table)), notes)
            count = float(counted["rows"]) if counted else about
        size = self.ask(
            queries.ROW_BYTES.format(
                table=self.name(table), sample=_sample(count, SAMPLE_ROWS), most=SAMPLE_ROWS
            ),
            notes,
        )
        made = made_at(table)
        months: list[Row] = []
        if made is not None and not large:
            sql = queries.MONTHS.format(table=self.name(table), made=self.quote(made.name))
            months = self.all(sql, notes)
        return TableMeasures(
            table=table.key,
            rows=count,
            row_mean=size["mean"] if size else None,
            row_p99=size["p99"] if size else None,
            row_max=size["largest"] if size else None,
            inserted=row["inserted"], updated=row["updated"], deleted=row["deleted"],
            read=row["read"],
            updated_in_page=row["updated_in_page"],
            created=made.name if made is not None else "",
            months=tuple((one["month"], one["rows"]) for one in reversed(months)),
            sampled=large or (count or 0) > SAMPLE_ROWS,
            notes=tuple(notes),
        )  # fmt: skip

    def relation(
        self,
        relation: Relation,
        tables: dict[str, TableMeasures],
        found: dict[Location, Row],
    ) -> RelationMeasures:
        """Measure a relation: children a parent, and how many come late."""
        child, parent = self.ground.child(relation), self.ground.parent(relation)
        notes: list[str] = []
        count = tables[child.key].rows or 0
        made = RelationMeasures(relation.key)
        if count > self.sampled_above:
            made = self.sampled(relation, tables, found, notes)
        else:
            made = self.counted(relation, count, notes)
        parents = tables[parent.key].rows
        if made.parents is not None and parents and made.childless is None:
            made = replace(made, childless=max(0.0, 1 - made.parents / parents))
        return replace(made, late=self.late(relation, count, notes), notes=tuple(notes))

    def counted(self, relation: Relation, count: float, notes: list[str]) -> RelationMeasures:
        columns = [self.quote(name) for name in relation.columns]
        row = self.ask(
            queries.FAN_OUT.format(
                child=self.name(self.ground.child(relation)),
                present=" AND ".join(f"{name} IS NOT NULL" for name in columns),
                columns=", ".join(columns),
            ),
            notes,
        )
        made = RelationMeasures(relation.key)
        if row is None:
            return made
        homeless = max(0.0, 1 - row["referring"] / count) if count else 0.0
        if not row["parents"]:
            return replace(made, parents=0.0, homeless=homeless)
        return replace(
            made, mean=row["mean"], maximum=row["maximum"], parents=float(row["parents"]),
            homeless=homeless, **_percentiles(row["at"]),
        )  # fmt: skip

    def sampled(
        self,
        relation: Relation,
        tables: dict[str, TableMeasures],
        found: dict[Location, Row],
        notes: list[str],
    ) -> RelationMeasures:
        """Ask some parents for their children, and ANALYZE for the largest."""
        child, parent = self.ground.child(relation), self.ground.parent(relation)
        made = RelationMeasures(relation.key, sampled=True)
        row = found[child.location]  # type: ignore[index]
        count = tables[child.key].rows or 0.0
        known = self.ask(
            queries.STATISTICS, notes, [row["schema"], row["name"], relation.columns[0]]
        ) if len(relation.columns) == 1 else None  # fmt: skip
        if known is not None:
            alike = distinct(known["distinct"], count)
            referring = count * (1 - known["nulls"])
            mean = referring / alike if alike else None
            largest = (known["largest"] or 0.0) * count
            made = replace(
                made, mean=mean, p50=mean, p95=mean, p99=mean, homeless=known["nulls"],
                maximum=max(largest, mean or 0.0) or None, parents=alike or None,
            )  # fmt: skip
        if relation.columns[0] not in child.leading_indexes and leading(child, relation) > 0:
            notes.append("no index leads to the children: the mean stands for percentiles")
            return made
        asked = self.ask(
            queries.FAN_OUT_SAMPLED.format(
                child=self.name(child),
                parent=self.name(parent),
                joined=" AND ".join(
                    f"c.{self.quote(near)} = p.{self.quote(far)}"
                    for near, far in zip(relation.columns, relation.target_columns, strict=True)
                ),
                targets=", ".join(self.quote(name) for name in relation.target_columns),
                sample=_sample(tables[parent.key].rows, SAMPLE_PARENTS),
                most=SAMPLE_PARENTS,
            ),
            notes,
        )
        if asked is None or not asked["parents"]:
            return made
        notes.append(f"of a sample of {asked['asked']:,} parents")
        return replace(
            made, mean=asked["mean"], maximum=max(asked["maximum"], made.maximum or 0.0),
            childless=1 - asked["parents"] / asked["asked"], **_percentiles(asked["at"]),
        )  # fmt: skip

    def late(self, relation: Relation, count: float, notes: list[str]) -> float | None:
        child, parent = self.ground.child(relation), self.ground.parent(relation)
        near, far = made_at(child), made_at(parent)
        if near is None or far is None or child is parent or is_one(child, relation):
            return None
        row = self.ask(
            queries.LATE.format(
                child=self.name(child),
                parent=self.name(parent),
                columns=", ".join(self.quote(name) for name in relation.columns),
                child_made=self.quote(near.name),
                parent_made=self.quote(far.name),
                joined=" AND ".join(
                    f"c.{self.quote(here)} = p.{self.quote(there)}"
                    for here, there in zip(relation.columns, relation.target_columns, strict=True)
                ),
                sample=_sample(count, SAMPLE_LATE),
                most=SAMPLE_LATE,
            ),
            notes,
        )
        return row["late"] if row is not None else None


def _percentiles(at: list[Any]) -> dict[str, Any]:
    return {name: float(value) for name, value in zip(("p50", "p95", "p99"), at, strict=True)}


def _sample(count: float | None, wanted: int) -> str:
    """Return a clause that takes about twice the rows that are wanted, none for small tables."""
    if not count or count <= 4 * wanted:
        return ""
    percent = min(100.0, max(200.0 * wanted / count, 0.0001))
    return f"TABLESAMPLE SYSTEM ({percent:.4f})"
