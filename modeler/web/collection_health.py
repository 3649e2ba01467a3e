"""What is known of a project's collections: what commands stored, and the queue of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler.errors import ServerError
from modeler.models import StoredResult
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.status import SyncStatus, sync_status
from modeler.postgres.catalogs import read_only
from modeler.reporting.words import spoken
from modeler.results import newest
from modeler.schema.schema import Schema

Kind = StoredResult.Kind
KINDS = (Kind.DRIFT, Kind.PROOF, Kind.PREFLIGHT, Kind.VERIFICATION, Kind.SAMPLES)


@dataclass(frozen=True, slots=True)
class Known:
    """What a command said of one collection.

    Attributes:
        good: nothing is wrong; None where it did not speak of this collection as it is today.
        text: in a few words.
        at: when; None where nothing is stored.
        details: the collection's part of the stored document.
        outdated: it spoke of another specification than today's.
        command: that finds it anew.
    """

    good: bool | None
    text: str
    at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    outdated: bool = False
    command: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """All that is known.

    Attributes:
        stored: the newest result of each kind.
        status: of the synchronisation, None where no PostgreSQL answered.
        specifications: fingerprints of today's, by collection.
        notices: what could not be read.
    """

    stored: Mapping[str, StoredResult]
    status: SyncStatus | None
    specifications: Mapping[str, str]
    notices: tuple[str, ...] = ()

    @property
    def waited(self) -> str:
        """For how long the oldest change has waited."""
        return spoken(self.status.lag) if self.status else ""

    def drift(self, name: str) -> Known:
        """Return how far the server's collection is from its specification."""
        return self._of(Kind.DRIFT, name, _drift)

    def proof(self, name: str) -> Known:
        """Return how many of the documents would be refused."""
        return self._of(Kind.PROOF, name, _proof)

    def verification(self, spec: CollectionSpec) -> Known:
        """Return whether documents equal their rows."""
        if not spec.is_followed:
            return Known(None, _("not followed"))
        return self._of(Kind.VERIFICATION, spec.name, _verification)

    def samples(self, name: str) -> Known:
        """Return sample documents, in Extended JSON."""
        return self._of(Kind.SAMPLES, name, lambda found: (True, ""))

    def preflight(self, name: str, tables: Sequence[str]) -> Known:
        """Return what the preflight found in rows of a collection's tables."""
        stored = self.stored.get(Kind.PREFLIGHT)
        if stored is None:
            return Known(None, _("never looked"))
        listed = stored.payload.get("findings") if isinstance(stored.payload, dict) else None
        found = [
            one
            for one in (listed if isinstance(listed, list) else ())
            if isinstance(one, dict) and _is_of(str(one.get("subject")), tables)
        ]
        details = {"findings": found}
        if isinstance(stored.specifications, dict) and name not in stored.specifications:
            # Found in tables that it shares with others.
            return Known(None, _("not looked at"), details=details)
        bad = any(one.get("level") != "info" for one in found)
        return self._judged(stored, name, not bad, "", details)

    def dead(self, name: str) -> list[Any]:
        """Return the documents of a collection that were given up."""
        return [one for one in self.status.dead if one.collection == name] if self.status else []

    def _of(self, kind: str, name: str, read: Any) -> Known:
        stored = self.stored.get(kind)
        if stored is None:
            return Known(None, _("never looked"))
        try:
            for one in stored.payload.get("collections", []):
                if one.get("name") == name:
                    good, text = read(one)
                    return self._judged(stored, name, good, text, one)
        except (AttributeError, KeyError, TypeError):
            return Known(None, _("stored by another modeler"), stored.created_at)
        return Known(None, _("not looked at"))

    def _judged(
        self, stored: StoredResult, name: str, good: bool, text: str, details: Mapping[str, Any]
    ) -> Known:
        """Return what was said, and whether it still speaks of today's specification."""
        made_for = stored.specifications
        today = self.specifications.get(name)
        outdated = not isinstance(made_for, dict) or today is None or made_for.get(name) != today
        return Known(
            None if outdated else good, text, stored.created_at, details, outdated, stored.command
        )


def commands_of(known: Iterable[Known]) -> tuple[str, ...]:
    """Return the commands that find it anew, each once."""
    return tuple(dict.fromkeys(one.command for one in known))


def collection_health(
    schema: Schema,
    specs: Sequence[CollectionSpec],
    shown: Sequence[CollectionSpec] | None = None,
) -> Health:
    """Read what is stored, and ask PostgreSQL for the queue under a short time limit.

    Args:
        schema: that the specifications were made from.
        specs: of all collections of the project.
        shown: those that will be asked about; all if not given.
    """
    notices: list[str] = []
    stored: dict[str, StoredResult] = {}
    try:
        for kind in KINDS:
            if (found := newest(kind)) is not None:
                stored[kind] = found
    except ServerError as error:
        notices.append(str(error))
    today = fingerprints(specs if shown is None else shown)
    return Health(stored, _status(schema, specs, notices), today, tuple(notices))


def _status(
    schema: Schema, specs: Sequence[CollectionSpec], notices: list[str]
) -> SyncStatus | None:
    aliases = {
        place.alias for spec in specs if (place := schema.table(spec.table).location) is not None
    }
    alias = DEFAULT_DB_ALIAS if DEFAULT_DB_ALIAS in aliases else next(iter(sorted(aliases)), "")
    if not alias or connections[alias].vendor != "postgresql":
        return None
    try:
        with read_only(connections[alias]):
            followed = [spec for spec in specs if spec.is_followed]
            return sync_status(connections[alias], schema, followed)
    except (Error, ServerError) as error:
        notices.append(
            _("The queue of the synchronisation could not be read. %(error)s")
            % {"error": str(error).strip().splitlines()[0]}
        )
        return None


def _is_of(subject: str, tables: Sequence[str]) -> bool:
    """Tell whether a finding is of one of these tables, as a whole or by a column."""
    return subject in tables or subject.rpartition(".")[0] in tables


def _drift(found: Mapping[str, Any]) -> tuple[bool, str]:
    number = len(found.get("findings", ()))
    if not number:
        return True, _("as specified")
    text = ngettext("%(number)d difference", "%(number)d differences", number)
    return False, text % {"number": number}


def _proof(found: Mapping[str, Any]) -> tuple[bool, str]:
    figures = {"rejected": f"{found['rejected']:,}", "documents": f"{found['documents']:,}"}
    text = _("%(rejected)s of %(documents)s refused") % figures
    if found["unbuildable"]:
        text += ", " + _("%(number)s impossible") % {"number": f"{found['unbuildable']:,}"}
    if shared := found.get("sharing"):
        text += ", " + _("%(number)s without a key of their own") % {"number": f"{shared:,}"}
    return bool(found["holds"]), text


def _verification(found: Mapping[str, Any]) -> tuple[bool, str]:
    if found["equal"]:
        return True, _("%(number)s equal") % {"number": f"{found['documents']:,}"}
    number = len(found["differences"]) + found["more"]
    if not number and found["rows"] == found["documents"]:
        return False, _("sums differ")
    if not number:
        # Rows that share a key have no document to differ from.
        figures = {"rows": f"{found['rows']:,}", "documents": f"{found['documents']:,}"}
        return False, _("%(rows)s rows, %(documents)s documents") % figures
    text = ngettext("%(number)s differs", "%(number)s differ", number)
    return False, text % {"number": f"{number:,}"}
