"""A type that PostgreSQL can only change by writing the table anew: a second column instead.

The new column is kept in step by a trigger, filled in batches, and takes the old one's name in one
short transaction. Only columns that nothing else hangs on are changed so.
"""

from __future__ import annotations

from django.db.migrations.state import ModelState, ProjectState

from modeler.previews.effects.names_chosen import made_name
from modeler.previews.hazards.operations import facts_of_field
from modeler.previews.remedies.change import AnyChange, Change, Fill
from modeler.previews.remedies.statements import alter, quoted
from modeler.previews.sql.actions import AlterType


def what_hangs_on(state: ProjectState, table: str, column: str) -> str:
    """Return why a column cannot be swapped for another one, ``""`` where it can.

    Args:
        state: of the models before the change.
        table, column: names in the database.
    """
    found = [
        (key, model)
        for key, model in state.models.items()
        if (model.options.get("db_table") or "_".join(key)) == table
        and not model.options.get("proxy")
    ]
    if len(found) != 1:
        return "its table is no model's alone"
    (key, model) = found[0]
    for name, field in model.fields.items():
        facts = facts_of_field(name, field)
        if facts.generated:
            return f"{name} may be computed from it"
        if facts.column != column:
            continue
        if facts.primary_key or facts.target:
            return "it is a key"
        if facts.unique or facts.db_index:
            return "it has an index, which would have to be built for the new one"
        if facts.db_default or facts.comment:
            return "its default or comment would have to move as well"
        if _is_in_meta(model, name):
            return "an index or constraint of Meta holds it"
        if any(_refers_to(other, key, name) for other in state.models.values()):
            return "another table refers to it"
        return ""
    return "it is no field's column"


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


def _is_in_meta(model: ModelState, name: str) -> bool:
    together = [
        *(model.options.get("unique_together") or ()),
        *(model.options.get("index_together") or ()),
    ]
    if any(name in group for group in together):
        return True
    for part in (*model.options.get("indexes", ()), *model.options.get("constraints", ())):
        # Expressions and conditions name fields in their text.
        if name in repr(part.deconstruct()):
            return True
    return False


def _refers_to(model: ModelState, key: tuple[str, str], name: str) -> bool:
    for field_name, field in model.fields.items():
        facts = facts_of_field(field_name, field)
        if facts.target == ".".join(key) and name in (getattr(field, "to_fields", None) or ()):
            return True
    return False
