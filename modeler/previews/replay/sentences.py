"""A break in words, for somebody who is tired and has to decide."""

from __future__ import annotations

from modeler.previews.replay.replay import Failure, Meeting, Verb
from modeler.previews.replay.rows import EVERY_COLUMN

WHO = {
    Meeting.OLD_ON_NEW: "Code that still runs cannot {verb} {model}: {why}.",
    Meeting.NEW_ON_OLD: "New code cannot {verb} {model} before the migration has run: {why}.",
    Meeting.NEW_ON_NEW: "New code cannot {verb} {model} even after the migration: {why}.",
    Meeting.OLD_MEETS_NEW_ROWS: "Code that still runs and rows of new code, {model}: {why}.",
    Meeting.NEW_MEETS_OLD_ROWS: "New code and rows written before the migration, {model}: {why}.",
}


def sentence(
    meeting: Meeting,
    model: str,
    verb: Verb,
    failure: Failure,
    fields: tuple[str, ...] = (),
    shapes: tuple[str, ...] = (),
) -> str:
    """Return one sentence: whose code fails at what, and why."""
    why = _why(meeting, failure, fields, shapes)
    return WHO[meeting].format(verb=verb.value, model=model, why=why)


def _why(
    meeting: Meeting, failure: Failure, fields: tuple[str, ...], shapes: tuple[str, ...]
) -> str:
    early = meeting is Meeting.NEW_ON_OLD
    missing = "is not there yet" if early else "is not there"
    more = "" if early else " any more"
    column = failure.column or " and ".join(fields)
    what = f"column {column}" if column else "a column"
    match failure.sqlstate:
        case "42P01":
            return f"table {failure.table} {missing}"
        case "42703":
            return f"column {failure.column} {missing}"
        case "42809" if fields:
            # PostgreSQL takes table.mode for mode(table) where there is no such column.
            return f"{what} {missing}"
        case "23502" if EVERY_COLUMN in shapes:
            return f"column {failure.column} has no default and is NOT NULL"
        case "23502":
            return f"column {failure.column} takes no NULL{more}"
        case "23505":
            return f"two rows with equal values are refused ({failure.constraint})"
        case "23514":
            return f"the check {failure.constraint} refuses values that the code may write"
        case "23503":
            return f"the foreign key {failure.constraint} refuses it"
        case "23P01":
            return f"the exclusion {failure.constraint} refuses values that the code may write"
        case "22001":
            return f"{what} has no room{more} for texts as long as the code may write"
        case "22003":
            return f"{what} has no room{more} for numbers as great as the code may write"
        case "42883" if failure.message.startswith("function"):
            return f"a function that the database calls is not there ({failure.message})"
        case "42883":
            return f"{what} has another type than the code compares it with"
        case "42804" | "22P02" | "22007" | "22008":
            return f"{what} has another type than the code writes ({failure.message})"
        case "428C9":
            return f"column {failure.column} is computed by the server and cannot be written"
        case "42501":
            return f"it is not allowed to ({failure.message})"
        case "P0001":
            return f"a trigger refuses it ({failure.message})"
        case "" if failure.message == "reads NULL":
            return f"{what} can be NULL, which the code that reads it does not expect"
        case "" if failure.column:
            return f"column {failure.column} {failure.message}"
    return failure.message
