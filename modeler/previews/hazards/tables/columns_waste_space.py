"""Order of a new table's columns; an opt-in pack.

Source: PostgreSQL manual, section 66.6 (alignment).
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.previews.effects.type_text import read_type_text
from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.plan import Plan, Planned
from modeler.previews.hazards.registry import HAZARDS
from modeler.previews.sql.commands import CreateTable
from modeler.reporting.finding import Finding, Level

# Width and alignment in bytes, as pg_type has them; types of no fixed width stand last.
FIXED = {
    "bool": (1, 1), "int2": (2, 2), "int4": (4, 4), "float4": (4, 4), "date": (4, 4),
    "int8": (8, 8), "float8": (8, 8), "timestamp": (8, 8), "timestamptz": (8, 8),
    "time": (8, 8), "money": (8, 8), "interval": (16, 8), "timetz": (12, 8), "uuid": (16, 1),
}  # fmt: skip
WORTH_SAYING = 8


@HAZARDS.register
class ColumnsWasteSpace(Hazard):
    code = "MP113"
    slug = "columns-waste-space"
    title = "The order of a new table's columns wastes space"
    level = Level.INFO
    hint = "Put wide columns of fixed size first, then narrow ones, then texts."
    opt_in = "style"

    def check_migration(self, migration: Planned, plan: Plan) -> Iterable[Finding]:
        for sent, command in migration.commands():
            if not isinstance(command, CreateTable) or command.temporary:
                continue
            fixed = []
            for column in command.columns:
                kind = read_type_text(column.type)
                size = None if kind is None or kind.array else FIXED.get(kind.name)
                if size is None:
                    break  # what comes after a text lies somewhere else in each row
                fixed.append(size)
            wasted = _padded(fixed) - _padded(sorted(fixed, key=lambda size: -size[1]))
            if wasted >= WORTH_SAYING:
                relation = sent.relation(command.name)
                yield self.found(
                    migration,
                    sent.statement.operation,
                    relation,
                    f"Each row of {relation} has {wasted} bytes of padding that another order of "
                    "its columns would save.",
                    waits=(),
                )


def _padded(sizes: list[tuple[int, int]]) -> int:
    """Return how many bytes columns take one after the other."""
    place = 0
    for width, alignment in sizes:
        place += -place % alignment + width
    return place
