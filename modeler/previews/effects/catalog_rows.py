"""Rows of the catalogs as facts of a relation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from modeler.previews.effects.catalog import (
    Column,
    Constraint,
    Dependent,
    ForeignKey,
    Index,
    IndexKey,
    OwnedSequence,
    Relation,
    Statistics,
)
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.live_types import LiveTypes

KINDS = {
    "r": RelationKind.TABLE,
    "p": RelationKind.PARTITIONED_TABLE,
    "i": RelationKind.INDEX,
    "I": RelationKind.PARTITIONED_INDEX,
    "S": RelationKind.SEQUENCE,
    "v": RelationKind.VIEW,
    "m": RelationKind.MATERIALIZED_VIEW,
    "f": RelationKind.FOREIGN_TABLE,
}
CONSTRAINTS = {
    "c": "check", "f": "foreign key", "p": "primary key", "u": "unique", "x": "exclude",
    "n": "not null",
}  # fmt: skip
IDENTITY = {"a": "always", "d": "by default"}
GENERATED = {"s": "stored", "v": "virtual"}
STRATEGIES = {"r": "range", "l": "list", "h": "hash"}
ON_DELETE = {"a": "", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
# Places in the row of ``catalog_queries.relation``.
COLUMNS, INDEXES, CONSTRAINTS_AT, REFERRERS, INHERITS, TRIGGERS, DEPENDS = range(8, 15)
DEFAULT_SEQUENCES, PARTITIONED, TABLE, BOUND, SOURCES = range(15, 20)


@dataclass(slots=True)
class Known:
    """What a row points at, and the names of it once they are learnt."""

    oid: int
    relations: set[int] = field(default_factory=set)
    indexes: list[int] = field(default_factory=list)
    types: set[int] = field(default_factory=set)
    collations: set[int] = field(default_factory=set)
    depends: list[list[Any]] = field(default_factory=list)
    joined: dict[str, dict[int, tuple]] = field(default_factory=dict)
    index_parents: dict[int, int] = field(default_factory=dict)
    name: Callable[[int], str] = str
    kind: Callable[[int], RelationKind] = lambda oid: RelationKind.TABLE
    method: Callable[[int], str] = str

    @classmethod
    def of(cls, row: list[Any]) -> Known:
        known = cls(row[0], depends=row[DEPENDS] or [])
        known.indexes = [part[0] for part in row[INDEXES] or ()]
        known.types = {part[2] for part in row[COLUMNS] or ()}
        known.collations = {part[8] for part in row[COLUMNS] or ()}
        known.relations.update((row[0], *known.indexes))
        for part in (row[CONSTRAINTS_AT] or []) + (row[REFERRERS] or []):
            known.relations.update((part[3], part[4], part[13]))
        for part in row[INHERITS] or ():
            known.relations.update(part[:2])
        known.relations.update(part[1] for part in row[DEFAULT_SEQUENCES] or ())
        known.relations.update(row[SOURCES] or ())
        known.relations.update(known.dependents("pg_class"))
        if row[PARTITIONED]:
            known.relations.add(row[PARTITIONED][2])
        if row[TABLE]:
            known.relations.add(row[TABLE])
        return known

    def dependents(self, catalog: str) -> set[int]:
        return {part[1] for part in self.depends if part[0] == catalog}


def relation_of(
    row: list[Any], known: Known, types: LiveTypes, methods: Mapping[int, str]
) -> Relation:
    """Put the facts of one relation together."""
    by_number = {part[0]: part[1] for part in row[COLUMNS] or ()}
    is_table = KINDS[row[3]] not in {RelationKind.INDEX, RelationKind.PARTITIONED_INDEX}
    keys = [foreign_key(part, known, by_number) for part in row[CONSTRAINTS_AT] or ()
            if part[2] == "f"]  # fmt: skip
    referrers = [foreign_key(part, known, by_number) for part in row[REFERRERS] or ()]
    inherits = row[INHERITS] or ()
    children = [(part[2], known.name(part[1])) for part in inherits if part[0] == row[0]]
    strategy, numbers, default = row[PARTITIONED] or ("", "", 0)
    partition_columns = tuple(by_number.get(int(part), "") for part in numbers.split())
    return Relation(
        name=known.name(row[0]),
        kind=KINDS[row[3]],
        columns=columns(row, known, types) if is_table else (),
        indexes=indexes(row, known, types, by_number),
        constraints=tuple(sorted(constraints(row, known, by_number), key=lambda k: k.name)),
        foreign_keys=tuple(sorted(keys)),
        referrers=tuple(sorted(referrers)),
        children=tuple(sorted(name for _, name in children)),
        parents=tuple(sorted(known.name(part[0]) for part in inherits if part[1] == row[0])),
        default_partition=known.name(default) if default else "",
        partition_columns=partition_columns,
        partition_strategy=STRATEGIES.get(strategy, ""),
        dependents=dependents(known, by_number),
        sources=tuple(sorted(known.name(oid) for oid in row[SOURCES] or () if known.name(oid))),
        sequences=owned_sequences(known, by_number),
        default_users=default_users(known) if row[3] == "S" else (),
        statistics=statistics(known, by_number),
        triggers=tuple(row[TRIGGERS] or ()),
        dependencies=generated_from(known, by_number),
        table=known.name(row[TABLE]) if row[TABLE] else "",
        unlogged=row[4],
        is_partition=row[5],
        access_method=methods.get(row[6], ""),
        owner=row[20],
        tablespace=str(row[7]),
    )


def columns(row: list[Any], known: Known, types: LiveTypes) -> tuple[Column, ...]:
    sequences: dict[int, list[str]] = {}
    for number, oid in row[DEFAULT_SEQUENCES] or ():
        sequences.setdefault(number, []).append(known.name(oid))
    identity = {part[3]: known.name(part[1]) for part in known.depends
                if part[0] == "pg_class" and part[4] == "i" and part[3] > 0}  # fmt: skip
    found = []
    for number, name, oid, text, not_null, has_default, kind, made, collation in (
        row[COLUMNS] or ()
    ):
        own = [*sequences.get(number, ()), *((identity[number],) if kind else ())]
        found.append(
            Column(
                name,
                types.of_oid(oid, text),
                not_null,
                has_default,
                IDENTITY.get(kind, ""),
                GENERATED.get(made, ""),
                types.collation(collation),
                tuple(sorted(own)),
            )
        )
    return tuple(found)


def indexes(
    row: list[Any], known: Known, types: LiveTypes, by_number: Mapping[int, str]
) -> tuple[Index, ...]:
    of_index = {part[13]: part[1] for part in row[CONSTRAINTS_AT] or () if part[2] in "pux"}
    found = []
    for oid, numbers, classes, collations, unique, primary, valid, partial in row[INDEXES] or ():
        class_oids, collation_oids = classes.split(), collations.split()
        keys = []
        for place, number in enumerate(numbers.split()):
            is_key = place < len(class_oids)
            keys.append(
                IndexKey(
                    by_number.get(int(number), ""),
                    types.operator_class(int(class_oids[place])) if is_key else "",
                    types.collation(int(collation_oids[place])) if is_key else "",
                )
            )
        direct = {key.column for key in keys}
        hidden = {by_number.get(part[3], "") for part in known.depends
                  if part[0] == "pg_class" and part[1] == oid}  # fmt: skip
        parent = known.index_parents.get(oid)
        found.append(
            Index(
                known.name(oid),
                known.kind(oid),
                known.method(oid),
                tuple(keys),
                tuple(sorted(hidden - direct - {""})),
                unique,
                primary,
                valid,
                partial,
                of_index.get(oid, ""),
                known.name(parent) if parent else "",
            )
        )
    return tuple(sorted(found, key=lambda index: index.name))


def constraints(row: list[Any], known: Known, by_number: Mapping[int, str]) -> list[Constraint]:
    return [
        Constraint(
            part[1],
            CONSTRAINTS[part[2]],
            tuple(by_number.get(number, "") for number in part[5] or ()),
            part[7],
            part[8],
            part[16] or "",
            known.name(part[13]) if part[13] else "",
            part[15],
            part[9],
        )
        for part in row[CONSTRAINTS_AT] or ()
        if part[2] in CONSTRAINTS
    ]


def foreign_key(part: list[Any], known: Known, by_number: Mapping[int, str]) -> ForeignKey:
    """``columns`` of the other table stay numbers as text: only the own ones have names here."""

    def named(oid: int, numbers: list[int] | None) -> tuple[str, ...]:
        return tuple(
            by_number.get(number, "") if oid == known.oid else str(number)
            for number in numbers or ()
        )

    return ForeignKey(
        part[1], known.name(part[3]), named(part[3], part[5]), known.name(part[4]),
        named(part[4], part[6]), ON_DELETE.get(part[11], ""), ON_DELETE.get(part[12], ""),
        part[7], part[8], part[9], part[10], known.name(part[13]), part[14] != 0,
    )  # fmt: skip


def dependents(known: Known, by_number: Mapping[int, str]) -> tuple[Dependent, ...]:
    found: dict[tuple[str, str], set[str]] = {}
    for catalog, oid, _, number, _ in known.depends:
        if catalog == "pg_rewrite" and oid in known.joined.get(catalog, {}):
            _, owner, rule = known.joined[catalog][oid]
            kind = known.kind(owner).value if rule == "_RETURN" else "rule"
            if owner == known.oid and kind != "rule":
                continue
            key = (rule if kind == "rule" else known.name(owner), kind)
        elif catalog == "pg_policy" and oid in known.joined.get(catalog, {}):
            key = (known.joined[catalog][oid][2], "policy")
        else:
            continue
        found.setdefault(key, set()).update({by_number[number]} if number in by_number else ())
    return tuple(
        sorted(Dependent(name, kind, tuple(sorted(some))) for (name, kind), some in found.items())
    )


def owned_sequences(known: Known, by_number: Mapping[int, str]) -> tuple[OwnedSequence, ...]:
    return tuple(
        sorted(
            OwnedSequence(known.name(oid), by_number.get(number, ""), kind == "i")
            for catalog, oid, _, number, kind in known.depends
            if catalog == "pg_class"
            and kind in "ai"
            and known.name(oid)
            and known.kind(oid) is RelationKind.SEQUENCE
        )
    )


def default_users(known: Known) -> tuple[str, ...]:
    return tuple(sorted({known.name(part[1]) for part in
                         known.joined.get("pg_attrdef", {}).values()}))  # fmt: skip


def statistics(known: Known, by_number: Mapping[int, str]) -> tuple[Statistics, ...]:
    found: dict[int, set[str]] = {}
    for catalog, oid, _, number, _ in known.depends:
        if catalog == "pg_statistic_ext":
            found.setdefault(oid, set()).add(by_number.get(number, ""))
    names = known.joined.get("pg_statistic_ext", {})
    return tuple(
        Statistics(names[oid][1], tuple(sorted(some - {""})))
        for oid, some in sorted(found.items())
        if oid in names
    )


def generated_from(
    known: Known, by_number: Mapping[int, str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which columns a generated column is made from."""
    found: dict[str, set[str]] = {}
    for catalog, oid, place, number, _ in known.depends:
        made = known.joined.get("pg_attrdef", {}).get(oid) if catalog == "pg_attrdef" else None
        if made is not None and made[1] == known.oid and number in by_number:
            owner = by_number.get(made[2], "")
            if owner != by_number[number]:
                found.setdefault(owner, set()).add(by_number[number])
        elif (
            catalog == "pg_class"
            and oid == known.oid
            and place in by_number
            and number in by_number
        ):
            # Until 14 the column itself stood there instead of its expression.
            found.setdefault(by_number[place], set()).add(by_number[number])
    return tuple((owner, tuple(sorted(some))) for owner, some in sorted(found.items()))
