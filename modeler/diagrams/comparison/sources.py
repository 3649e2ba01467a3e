"""What can be compared, as text: ``registry``, ``database:default``, ``migrations:app.0003`` …"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.errors import ConfigurationError, UnknownName

DEFAULT_ALIAS = "default"
BETWEEN = ".."


class SourceKind(StrEnum):
    """Where a schema comes from."""

    REGISTRY = "registry"  # the code now
    DATABASE = "database"  # a live PostgreSQL
    MIGRATIONS = "migrations"  # the state that migrations lead to
    SNAPSHOT = "snapshot"  # what was kept
    EXPECTED = "expected"  # what a freshly migrated database holds
    FILE = "file"  # modeler's JSON


# How each is written; for messages.
FORMS = (
    "registry",
    "database",
    "database:ALIAS",
    "migrations",
    "migrations:APP",
    "migrations:APP.NAME",
    "snapshot:ID",
    "snapshot:NAME",
    "snapshot:latest",
    "expected",
    "expected:ALIAS",
    "file:PATH",
)
WITH_ALIAS = {SourceKind.DATABASE, SourceKind.EXPECTED}
NEEDS_NAME = {SourceKind.SNAPSHOT: "ID, NAME or latest", SourceKind.FILE: "PATH"}


@dataclass(frozen=True, slots=True)
class Source:
    """One side of a comparison; its text reads back to the same value.

    Attributes:
        kind: see SourceKind.
        name: an alias, ``APP`` or ``APP.NAME``, a snapshot's id or name, a path; ``""`` for the
            registry and for all migrations.
    """

    kind: SourceKind
    name: str = ""

    @property
    def alias(self) -> str:
        """The database that it speaks of alone, ``""`` for those that speak of all."""
        return self.name if self.kind in WITH_ALIAS else ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sources; changes lead from ``old`` to ``new``."""

    old: Source
    new: Source

    def __str__(self) -> str:
        return f"{self.old}{BETWEEN}{self.new}"


def read_source_name(text: str) -> Source:
    """Read a source's text; whether what it names is there is not asked.

    Raises:
        UnknownName: there is no such kind of source; the message has the nearest.
        ConfigurationError: the kind needs a name, or takes none.
    """
    word, colon, name = text.strip().partition(":")
    word, name = word.strip(), name.strip()
    try:
        kind = SourceKind(word)
    except ValueError:
        raise UnknownName(
            "source", word, SourceKind, hint=f"Write one of: {', '.join(FORMS)}."
        ) from None
    if kind is SourceKind.REGISTRY and colon:
        raise ConfigurationError(
            f"The source {text!r} has a name, but the registry is one. Write: registry."
        )
    if not name and (colon or kind in NEEDS_NAME):
        forms = " or ".join(form for form in FORMS if form.partition(":")[0] == kind)
        raise ConfigurationError(f"The source {text!r} lacks its name. Write: {forms}.")
    if kind in WITH_ALIAS:
        name = name or DEFAULT_ALIAS
    return Source(kind, name)


def read_comparison_name(text: str) -> Comparison:
    """Read ``A..B``, such as ``registry..database`` or ``snapshot:1.4..registry``.

    A path or a name may hold two dots itself: the first place is taken where a source begins
    behind them.

    Raises:
        UnknownName, ConfigurationError: see ``read_source_name``; or there is no ``..``.
    """
    if BETWEEN not in text:
        raise ConfigurationError(
            f"The comparison {text!r} names one source. Write two, from old to new: "
            "registry..database."
        )
    places = [at for at in range(len(text)) if text.startswith(BETWEEN, at)]
    chosen = next((at for at in places if _begins_source(text[at + 2 :])), places[0])
    return Comparison(read_source_name(text[:chosen]), read_source_name(text[chosen + 2 :]))


def _begins_source(text: str) -> bool:
    return text.partition(":")[0].strip() in set(SourceKind)
