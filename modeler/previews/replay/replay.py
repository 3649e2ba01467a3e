"""The words of a replay: what the classes of a project state tried on a schema, and what it means.

A replay lets the model classes of one project state read and write a database whose schema is
another one's. "Old" is the state before the migrations, "new" the one after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """What code does with a model."""

    READ = "read"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """Why an attempt failed; equal causes compare equal, whatever values were tried.

    Attributes:
        sqlstate: five characters of PostgreSQL (manual, appendix A); ``""`` where the server
            refused nothing and Python or the ORM did, or where what was read is wrong.
        message: one line, without the values that were tried.
        table, column, constraint: where the server names them.
    """

    sqlstate: str
    message: str
    table: str = ""
    column: str = ""
    constraint: str = ""

    @property
    def is_structural(self) -> bool:
        """It does not depend on the values that were tried, nor on rows that are there.

        Class 42 is a statement that PostgreSQL cannot even analyse; but whether it may be run
        (42501) can depend on the row, under row-level security.
        """
        return self.sqlstate.startswith("42") and self.sqlstate != "42501"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing that model classes tried.

    Attributes:
        model: ``app_label.ModelName``.
        verb: what was tried.
        shape: how, in words (``every column``, ``nullable columns NULL``).
        field: the one field it is about, ``""`` where it is about the row.
        failure: None where it worked.
        skipped: why it was not tried, ``""`` where it was.
    """

    model: str
    verb: Verb
    shape: str
    field: str = ""
    failure: Failure | None = None
    skipped: str = ""

    @property
    def key(self) -> tuple[str, Verb, str, str]:
        return self.model, self.verb, self.shape, self.field

    @property
    def worked(self) -> bool:
        return self.failure is None and not self.skipped


class Meeting(StrEnum):
    """Which classes meet which schema."""

    OLD_ON_NEW = "old on new"  # code that still runs, after the migration
    NEW_ON_OLD = "new on old"  # code that is deployed before the migration
    NEW_ON_NEW = "new on new"  # the end: here only contradictions are found
    OLD_MEETS_NEW_ROWS = "old meets new rows"  # while both run after the migration
    NEW_MEETS_OLD_ROWS = "new meets old rows"  # code deployed before the migration


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """Something that worked before and does not now, a model, a verb and a cause.

    Attributes:
        model: ``app_label.ModelName``.
        kind: the verb that fails.
        sqlstate: see ``Failure``.
        sentence: for people.
        meeting: whose code, on which schema or rows.
        cause: what the server said.
        fields: of the model, where single ones were tried.
        shapes: what was tried and failed, in words.
    """

    model: str
    kind: Verb
    sqlstate: str
    sentence: str
    meeting: Meeting
    cause: Failure
    fields: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()


class Order(StrEnum):
    """What goes first in a deploy."""

    EITHER = "either"
    MIGRATE_FIRST = "migrate first"
    CODE_FIRST = "code first"
    NEITHER = "neither (needs two releases)"


@dataclass(frozen=True, slots=True)
class DeployOrder:
    """The order, and why.

    Attributes:
        order: see ``Order``.
        reasons: the sentences that rule an order out.
        cautions: what happens while old and new code run side by side, in the order given.
    """

    order: Order
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was exercised.

    Attributes:
        models: how many were to be exercised.
        exercised: how many of them were read, inserted, updated and deleted.
        gaps: what was not tried and why, ``app_label.ModelName insert: why``.
    """

    models: int
    exercised: int
    gaps: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Between 0 and 1; 1 where there was nothing to exercise."""
        return self.exercised / self.models if self.models else 1.0


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found.

    Attributes:
        breaks: of every meeting, sorted.
        order: of deploy.
        coverage: over all meetings.
    """

    breaks: tuple[Break, ...]
    order: DeployOrder
    coverage: Coverage
