"""A type that PostgreSQL can only change by writing the table anew: a second column instead.

The new column is kept in step by a trigger, filled in batches, and takes the old one's name in one
short transaction. Only columns that nothing else hangs on are changed so.
"""

from __future__ import annotations

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.remedies.change import AnyChange, Change, Fill
from modeler.previews.remedies.statements import alter, quoted
from modeler.previews.sql.actions import AlterType


def swapped(
    table: str, name: str, key: str, change: AlterType, *, back: str | None, null: bool
) -> tuple[tuple[AnyChange, ...], str, AnyChange]:
    """Return the changes up to the swap, the new column's name, and the swap.

    Args:
        table: as SQL; ``name``: the table's bare name.
        key: the primary key's column.
        change: what was asked for.
        back: the statement that changes the type back.
        null: the column takes NULL.
    """
    old = quoted(change.column)
    fresh = made_name(change.column, "new", "")
    new = quoted(fresh)
    sync = quoted("zz_" + made_name(name[:40], change.column[:15], "sync"))
    value = change.using or old
    in_trigger = value.replace(old, f"NEW.{old}")
    kind = change.type + (f" COLLATE {change.collation}" if change.collation else "")
    steps: list[AnyChange] = [
        Change(
            alter(table, f"ADD COLUMN {new} {kind} NULL"),
            alter(table, f"DROP COLUMN IF EXISTS {new}"),
            table,
            "new_column",
        ),
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
    ]
    swap = Change(
        f"DROP TRIGGER {sync} ON {table}; DROP FUNCTION {sync}(); "
        f"{alter(table, f'DROP COLUMN {old}')}; {alter(table, f'RENAME COLUMN {new} TO {old}')}",
        back,
        table,
        "swap",
        "At once: no row is read or written. The way back writes the table anew under a lock.",
    )
    return tuple(steps), fresh, swap
