"""Errors of a project's code in one line."""

from __future__ import annotations

from django.db import DatabaseError


def storable(text: str) -> str:
    """Return a text that any file and any database takes: what is no character is escaped."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\0", "\\x00")


def in_words(error: BaseException) -> str:
    """Return an error as one line with its kind; of the server's without its copy of the text."""
    return storable(_in_words(error))


def _in_words(error: BaseException) -> str:
    lines = " ".join(str(error).split())
    kind = type(error).__name__
    if isinstance(error, DatabaseError):
        said = getattr(error.__cause__, "diag", None)
        if said is not None and said.message_primary:
            parts = (said.message_primary, said.message_detail, said.message_hint)
            return " ".join(" ".join(filter(None, map(_sentence, parts))).split()).rstrip(".")
        return lines or kind
    if isinstance(error, SystemExit):
        return f"it ended the process (sys.exit({error.code!r}))"
    return f"{kind}: {lines}" if lines else kind


def _sentence(text: str | None) -> str:
    return f"{text.rstrip('.')}." if text else ""
