"""Relations as DBML's refs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modeler.diagrams.formats.dbml_words import name, place, settings_text
from modeler.diagrams.formats.plain_text import one_line
from modeler.diagrams.graph import JoinMode
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.table import Table

ACTIONS = {
    "CASCADE": "cascade", "PROTECT": "restrict", "RESTRICT": "restrict", "SET_NULL": "set null",
    "SET_DEFAULT": "set default", "DO_NOTHING": "no action",
}  # fmt: skip
OPERATORS = {(True, True): "<>", (True, False): ">", (False, True): "<", (False, False): "-"}
# A generic relation is no reference: which table its far side means stands in each row.
LEFT_OUT = frozenset({RelationKind.GENERIC, RelationKind.GENERIC_REVERSE})


@dataclass(frozen=True, slots=True)
class Reference:
    """A ref: its line, and the columns at both ends."""

    line: str
    ends: tuple[tuple[Location, tuple[str, ...]], ...] = ()


def references(
    tables: Mapping[Location, Table], first: str, joins: JoinMode
) -> tuple[Reference, ...]:
    """Return the refs of tables, by table and relation.

    DBML takes neither two refs between the same columns nor one from a column to itself, nor one
    to a table that is not here: these are comments, with no ends.

    Args:
        tables: what is in the document.
        first: the database whose tables carry no alias.
        joins: with EDGE, a many-to-many relation is one ref between the primary keys.
    """
    found: list[Reference] = []
    seen: set[frozenset[tuple[Location, tuple[str, ...]]]] = set()
    for where, table in tables.items():
        for relation in table.relations:
            if not _is_drawn(relation, joins):
                continue
            reference = _reference(where, table, relation, tables, first)
            ends = frozenset((at, tuple(sorted(columns))) for at, columns in reference.ends)
            if ends and (len(ends) == 1 or ends in seen):
                reference = Reference(_comment(relation, "joins the same columns as another"))
            elif ends:
                seen.add(ends)
            found.append(reference)
    return tuple(found)


def joined_columns(references: tuple[Reference, ...]) -> dict[Location, set[str]]:
    """Return the columns that refs speak of, by table."""
    found: dict[Location, set[str]] = defaultdict(set)
    for reference in references:
        for where, columns in reference.ends:
            found[where].update(columns)
    return found


def _is_drawn(relation: Relation, joins: JoinMode) -> bool:
    if relation.kind is RelationKind.MANY_TO_MANY:
        return joins is JoinMode.EDGE
    return relation.kind not in LEFT_OUT


def _reference(
    where: Location,
    table: Table,
    relation: Relation,
    tables: Mapping[Location, Table],
    first: str,
) -> Reference:
    far = relation.target_location
    if far is None or far not in tables:
        return Reference(_comment(relation, f"leads to {far or relation.target}, not here"))
    near_columns, far_columns = relation.columns, relation.target_columns
    if relation.kind is RelationKind.MANY_TO_MANY:
        near_columns, far_columns = table.primary_key, tables[far].primary_key
    known = {column.name for column in table.columns}
    far_known = {column.name for column in tables[far].columns}
    if (
        not near_columns
        or len(near_columns) != len(far_columns)
        or not known.issuperset(near_columns)
        or not far_known.issuperset(far_columns)
    ):
        return Reference(_comment(relation, f"joins columns of {far} that are not known"))
    operator = OPERATORS[relation.at_owner.many, relation.at_target.many]
    settings = list(_settings(relation, table))
    line = (
        f"Ref {name(relation.key)}: {_end(where, near_columns, first)} {operator} "
        f"{_end(far, far_columns, first)}{settings_text(settings)}"
    )
    unknown = relation.on_delete if relation.on_delete and not settings else ""
    if not relation.enforced:
        line += " // not enforced by the database"
    elif unknown:
        line += f" // on delete {one_line(unknown)}"
    return Reference(line, ((where, near_columns), (far, far_columns)))


def _settings(relation: Relation, table: Table) -> Iterator[str]:
    action = ACTIONS.get(relation.on_delete.removeprefix("DB_"))
    if action:
        yield f"delete: {action}"
    for rule in table.constraints:
        if rule.columns == relation.columns and rule.on_update and rule.target:
            yield f"update: {rule.on_update}"
            return


def _end(where: Location, columns: tuple[str, ...], first: str) -> str:
    names = ", ".join(name(column) for column in columns)
    return f"{place(where, first)}.{names if len(columns) == 1 else f'({names})'}"


def _comment(relation: Relation, reason: str) -> str:
    return f"// {one_line(relation.key)}: {one_line(reason)}"
