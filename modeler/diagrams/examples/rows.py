"""The rows of a model as a FROM clause: a multi-table child's lie in several tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modeler.diagrams.references import References
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import RelationKind
from modeler.schema.sql_text import quoted_name, quoted_table
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class Rows:
    """Where to select from.

    Attributes:
        holder: the table that has the rows; another one for a proxy.
        location: its place.
        name: its name in SQL.
        clause: ``FROM …`` with the parents joined, one a line.
        columns: all columns of a row, the nearest table's first.
        qualified: column name → how SQL names it here.
    """

    holder: Table
    location: Location
    name: str
    clause: str
    columns: tuple[Column, ...]
    qualified: Mapping[str, str]

    def of(self, column: str) -> str:
        """Return how SQL names a column."""
        return self.qualified[column]

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key's columns as SQL names them."""
        return tuple(f"{self.name}.{quoted_name(name)}" for name in self.holder.primary_key)


def rows_of(table: Table, references: References) -> Rows | None:
    """Return the rows of a table; None where it has none or a parent lies elsewhere."""
    holder = references.tables.get(references.concrete(table.key), table)
    if holder.location is None or not holder.columns:
        return None
    name = quoted_table(holder.location)
    lines = [f"FROM {name}"]
    columns = list(holder.columns)
    alone = not references.ancestors(holder.key)
    qualified = {
        column.name: quoted_name(column.name) if alone else f"{name}.{quoted_name(column.name)}"
        for column in columns
    }
    joined = {holder.key}
    queue = [holder]
    while queue:
        child = queue.pop(0)
        for relation in child.relations:
            parent = references.tables.get(references.concrete(relation.target))
            if relation.kind is not RelationKind.PARENT_LINK or parent is None:
                continue
            if parent.key in joined:
                continue
            if parent.location is None or parent.location.alias != holder.location.alias:
                return None
            joined.add(parent.key)
            queue.append(parent)
            above, below = quoted_table(parent.location), quoted_table(_place(child))
            on = " AND ".join(
                f"{above}.{quoted_name(far)} = {below}.{quoted_name(near)}"
                for near, far in zip(relation.columns, relation.target_columns, strict=True)
            )
            lines.append(f"JOIN {above} ON {on}")
            for column in parent.columns:
                if column.name not in qualified:
                    qualified[column.name] = f"{above}.{quoted_name(column.name)}"
                    columns.append(column)
    return Rows(holder, holder.location, name, "\n".join(lines), tuple(columns), qualified)


def _place(table: Table) -> Location:
    assert table.location is not None  # it was joined, or is the holder
    return table.location
