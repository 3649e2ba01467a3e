"""A type that PostgreSQL can only change by writing the table anew: a second column instead.

The new column is kept in step by a trigger, filled in batches, and takes the old one's name in one
short transaction, with the indexes and constraints that were built for it meanwhile.
"""

from __future__ import annotations

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.remedies.change import AnyChange, Change, Fill
from modeler.previews.remedies.column_twin import ColumnTwin
from modeler.previews.remedies.statements import alter, quoted
from modeler.previews.sql.actions import AlterType


def full_column(
    table: str, name: str, key: str, change: AlterType, twin: ColumnTwin, *, null: bool
) -> tuple[AnyChange, ...]:
    """Return the changes up to the full new column, with all that hangs on the old one.

    Args:
        table: as SQL; ``name``: the table's bare name.
        key: the primary key's column.
        change: what was asked for.
        twin: makes what hangs on the column.
        null: the column takes NULL.
    """
    old, new = quoted(change.column), quoted(twin.fresh)
    sync = _sync(name, change.column)
    value = change.using or old
    in_trigger = value.replace(old, f"NEW.{old}")
    kind = change.type + (f" COLLATE {change.collation}" if change.collation else "")
    return (
        Change(
            alter(table, f"ADD COLUMN {new} {kind} NULL"),
            alter(table, f"DROP COLUMN IF EXISTS {new}"),
            table,
            "new_column",
        ),
        *twin.dressed(table),
        Change(
            f"CREATE FUNCTION {sync}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN NEW.{new} := {in_trigger}; RETURN NEW; END$$",
            f"DROP FUNCTION IF EXISTS {sync}()",
            table,
            "new_column",
            "Whoever writes the old column writes the new one too, until both are swapped.",
        ),
        Change(
            f"CREATE TRIGGER {sync} BEFORE INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {sync}()",
            f"DROP TRIGGER IF EXISTS {sync} ON {table}",
            table,
            "new_column",
        ),
        Fill(table, new, quoted(key), value, slug="fill_new", where="" if not null else old),
    )


def swap(
    table: str, name: str, twin: ColumnTwin, before: str, names: tuple[str, ...], back: str | None
) -> Change:
    """Return the swap, as one text: one journey to the server while the lock is held.

    Args:
        before: statements about the new column that need the same lock.
        names: statements that give what hangs on it the old names.
        back: the statement that changes the type back.
    """
    old, new = quoted(twin.column), quoted(twin.fresh)
    sync = _sync(name, twin.column)
    statements = (
        *filter(None, (before,)),
        f"DROP TRIGGER {sync} ON {table}",
        f"DROP FUNCTION {sync}()",
        alter(table, f"DROP COLUMN {old}"),
        alter(table, f"RENAME COLUMN {new} TO {old}"),
        *names,
    )
    return Change(
        "; ".join(statements),
        back,
        table,
        "swap",
        "At once: no row is read or written. The way back writes the table anew under a lock.",
    )


def _sync(name: str, column: str) -> str:
    return quoted("zz_" + made_name(name[:40], column[:15], "sync"))
