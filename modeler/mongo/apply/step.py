"""One step of an apply, and the plan that steps make."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from modeler.reporting.finding import Finding, Level


class StepKind(StrEnum):
    """What a step does."""

    CREATE = "create"
    LOWER = "lower level"
    SET_VALIDATOR = "set validator"
    BUILD_INDEX = "build index"
    COUNT_DUPLICATES = "count duplicates"
    PREPARE_UNIQUE = "prepare unique"
    MAKE_UNIQUE = "make unique"
    RELEASE_UNIQUE = "release unique"
    SET_EXPIRY = "set expiry"
    SHOW_INDEX = "show index"
    HIDE_INDEX = "hide index"
    NOTE_HIDDEN = "note hidden"
    DROP_INDEX = "drop index"
    COUNT_OFFENDERS = "count offenders"
    ENFORCE = "enforce"
    PREPARE_CONSTRAINT = "prepare constraint"
    CONSTRAIN = "constrain"
    RECORD = "record"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self in (StepKind.COUNT_DUPLICATES, StepKind.COUNT_OFFENDERS)


@dataclass(frozen=True, slots=True)
class Step:
    """A step; every one can be repeated.

    Attributes:
        collection: that it is about.
        kind: see StepKind.
        sentence: what it does, for a person.
        command: what is sent to the database, in Extended JSON.
        waits: what it waits for or holds up, one phrase; see the functions below.
        back: how to undo it, one phrase.
        undo: the command for that, where one is enough.
        index: its name, where the step is about one.
        conditions: of a count of offenders, what the parts of ``$expr`` are called.
    """

    collection: str
    kind: StepKind
    sentence: str
    command: dict[str, Any]
    waits: str
    back: str
    undo: dict[str, Any] | None = None
    index: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an apply would do, in order, and what it leaves alone.

    Attributes:
        steps: of one collection after the other.
        notes: what is told: foreign indexes, collections that cannot be specified.
    """

    steps: tuple[Step, ...] = ()
    notes: tuple[Finding, ...] = ()

    @property
    def collections(self) -> tuple[str, ...]:
        """Names of the collections that something is done with, in order."""
        return tuple(dict.fromkeys(step.collection for step in self.steps))

    @property
    def blocked(self) -> tuple[Finding, ...]:
        """What stands in the way; a person has to decide."""
        return tuple(note for note in self.notes if note.level is Level.ERROR)

    def of(self, collection: str) -> tuple[Step, ...]:
        """Return the steps of one collection."""
        return tuple(step for step in self.steps if step.collection == collection)


INSTANT = "a lock on the collection, for an instant"
NOTHING = "nothing"


def reading(documents: int, further: str = "") -> str:
    """Return what a step that reads all documents waits for."""
    if not documents:
        return NOTHING
    return f"reads all documents, about {documents:,}{further}"
