"""The errors that modeler raises; a message says what is wrong, where, and the next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ModelerError(Exception):
    """Root of all errors that a person can act on; commands print it without a traceback."""


class UnknownName(ModelerError, LookupError):
    """A name that is not there, with the nearest names that are.

    Args:
        what: the kind of thing asked for, such as ``"table"``.
        name: what was asked for.
        known: the names that exist.
        hint: the next step, when it is not "did you mean".
    """

    def __init__(self, what: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.what, self.name = what, name
        self.nearest = nearest_names(name, known)
        message = f"There is no {what} {name!r}."
        if self.nearest:
            message += " Did you mean " + " or ".join(self.nearest) + "?"
        if hint:
            message += f" {hint}"
        super().__init__(message)


class ConfigurationError(ModelerError, ValueError):
    """A setting or an option that cannot be used as it stands."""


class ServerError(ModelerError, RuntimeError):
    """A server could not be found, started, reached or stopped."""


class ConflictError(ModelerError, RuntimeError):
    """Somebody else changed it meanwhile; nothing was written."""


class FormatError(ModelerError, ValueError):
    """Stored or given text that is not in the format it claims."""


def nearest_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return up to ``most`` known names that look like ``name``, the nearest first.

    Case is ignored, and a name without its app (``Product``) finds ``catalog.Product``.
    """
    by_folded: dict[str, str] = {}
    for candidate in sorted(known):
        by_folded.setdefault(candidate.casefold(), candidate)
        by_folded.setdefault(candidate.casefold().rpartition(".")[2], candidate)
    hits = difflib.get_close_matches(name.casefold(), by_folded, n=most * 2, cutoff=0.7)
    bare = name.casefold().rpartition(".")[2]
    if bare != name.casefold():
        hits += difflib.get_close_matches(bare, by_folded, n=most, cutoff=0.75)
    return tuple(dict.fromkeys(by_folded[hit] for hit in hits))[:most]
