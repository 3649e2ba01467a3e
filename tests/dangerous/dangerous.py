"""What a dangerous migration is."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.dangerous.load import Habits


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file.

    Attributes:
        file: relative to the project.
        old: stands there exactly once; ``new`` takes its place.
    """

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Dangerous:
    """One of them, as a developer makes it.

    Attributes:
        name: of the migration, after its number.
        edits: what is changed in the models.
        found: errors and warnings as they are shown, each with its code and message.
        files: of the remedy, in the order in which they run.
        later: the last of them, which belongs into the next release.
        by_hand: what the remedy asks a person to write into the models.
        before: changes of models that were migrated long ago.
        filled: SQL that gives their columns values without writing a row.
        habits: of the code that is still running.
        code: a function that is added to what ``makemigrations`` wrote; ``""`` without.
        answers: to the questions of ``makemigrations``.
        breaks: unsafe, it makes statements of running code fail; else they wait.
        reports: transactions that stay open are a part of its load.
        scans: its remedy only reads, so that it is measured on more rows.
    """

    name: str
    edits: tuple[Edit, ...]
    found: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    later: str = ""
    by_hand: tuple[Edit, ...] = ()
    before: tuple[Edit, ...] = ()
    filled: str = ""
    habits: Habits = field(default_factory=Habits)
    code: str = ""
    answers: str = ""
    app: str = "orders"
    breaks: bool = False
    reports: bool = False
    scans: bool = False


def before(file: str, line: str, text: str) -> Edit:
    """Put lines before the one that begins so."""
    return Edit(file, line, text + line)


def first_of(file: str, list_: str, element: str) -> Edit:
    """Put an element first into a list of Meta, whose beginning is given."""
    head, _, rest = list_.partition("[\n")
    return Edit(file, list_, f"{head}[\n            {element}\n{rest}")
