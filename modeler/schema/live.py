"""A schema from a live PostgreSQL."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import django
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.conf import modeler_settings
from modeler.postgres.catalogs import Catalogs, Row, read_catalogs
from modeler.schema.column import Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Expression, Function, columns_of
from modeler.schema.index import Index, IndexPart
from modeler.schema.live_domains import domain_types
from modeler.schema.live_relations import relation_of
from modeler.schema.location import Location
from modeler.schema.schema import EnumType, Origin, OriginKind, Schema
from modeler.schema.sensitive import is_sensitive
from modeler.schema.sequence import Sequence as SequenceOfNumbers
from modeler.schema.sql_expressions import read_sql, read_sql_list
from modeler.schema.table import Partition, Partitioning, Table, TableKind, Trigger

# Transition tables are of tables alone (PostgreSQL manual, "CREATE TRIGGER").
UNWATCHED = {"v": "view", "m": "materialized view", "f": "foreign table"}
CONSTRAINTS = {
    "p": ConstraintKind.PRIMARY_KEY, "u": ConstraintKind.UNIQUE, "c": ConstraintKind.CHECK,
    "x": ConstraintKind.EXCLUSION, "f": ConstraintKind.FOREIGN_KEY, "n": ConstraintKind.NOT_NULL,
}  # fmt: skip
ACTIONS = {"a": "", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
STRATEGIES = {"r": "range", "l": "list", "h": "hash"}
IDENTITIES = {"a": "always", "d": "by default"}
ENABLED = {"O": "origin", "A": "always", "R": "replica", "D": "disabled"}
# Bits of pg_trigger.tgtype (catalog/pg_trigger.h).
ROW, BEFORE, INSTEAD = 1, 2, 64
EVENTS = ((4, "insert"), (16, "update"), (8, "delete"), (32, "truncate"))
DESCENDING, NULLS_FIRST = 1, 2
WHEN = re.compile(r"\bWHEN \((.*)\) EXECUTE (?:FUNCTION|PROCEDURE) ", re.DOTALL)


def read_database(
    connection: BaseDatabaseWrapper,
    *,
    alias: str | None = None,
    schemas: Sequence[str] | None = None,
) -> Schema:
    """Read all that a PostgreSQL database holds, in one read-only transaction.

    Args:
        connection: to PostgreSQL 14 to 18; any role will do.
        alias: what the locations say, the connection's own if not given (a shadow is read
            under the alias of the database that it stands for).
        schemas: names of database schemas; all but the server's own if not given.

    Raises:
        ServerError: not PostgreSQL, too old, or no answer.
        UnknownName: a schema does not exist.
    """
    catalogs = read_catalogs(connection, schemas)
    return schema_of(catalogs, alias or connection.alias)


def schema_of(catalogs: Catalogs, alias: str) -> Schema:
    """Return the schema that the rows of the catalogs say."""
    reader = _Reader(catalogs, alias)
    own = [row for row in catalogs.tables if not row["of_extension"]]
    version = f"{catalogs.version // 10000}.{catalogs.version % 10000}"
    return Schema(
        tables=tuple(sorted((reader.table(row) for row in own), key=lambda table: table.key)),
        enums=tuple(
            EnumType(reader.place(row["schema"], row["name"]), tuple(row["labels"]))
            for row in catalogs.enums
        ),
        domains=domain_types(catalogs, reader.place),
        sequences=tuple(map(reader.sequence, catalogs.sequences)),
        vendors=((alias, "postgresql", version),),
        origin=Origin(
            OriginKind.DATABASE,
            detail=alias,
            read_at=datetime.now(UTC).isoformat(timespec="seconds"),
            reader=f"Django {django.get_version()}, PostgreSQL {version}",
        ),
        unread=tuple(
            (str(reader.place(row["schema"], row["name"])), "belongs to an extension")
            for row in catalogs.tables
            if row["of_extension"]
        ),
    )


class _Reader:
    """The rows of the catalogs by table, and their names by number."""

    def __init__(self, catalogs: Catalogs, alias: str) -> None:
        self.catalogs, self.alias = catalogs, alias
        self.sensitive = tuple(modeler_settings()["SENSITIVE"])
        self.locations = {
            row["oid"]: self.place(row["schema"], row["name"]) for row in catalogs.tables
        }
        self.columns = _by_table(catalogs.columns)
        self.constraints = _by_table(catalogs.constraints)
        self.indexes = _by_table(catalogs.indexes)
        self.triggers = _by_table(catalogs.triggers)
        self.names = {(row["table"], row["number"]): row["name"] for row in catalogs.columns}
        self.index_rows = {row["oid"]: row for row in catalogs.indexes}

    def place(self, schema: str, name: str) -> Location:
        shown = "" if schema == self.catalogs.current_schema else schema
        return Location(self.alias, shown, name)

    def named(self, table: int, numbers: Sequence[int] | None) -> tuple[str, ...]:
        return tuple(self.names[table, number] for number in numbers or () if number > 0)

    def table(self, row: Row) -> Table:
        oid, location = row["oid"], self.locations[row["oid"]]
        types = {column["name"]: column["type"] for column in self.columns[oid]}
        constraints = tuple(self.constraint(each, types) for each in self.constraints[oid])
        columns = tuple(self.column(each, location, types) for each in self.columns[oid])
        key = next((c.columns for c in constraints if c.kind is ConstraintKind.PRIMARY_KEY), ())
        indexes = tuple(self.index(each, types) for each in self.indexes[oid])
        parent = self.locations.get(row["parent"])
        bound = self.catalogs.expressions.get(("bound", oid, 0), "")
        reason = self.catalogs.unread.get(oid)
        bare = Table(
            key=str(location),
            location=location,
            kind=TableKind.VIEW if row["kind"] in "vm" else TableKind.TABLE,
            name=row["name"],
            primary_key=key,
            inherited=row["inherited"],
            unwatched=UNWATCHED.get(row["kind"], ""),
            columns=columns,
            indexes=indexes,
            constraints=constraints,
            triggers=tuple(self.trigger(each, types) for each in self.triggers[oid]),
            partitioning=self.partitioning(row, types),
            partition=Partition(parent, bound) if row["is_partition"] and parent else None,
            managed=False,
            definition=self.text("view", oid) or "",
            options=_options(row["storage"]),
            logged=row["logged"],
            row_security="forced"
            if row["row_security_forced"] and row["row_security"]
            else "enabled"
            if row["row_security"]
            else "",
            comment=row["comment"] or "",
            unread=(("expressions", reason),) if reason else (),
        )
        return _with_relations(bare)

    def text(self, kind: str, oid: int, position: int = 0) -> str | None:
        return self.catalogs.expressions.get((kind, oid, position))

    def tree(
        self, kind: str, oid: int, types: dict[str, str], position: int = 0
    ) -> Expression | None:
        text = self.text(kind, oid, position)
        return None if text is None else read_sql(text, types=types)

    def column(self, row: Row, location: Location, types: dict[str, str]) -> Column:
        default = self.tree("default", row["table"], types, row["number"])
        computed = row["generated"] in {"s", "v"} and default is not None
        serial = (
            row["owns_sequence"] and isinstance(default, Function) and default.name == "nextval"
        )
        schema = location.schema or self.catalogs.current_schema
        return Column(
            name=row["name"],
            database_type=row["type"],
            null=not row["not_null"],
            collation=row["collation"] or "",
            identity=IDENTITIES.get(row["identity"], "serial" if serial else ""),
            database_default=None if computed else default,
            generated=Generated(default, row["generated"] == "s")
            if computed and default is not None
            else None,
            element=Column("", row["element"]) if row["element"] else None,
            comment=row["comment"] or "",
            sensitive=is_sensitive(
                f"{schema}.{location.table}.{row['name']}",
                row["name"],
                row["type"],
                patterns=self.sensitive,
            ),
        )

    def constraint(self, row: Row, types: dict[str, str]) -> Constraint:
        kind = CONSTRAINTS[row["kind"]]
        table = row["table"]
        expression = self.tree("check", row["oid"], types)
        parts: tuple[IndexPart, ...] = ()
        include: tuple[str, ...] = ()
        method, nulls_distinct, condition = "", True, None
        index = None
        if kind in {ConstraintKind.PRIMARY_KEY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUSION}:
            index = self.index_rows.get(row["index"])
        if index is not None:
            include = self.named(table, index["columns"][index["keys"] :])
            nulls_distinct = index["nulls_distinct"]
            if kind is ConstraintKind.EXCLUSION:
                method = index["method"]
                condition = self.tree("predicate", index["oid"], types)
                parts = self.parts(index, types, tuple(row["operators"]))
        columns = self.named(table, row["columns"])
        if expression is not None:
            columns = columns_of(expression)
        elif parts:
            columns = tuple(part.column for part in parts if part.column)
        return Constraint(
            name=row["name"],
            kind=kind,
            columns=columns,
            parts=parts,
            expression=expression,
            condition=condition,
            include=include,
            method=method,
            deferrable="deferred" if row["deferred"] else "immediate" if row["deferrable"] else "",
            nulls_distinct=nulls_distinct,
            valid=row["valid"],
            enforced=row["enforced"],
            target=self.place(row["target_schema"], row["target"]) if row["target"] else None,
            target_columns=tuple(row["target_columns"]),
            on_delete=ACTIONS.get(row["on_delete"].strip(), ""),
            on_update=ACTIONS.get(row["on_update"].strip(), ""),
            source="database",
            comment=row["comment"] or "",
        )

    def parts(
        self, row: Row, types: dict[str, str], operators: tuple[str, ...] = ()
    ) -> tuple[IndexPart, ...]:
        text = self.text("index", row["oid"])
        trees = iter(() if text is None else read_sql_list(text, types=types))
        found = []
        for position, number in enumerate(row["columns"][: row["keys"]]):
            tree: Expression | None = None
            tree = ColumnRef(self.names[row["table"], number]) if number else next(trees, None)
            plain = isinstance(tree, ColumnRef) and number > 0
            flags = row["options"][position]
            descending, first = bool(flags & DESCENDING), bool(flags & NULLS_FIRST)
            found.append(
                IndexPart(
                    column=tree.column if plain and isinstance(tree, ColumnRef) else "",
                    expression=None if plain else tree,
                    descending=descending,
                    nulls="" if first == descending else "first" if first else "last",
                    operator_class=row["classes"][position],
                    collation=row["collations"][position] or "",
                    operator=operators[position] if position < len(operators) else "",
                    type="" if plain else row["types"][position],
                )
            )
        return tuple(found)

    def index(self, row: Row, types: dict[str, str]) -> Index:
        return Index(
            name=row["name"],
            parts=self.parts(row, types),
            method=row["method"],
            unique=row["unique"],
            nulls_distinct=row["nulls_distinct"],
            condition=self.tree("predicate", row["oid"], types),
            include=self.named(row["table"], row["columns"][row["keys"] :]),
            source="constraint" if row["of_constraint"] else "database",
            valid=row["valid"],
            options=_options(row["storage"]),
            comment=row["comment"] or "",
        )

    def trigger(self, row: Row, types: dict[str, str]) -> Trigger:
        bits = row["type"]
        condition = WHEN.search(self.text("trigger", row["oid"]) or "")
        # The rows old and new have the columns of the table.
        both = {f"{name}.{column}": kind for column, kind in types.items()
                for name in ("old", "new")}  # fmt: skip
        schema = row["function_schema"]
        prefix = "" if schema == self.catalogs.current_schema else f"{schema}."
        return Trigger(
            name=row["name"],
            timing="before" if bits & BEFORE else "instead of" if bits & INSTEAD else "after",
            events=tuple(name for bit, name in EVENTS if bits & bit),
            level="row" if bits & ROW else "statement",
            function=f"{prefix}{row['function']}",
            columns=self.named(row["table"], row["columns"]),
            condition=read_sql(condition[1], types=both) if condition else None,
            constraint=row["is_constraint"],
            deferrable="deferred" if row["deferred"] else "immediate" if row["deferrable"] else "",
            enabled=ENABLED[row["enabled"]],
            body=row["body"],
            function_options=(
                f"language {row['language']}",
                *(["security definer"] if row["security_definer"] else []),
                *(f"set {setting}" for setting in row["settings"] or ()),
            ),
            comment=row["comment"] or "",
        )

    def sequence(self, row: Row) -> SequenceOfNumbers:
        owner = self.place(row["owner_schema"], row["owner"]) if row["owner"] else None
        return SequenceOfNumbers(
            self.place(row["schema"], row["name"]),
            row["type"],
            **{name: row[name] for name in ("start", "increment", "minimum", "maximum")},
            cache=row["cache"],
            cycle=row["cycle"],
            owner=owner,
            column=row["column"] or "",
            comment=row["comment"] or "",
        )

    def partitioning(self, row: Row, types: dict[str, str]) -> Partitioning | None:
        if row["strategy"] is None:
            return None
        text = self.text("partition key", row["oid"])
        trees = iter(() if text is None else read_sql_list(text, types=types))
        key = []
        for number in row["partition_columns"]:
            tree = ColumnRef(self.names[row["oid"], number]) if number else next(trees, None)
            if tree is not None:
                key.append(tree)
        return Partitioning(STRATEGIES[row["strategy"]], tuple(key))


def _options(storage: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Read ``reloptions``: ``fillfactor=70``."""
    pairs = (option.partition("=") for option in storage or ())
    return tuple(sorted((name, value) for name, _, value in pairs))


def _by_table(found: list[Row]) -> defaultdict[int, list[Row]]:
    result: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found:
        result[row["table"]].append(row)
    return result


def _with_relations(table: Table) -> Table:
    return replace(
        table,
        relations=tuple(
            relation_of(table, constraint)
            for constraint in table.constraints
            if constraint.kind is ConstraintKind.FOREIGN_KEY
        ),
    )
