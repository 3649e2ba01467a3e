"""What a service is told when something cannot be done."""

from __future__ import annotations

from typing import Any


class DocumentsError(Exception):
    """The root of all errors of this module."""


class Unavailable(DocumentsError):
    """MongoDB cannot be reached, or refuses the user; says the next step."""


class NotFound(DocumentsError, LookupError):
    """There is no document of that key, or it is deleted."""

    def __init__(self, collection: str, key: Any) -> None:
        self.collection, self.key = collection, key
        super().__init__(f"{collection} has no document {key!r}.")


class VersionConflict(DocumentsError):
    """Somebody changed the document since it was read. Read it again."""

    def __init__(self, collection: str, key: Any, version: int) -> None:
        self.collection, self.key, self.version = collection, key, version
        super().__init__(
            f"{collection}: {key!r} has no longer version {version}. "
            "Read it again, then repeat the change."
        )


class UnknownField(DocumentsError, ValueError):
    """A field that documents of the collection do not have, or may not set."""

    def __init__(self, collection: str, field: str, why: str = "") -> None:
        self.collection, self.field = collection, field
        reason = why or "is no field of its documents"
        super().__init__(f"{collection}: {field!r} {reason}.")


class Duplicate(DocumentsError, ValueError):
    """Another document has the same values where they must be unique.

    Attributes:
        index: name of the index.
        rule: what the index stands for: a constraint's name, or _id.
        values: those that are taken, by field.
    """

    def __init__(
        self,
        collection: str,
        index: str,
        rule: str,
        values: dict[str, Any],
    ) -> None:
        self.collection, self.index, self.rule = collection, index, rule
        self.values = values
        named = ", ".join(f"{name}={value!r}" for name, value in values.items())
        super().__init__(f"{collection}: {rule}: {named} is taken.")


class Refused(DocumentsError, ValueError):
    """The validator refuses the document.

    Attributes:
        rules: that are broken: a constraint's name, or field and keyword.
    """

    def __init__(self, collection: str, rules: tuple[str, ...]) -> None:
        self.collection, self.rules = collection, rules
        super().__init__(f"{collection}: {'; '.join(rules) or 'refused'}.")


class WrongPlace(DocumentsError, ValueError):
    """A text that is no place of a page, or of a list in another order."""


class HistoryLost(DocumentsError):
    """The changes after a resume token are gone from the server's log."""
