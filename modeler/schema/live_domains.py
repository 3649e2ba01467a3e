"""The domains of a live PostgreSQL, each down to the type at its bottom."""

from __future__ import annotations

from collections.abc import Callable

from modeler.postgres.catalogs import Catalogs, Row
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.location import Location
from modeler.schema.schema import DomainType
from modeler.schema.sql_expressions import read_sql

VALUE = "value"


def domain_types(
    catalogs: Catalogs, place: Callable[[str, str], Location]
) -> tuple[DomainType, ...]:
    """Return the domains that the rows of the catalogs say.

    Args:
        catalogs: of a server.
        place: makes a location of a schema's name and a type's.
    """
    rows = {row["oid"]: row for row in catalogs.domains}
    return tuple(_domain(row, rows, place) for row in catalogs.domains)


def _domain(row: Row, rows: dict[int, Row], place: Callable[[str, str], Location]) -> DomainType:
    chain = [row]
    while chain[-1]["base"] in rows:
        chain.append(rows[chain[-1]["base"]])
    bottom = chain[-1]
    checks = tuple(
        Constraint(
            name,
            ConstraintKind.CHECK,
            (VALUE,),
            expression=read_sql(text, types={VALUE: bottom["type"]}),
            source="database",
        )
        for each in reversed(chain)
        for name, text in zip(each["checks"], each["expressions"], strict=True)
    )
    return DomainType(
        place(row["schema"], row["name"]),
        bottom["type"],
        any(each["not_null"] for each in chain),
        checks,
        bottom["element"] or "",
    )
