"""Changes of a database, each in the form that it has in a safe migration."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.errors import ModelerError


class NoRemedy(ModelerError):
    """There is no safe form; the message says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement.

    Attributes:
        forward: SQL without a semicolon.
        backward: what undoes it; ``""``: nothing need be done, None: it cannot be undone.
        table: whose lock it takes.
        slug: a word for the name of a file.
        why: a comment for who reads the file; ``""`` where the statement says it.
        concurrent: PostgreSQL refuses it in a transaction.
        works: its time grows with rows, so that it shares no transaction with what locks.
        later: it belongs into the next release.
    """

    forward: str
    backward: str | None
    table: str
    slug: str
    why: str = ""
    concurrent: bool = False
    works: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class Fill:
    """Rows get a value in batches, each in a transaction of its own.

    Attributes:
        table, column, key: names in the database; ``key`` is the primary key's column.
        value: SQL of the value, evaluated for each row; ``""``: a person must write it.
        where: a column that must not be NULL for a row to need a value; ``""``: every row does.
        guard: a statement that lets no further NULL in, and what undoes it; ``""`` without.
    """

    table: str
    column: str
    key: str
    value: str
    guard: str = ""
    unguard: str = ""
    slug: str = "fill"
    where: str = ""
    later: bool = False

    @property
    def concurrent(self) -> bool:
        """It commits batch by batch."""
        return True

    @property
    def works(self) -> bool:
        return True


AnyChange = Change | Fill
