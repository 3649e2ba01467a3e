"""Errors of a project's code in one line."""

from __future__ import annotations

from django.db import DatabaseError


def in_words(error: BaseException) -> str:
    """Return an error as one line with its kind."""
    lines = " ".join(str(error).split())
    kind = type(error).__name__
    if isinstance(error, DatabaseError):
        return lines or kind
    return f"{kind}: {lines}" if lines else kind
