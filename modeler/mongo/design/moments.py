"""Which column says when a row was made."""

from __future__ import annotations

import re

from modeler.schema.column import Column
from modeler.schema.expression import Function
from modeler.schema.table import Table

MOMENTS = frozenset({"DateTimeField", "DateField"})
MADE = re.compile(r"(?:^|_)(?:created?|made|added|inserted|joined|placed|registered|submitted)")
CHANGED = re.compile(r"updat|modif|chang|edit|delet|remov|expir|until|end|last|seen|login")


def made_at(table: Table) -> Column | None:
    """Return the column that ``auto_now_add`` or a default of the database fills, if any.

    A schema does not say ``auto_now_add``: such a column cannot be edited, is never NULL, and
    its name speaks of making, not of changing.
    """
    best: tuple[int, int] | None = None
    found = None
    for position, column in enumerate(table.columns):
        if column.field_type not in MOMENTS or column.null or CHANGED.search(column.name):
            continue
        named = bool(MADE.search(column.name))
        filled = isinstance(column.database_default, Function) or not column.editable
        if not (named or filled):
            continue
        rank = (-(2 * named + filled), position)
        if best is None or rank < best:
            best, found = rank, column
    return found


def is_bookkeeping(column: Column) -> bool:
    """Tell whether a column only says when its row was made or changed."""
    return column.field_type in MOMENTS and not column.editable
