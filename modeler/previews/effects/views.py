"""Views, materialized ones too."""

from __future__ import annotations

from modeler.previews.effects.data import read_rows, read_table
from modeler.previews.effects.effect import RelationKind, WorkKind
from modeler.previews.effects.record import AS, AX, RX, Record, S, X
from modeler.previews.relation_names import bare_name
from modeler.previews.sql.commands import CreateView, RefreshView

# Until then the old and the new rows were looked at once more before they were exchanged.
READS_ITSELF_UNTIL = 15


def create_view(record: Record, command: CreateView) -> None:
    """CREATE VIEW locks what it reads for an instant; a materialized one reads it too."""
    catalog = record.catalog
    name = catalog.display(command.name)
    found = catalog.relation(command.name)
    if found is not None and not command.temporary:
        if command.or_replace:
            record.lock(found, AX, "its query is replaced")
        elif command.if_not_exists:
            return
        else:
            record.fail(f"{name} exists already")
    else:
        record.create(name)
    if command.query is None:
        record.unread = "the query of the view could not be read"
    else:
        read_rows(record, command.query, plans=command.materialized and command.with_data)


def refresh_view(record: Record, command: RefreshView) -> None:
    """REFRESH MATERIALIZED VIEW."""
    view = record.catalog.relation(command.name)
    if view is None or view.kind is not RelationKind.MATERIALIZED_VIEW:
        record.fail(f"there is no materialized view {record.catalog.display(command.name)}")
        return
    cause = "it is refreshed"
    record.lock(view, X, cause)
    if command.concurrently:
        record.plan(view, AS, f"{cause}: its rows are compared with the new ones")
        record.plan(view, RX, f"{cause}: rows that differ are written")
        record.work(view.name, WorkKind.ROWS, cause)
        if not any(index.unique and not index.partial and not index.has_expressions
                   for index in view.indexes):  # fmt: skip
            record.fail(f"{view.name} has no unique index, which CONCURRENTLY needs")
    else:
        record.lock(view, AX, f"{cause}: its file is exchanged")
        record.lock(view, S, f"{cause}: its indexes are built")
        record.lock_indexes(view, AX, cause)
        if record.catalog.session.major <= READS_ITSELF_UNTIL and command.with_data:
            record.lock(view, AS, cause)
        if command.with_data:
            record.work(view.name, WorkKind.REWRITE, cause)
            for index in view.indexes:
                record.work(view.name, WorkKind.INDEX_BUILD, cause,
                            bare_name(index.name))  # fmt: skip
    if command.with_data:
        for name in view.sources:
            source = record.catalog.relation(name)
            if source is not None:
                read_table(record, source, AS, f"{view.name} reads it")
