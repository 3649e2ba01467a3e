"""What is proposed instead of a migration, and what was shown of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from modeler.previews.unwritten import Written
from modeler.reporting.finding import Remedy


@dataclass(frozen=True, slots=True)
class RemedyFile:
    """A migration file.

    Attributes:
        app, name: its key.
        path: where it goes, relative to the working directory where it lies below it; ``""`` for
            an app whose migrations are in no folder.
        source: Python.
        needs: migrations that it depends on, as (app, name).
        later: it belongs into the next release.
    """

    app: str
    name: str
    path: str
    source: str
    needs: tuple[tuple[str, str], ...] = ()
    later: bool = False

    @property
    def written(self) -> Written:
        """It as a migration that is in no file."""
        return Written(self.app, self.name, self.source, self.needs)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Migration files instead of one.

    Attributes:
        codes: of the findings that it answers.
        app, name: the migration that it replaces; one of its files has that name, so that
            others which depend on it need not change.
        title: what it does, in the imperative.
        files: in the order in which they run.
        notes: what a person must know, a sentence each.
        undone: what stays unsafe, or is left to a person, a sentence each.
        original: the source that it was made from; it must still be that when files are written.
        reference: a migration that ends where these do, where that is not where the original
            ends (a rename that leaves the database alone); ``""``: the original itself.
        unwritten: the original is in no file yet, as ``--changes`` previews it.
        applied: the original is applied on the database that was asked: nothing can be replaced.
    """

    codes: tuple[str, ...]
    app: str
    name: str
    title: str
    files: tuple[RemedyFile, ...]
    notes: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    original: str = ""
    reference: str = ""
    unwritten: bool = False
    applied: bool = False

    @property
    def key(self) -> str:
        return f"{self.app}.{self.name}"

    @property
    def remedy(self) -> Remedy:
        """It as findings carry it: the files' sources, and what changes in the folder."""
        return Remedy(
            self.title, tuple(file.source for file in self.files), diff="".join(self._diffs())
        )

    def _diffs(self) -> Iterator[str]:
        """Yield what changes of each file that has a path."""
        for file in self.files:
            if not file.path:
                continue
            is_new = self.unwritten or (file.app, file.name) != (self.app, self.name)
            path = file.path.lstrip("/")
            for line in unified_diff(
                [] if is_new else _lines(self.original),
                _lines(file.source),
                "/dev/null" if is_new else f"a/{path}",
                f"b/{path}",
            ):
                # What diff(1) and git write of a last line without its end.
                yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Split at line feeds alone, as git does."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


@dataclass(frozen=True, slots=True)
class NoProposal:
    """A migration whose findings have no automatic remedy, and why not, a sentence each."""

    codes: tuple[str, ...]
    app: str
    name: str
    reasons: tuple[str, ...]
