"""The domains of a live PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from modeler.postgres.catalogs import Catalogs, Row
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import VALUE
from modeler.schema.location import Location
from modeler.schema.schema import DomainType
from modeler.schema.sql_expressions import read_sql
from modeler.schema.sql_text import quoted_table


def domain_types(
    catalogs: Catalogs, place: Callable[[str, str], Location]
) -> tuple[DomainType, ...]:
    """Return the domains that the rows of the catalogs say.

    Args:
        catalogs: of a server.
        place: makes a location of a schema's name and a type's.
    """
    rows = {row["oid"]: row for row in catalogs.domains}
    return tuple(
        _domain(row, rows, place, row["schema"] in catalogs.schemas) for row in catalogs.domains
    )


def _domain(
    row: Row, rows: dict[int, Row], place: Callable[[str, str], Location], asked: bool
) -> DomainType:
    bottom = row
    while bottom["base"] in rows:
        bottom = rows[bottom["base"]]
    checks = tuple(
        Constraint(
            name,
            ConstraintKind.CHECK,
            (VALUE,),
            expression=read_sql(text, types={VALUE: bottom["type"]}),
            valid=valid,
            source="database",
        )
        for name, text, valid in zip(row["checks"], row["expressions"], row["valid"], strict=True)
    )
    below = rows.get(row["base"])
    # Printed by the server, a name depends on its search path, and another may be found by it.
    base = quoted_table(place(below["schema"], below["name"])) if below else row["type"]
    return DomainType(
        place(row["schema"], row["name"]),
        base,
        row["not_null"],
        checks,
        row["element"] or "",
        row["collation"] or "",
        read_sql(row["default"]) if row["default"] is not None else None,
        compared=asked and not row["of_extension"],
    )
