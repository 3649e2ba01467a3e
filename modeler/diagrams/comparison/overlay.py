"""Two schemas and what changed between them, as one picture with marks and a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from modeler.diagrams.comparison.marks import (
    AppChanges,
    Attribute,
    Entry,
    Mark,
    Overlay,
    TableChanges,
)
from modeler.diagrams.comparison.merged import Spot, merged
from modeler.diagrams.comparison.wording import described, sentence, value_text
from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.differences import differences
from modeler.schema.schema import Schema
from modeler.schema.table import Table

READING_ORDER = (
    Part.TABLE, Part.COLUMN, Part.RELATION, Part.CONSTRAINT, Part.INDEX, Part.TRIGGER, Part.ENUM,
    Part.DOMAIN, Part.SEQUENCE,
)  # fmt: skip


def overlay(
    old: Schema,
    new: Schema,
    changes: Sequence[Change] | None = None,
    *,
    models: Schema | None = None,
) -> Overlay:
    """Return the picture of the changes that lead from one schema to another.

    Args:
        old, new: aligned (see ``schema.aligned``), as ``read_comparison`` gives them.
        changes: what ``differences`` says of them; asked for here without it.
        models: the project's models, for keys and names of tables where both sides are live.
    """
    changes = differences(old, new) if changes is None else tuple(changes)
    drawn = merged(old, new, changes, models=models)
    found = tuple(zip(changes, drawn.spots, strict=True))
    tables = {table.key: table for table in drawn.schema.tables}
    titles = {app.label: app.title for app in drawn.schema.apps}
    return Overlay(drawn.schema, _marks(found), _apps(found, tables, titles))


Found = tuple[tuple[Change, Spot], ...]


def _marks(found: Found) -> tuple[Mark, ...]:
    by_spot: dict[Spot, list[Change]] = defaultdict(list)
    for change, spot in found:
        by_spot[spot].append(change)
    marks = [_mark(spot, changes) for spot, changes in by_spot.items()]
    return tuple(sorted(marks, key=lambda mark: (mark.table, _rank(mark.part), mark.name)))


def _mark(spot: Spot, changes: list[Change]) -> Mark:
    # Added, removed and renamed are said before altered; several changes of such a kind at one
    # place (a key that was made anew) are an alteration.
    whole = [change for change in changes if change.kind is not ChangeKind.ALTERED]
    kinds = {change.kind for change in whole}
    kind = kinds.pop() if len(kinds) == 1 else ChangeKind.ALTERED
    before = next((described(change.before) for change in whole if change.before), "")
    after = next((described(change.after) for change in whole if change.after), "")
    attributes = tuple(
        Attribute(
            change.attribute,
            value_text(change.attribute, change.before),
            value_text(change.attribute, change.after),
        )
        for change in changes
        if change.kind is ChangeKind.ALTERED
    )
    return Mark(spot.part, spot.table, spot.name, kind, before, after, attributes)


def _apps(
    found: Found, tables: dict[str, Table], titles: dict[str, str]
) -> tuple[AppChanges, ...]:
    entries: dict[str, list[tuple[Change, Spot]]] = defaultdict(list)
    for change, spot in found:
        entries[spot.table].append((change, spot))
    apps: dict[str, list[TableChanges]] = defaultdict(list)
    for key, own in sorted(entries.items()):
        table = tables.get(key)
        apps[table.app if table else ""].append(_table(key, table, own))
    return tuple(
        AppChanges(
            label, titles.get(label, label) or _("Of the database alone"), tuple(apps[label])
        )
        for label in sorted(apps, key=lambda label: (not label, label))
    )


def _table(key: str, table: Table | None, own: list[tuple[Change, Spot]]) -> TableChanges:
    columns = {} if table is None else {c.name: at for at, c in enumerate(table.columns)}

    def order(each: tuple[Change, Spot]) -> tuple[int, int, str, str, str]:
        change, spot = each
        at = columns.get(spot.name, len(columns)) if spot.part is Part.COLUMN else 0
        return (_rank(spot.part), at, spot.name, change.kind, change.attribute)

    own = sorted(own, key=order)
    kinds = [change.kind for change, spot in own if spot.part is Part.TABLE]
    return TableChanges(
        key=key,
        name=table.name if table else _("Types and sequences"),
        kind=kinds[0] if kinds else ChangeKind.ALTERED,
        entries=tuple(
            Entry(
                spot.part, key, spot.name, change.kind,
                sentence(change, spot.part, spot.name or change.path * (not key)),
            )
            for change, spot in own
        ),
    )  # fmt: skip


def _rank(part: Part) -> int:
    return READING_ORDER.index(part)
