"""What the two servers and the evaluator say of one mutant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer.

    Attributes:
        accepted: the row, or the document, is taken.
        rules: what refuses it: constraints by name, or fields and keywords.
        detail: the server's words.
    """

    accepted: bool = True
    rules: tuple[str, ...] = ()
    detail: str = ""

    @classmethod
    def refused(cls, rules: tuple[str, ...], detail: str = "") -> Verdict:
        return cls(accepted=False, rules=rules, detail=detail)

    def __str__(self) -> str:
        if self.accepted:
            return "takes it"
        return f"refuses: {'; '.join(self.rules)} {_short(self.detail, 160)}"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed row and what became of it.

    Attributes:
        collection: its document's.
        path: of the row in the document.
        table: key.
        changes: ``(column, value)``.
        postgres: by the tables.
        mongo: by the validator without rules of the application, and by the unique indexes.
        evaluated: by the evaluator, of the same validator.
        application: rules of the application alone that the row breaks.
        broken: every check of the table that is false for the row, as PostgreSQL evaluates it.
    """

    collection: str
    path: str
    table: str
    changes: tuple[tuple[str, str | None], ...]
    postgres: Verdict
    mongo: Verdict
    evaluated: Verdict
    application: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()

    @property
    def equal(self) -> bool:
        return self.postgres.accepted == self.mongo.accepted

    def __str__(self) -> str:
        where = f"{self.collection}.{self.path or '_'}"
        changed = ", ".join(f"{name} = {_short(value)}" for name, value in self.changes)
        return f"{where}: {changed}: PostgreSQL {self.postgres}, MongoDB {self.mongo}"


def _short(text: str | None, size: int = 60) -> str:
    if text is None:
        return "NULL"
    return repr(text) if len(text) <= size else f"{text[:size]!r} … ({len(text)})"
