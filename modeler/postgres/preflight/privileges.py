"""Rights that the migrating role lacks."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.schema.sql_text import quoted_name

from .asked import Asked, Probe
from .obstacle import Obstacle, ObstacleKind

ROLE = "SELECT current_user::text AS role"


def privileges(asked: Asked) -> Iterable[Obstacle]:
    (about,) = asked.rows(ROLE)
    role = about["role"]
    for target in asked.targets:
        owner = target.row["owner"]
        if target.intent.alters and not target.row["owned"]:
            yield Obstacle(
                ObstacleKind.PRIVILEGE,
                target.relation,
                f"{target.relation} belongs to {owner}, and {role} may not alter it.",
                f"Migrate as {owner}, or let a superuser GRANT {quoted_name(owner)} TO "
                f"{quoted_name(role)}.",
                (("role", role), ("owner", owner)),
                blocks=True,
            )
        if target.intent.builds and not target.row["may_create"]:
            schema = target.row["schema"]
            yield Obstacle(
                ObstacleKind.PRIVILEGE,
                target.relation,
                f"{role} may not create in schema {schema}, so no index of {target.relation} can "
                "be made.",
                f"Let its owner GRANT CREATE ON SCHEMA {quoted_name(schema)} TO "
                f"{quoted_name(role)}.",
                (("role", role), ("schema", schema)),
                blocks=True,
            )


PROBES = (Probe("privileges", privileges),)
