"""Which columns of a row are copied into documents that refer to it (extended reference)."""

from __future__ import annotations

import re

from modeler.mongo.design.measures import TableMeasures
from modeler.schema.column import Column
from modeler.schema.constraint import ConstraintKind
from modeler.schema.expression import columns_of
from modeler.schema.table import Table

MOST = 3
LONGEST = 255
TEXTS = frozenset({"CharField", "SlugField"})
NAME = re.compile(r"(?:^|_)(?:name|title|label)$")
NAMES = re.compile(r"(?:^|_)(?:name|title|label|code|sku|slug|number|symbol|username)$")
KEYS = (ConstraintKind.UNIQUE, ConstraintKind.PRIMARY_KEY)
PERSONS = re.compile(r"(?:^|_)name$")


def copied_columns(table: Table) -> tuple[str, ...]:
    """Return what tells a person which row it is, in the table's order; none if nothing does.

    Short texts that the admin's list shows, else those with the name of a name. Not what holds
    personal data, unless a person's name is all there is: a copy is one place more to forget.
    """
    texts = [column for column in table.columns if _short_text(column)]
    plain = [column for column in texts if not column.sensitive]
    listed = {name for facts in table.admin for name in facts.list_display}
    shown = [column for column in plain if {column.name, column.field} & listed]
    if not any(NAMES.search(column.name) for column in shown):
        # A list often shows the name by a method.
        shown += [column for column in plain if NAME.search(column.name)][:1]
    for some in (
        shown,
        [column for column in plain if NAMES.search(column.name)],
        [column for column in texts if column.sensitive and PERSONS.search(column.name)],
    ):
        if some:
            chosen = {column.name for column in some[:MOST]}
            return tuple(column.name for column in table.columns if column.name in chosen)
    return ()


def copied_updates(table: Table, measures: TableMeasures) -> float | None:
    """Return how many updates may have changed what is copied.

    An update within its page changed no indexed column (PostgreSQL manual, 65.7, heap-only
    tuples); where all copied columns are indexed, it changed none of them.
    """
    if measures.updated is None or measures.updated_in_page is None:
        return measures.updated
    indexed = {
        column
        for index in table.indexes
        for part in index.parts
        for column in (columns_of(part.expression) if part.expression else (part.column,))
    }
    indexed |= {column for one in table.constraints if one.kind in KEYS for column in one.columns}
    if indexed.issuperset(copied_columns(table)):
        return measures.updated - measures.updated_in_page
    return measures.updated


def _short_text(column: Column) -> bool:
    return (
        column.field_type in TEXTS
        and not column.choices
        and column.generated is None
        and (column.max_length or LONGEST) <= LONGEST
    )
