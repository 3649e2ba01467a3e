"""Examples that follow relations."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from modeler.diagrams.examples.rows import Rows
from modeler.diagrams.examples.snippet import Snippet
from modeler.diagrams.references import References
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.sql_text import quoted_name, quoted_table
from modeler.schema.table import Table, TableKind

FORWARD = {RelationKind.FOREIGN_KEY, RelationKind.ONE_TO_ONE, RelationKind.JOIN}
MOST_JOINED = 2


def related_examples(
    table: Table, rows: Rows, start: str, references: References
) -> Iterator[Snippet]:
    """Yield a row with what it refers to, with what refers to it, and the number of those."""
    yield from _with_targets(rows, start, references)
    coming = sorted(
        (each for each in _coming(table, rows, references) if each.accessor or not start),
        # What the domain says comes before what tools keep: histories, audit trails.
        key=lambda each: (
            references.tables[each.owner].kind is TableKind.HISTORY,
            not each.enforced,
        ),
    )
    for relation in coming[:1]:
        yield _with_owners(rows, relation, start, references)
    if not coming:
        yield from _through(table, rows, start, references)
    counted = [relation for relation in coming if _countable(relation, rows, references)]
    for relation in counted[:1]:
        yield _count(rows, relation, start, references)


def _with_targets(rows: Rows, start: str, references: References) -> Iterator[Snippet]:
    joined = [
        relation
        for relation in rows.holder.relations
        if relation.kind in FORWARD
        and relation.columns
        and _exists(references.tables.get(relation.target), references)
        and _together(relation.target_location, rows)
    ][:MOST_JOINED]
    if not joined:
        return
    names = {relation.key: _alias(relation.field, rows) for relation in joined}
    lines = []
    for relation in joined:
        assert relation.target_location is not None  # together with the rows
        alias = names[relation.key]
        on = " AND ".join(
            f"{alias}.{quoted_name(far)} = {rows.name}.{quoted_name(near)}"
            for near, far in zip(relation.columns, relation.target_columns, strict=True)
        )
        left = "LEFT " * relation.at_target.optional
        lines.append(f"{left}JOIN {quoted_table(relation.target_location)} AS {alias} ON {on}")
    fields = ", ".join(f'"{relation.field}"' for relation in joined)
    selected = ", ".join([f"{rows.name}.*", *(f"{alias}.*" for alias in names.values())])
    yield Snippet(
        _("Rows with what they refer to, in one query"),
        f"{start}.select_related({fields})[:10]" if start else "",
        "\n".join([f"SELECT {selected}", rows.clause, *lines, "LIMIT 10;"]),
    )


def _coming(table: Table, rows: Rows, references: References) -> Iterator[Relation]:
    """Yield the foreign keys whose reverse name this very model has."""
    names = {table.key: None, rows.holder.key: None}
    for name in names:
        for relation in references.declared.get(name, ()):
            owner = references.tables[relation.owner]
            if (
                relation.kind is RelationKind.FOREIGN_KEY
                and owner.kind is not TableKind.JOIN
                and _exists(owner, references)
                and _together(owner.location, rows)
                and relation.target_location == rows.location
            ):
                yield relation


def _with_owners(rows: Rows, relation: Relation, start: str, references: References) -> Snippet:
    owner = references.tables[relation.owner]
    assert owner.location is not None
    near = ", ".join(quoted_name(name) for name in relation.columns)
    far = ", ".join(f"{rows.name}.{quoted_name(name)}" for name in relation.target_columns)
    inner = rows.clause.replace("\n", "\n    ")
    return Snippet(
        _("Rows with those that refer to them, in two queries"),
        f'{start}.prefetch_related("{relation.accessor}")[:10]' if start else "",
        f"SELECT *\nFROM {quoted_table(owner.location)}\nWHERE ({near}) IN (\n"
        f"    SELECT {far}\n    {inner}\n    LIMIT 10\n);",
    )


def _through(table: Table, rows: Rows, start: str, references: References) -> Iterator[Snippet]:
    """Yield the far side of the first many-to-many field."""
    for relation in (*rows.holder.relations, *table.relations):
        through = references.tables.get(relation.through)
        target = references.tables.get(references.concrete(relation.target))
        if (
            relation.kind is not RelationKind.MANY_TO_MANY
            or through is None
            or target is None
            or not (_exists(through, references) and _exists(target, references))
            or not (_together(through.location, rows) and _together(target.location, rows))
        ):
            continue
        ends = {each.field: each for each in through.relations}
        near, far = (ends.get(name) for name in relation.through_fields or ("", ""))
        if near is None or far is None or far.target_location is None:
            continue
        assert through.location is not None
        join, there = quoted_table(through.location), _alias(relation.field, rows)
        yield Snippet(
            _("Rows with their many-to-many partners, in two queries"),
            f'{start}.prefetch_related("{relation.field}")[:10]' if start else "",
            f"SELECT {join}.{quoted_name(near.columns[0])}, {there}.*\nFROM {join}\n"
            f"JOIN {quoted_table(far.target_location)} AS {there} ON "
            f"{there}.{quoted_name(far.target_columns[0])} = {join}.{quoted_name(far.columns[0])}"
            f"\nWHERE {join}.{quoted_name(near.columns[0])} IN (\n"
            f"    SELECT {rows.name}.{quoted_name(near.target_columns[0])}\n"
            f"    FROM {rows.name}\n    LIMIT 10\n);",
        )
        return


def _countable(relation: Relation, rows: Rows, references: References) -> bool:
    owner = references.tables[relation.owner]
    fields = {column.field for column in rows.columns}
    return (
        len(owner.primary_key) == len(rows.key) == len(relation.columns) == 1
        and owner.location != rows.location
        and bool(relation.query_name)
        and f"{relation.query_name}_count" not in fields
    )


def _count(rows: Rows, relation: Relation, start: str, references: References) -> Snippet:
    owner = references.tables[relation.owner]
    assert owner.location is not None
    there = quoted_table(owner.location)
    number = f"{relation.query_name}_count"
    on = (
        f"{there}.{quoted_name(relation.columns[0])} = "
        f"{rows.name}.{quoted_name(relation.target_columns[0])}"
    )
    orm = f'{start}.annotate({number}=Count("{relation.query_name}")).order_by("-{number}")[:10]'
    return Snippet(
        _("How many refer to each row, the most first"),
        orm if start else "",
        f"SELECT {rows.key[0]}, count({there}.{quoted_name(owner.primary_key[0])}) "
        f"AS {quoted_name(number)}\n{rows.clause}\nLEFT JOIN {there} ON {on}\n"
        f"GROUP BY {rows.key[0]}\nORDER BY {quoted_name(number)} DESC\nLIMIT 10;",
        ("Count",) if start else (),
    )


def _exists(table: Table | None, references: References) -> bool:
    """Tell whether the rows are surely there: who manages an unmanaged table is not known."""
    if table is None:
        return False
    holder = references.tables.get(references.concrete(table.key), table)
    return holder.location is not None and (holder.managed or not holder.app)


def _together(location: Location | None, rows: Rows) -> bool:
    return location is not None and location.alias == rows.location.alias


def _alias(field: str, rows: Rows) -> str:
    """Return a name for a joined table: the field's, unless the rows have it already."""
    taken = {rows.holder.location.table if rows.holder.location else ""}
    return quoted_name(f"{field}_row" if field in taken else field)
