"""File names of a site's pages, good on every file system and in every address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from modeler.diagrams.formats.unique_names import UniqueNames

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}\Z")
# Windows takes these for devices, whatever ending they have.
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def addresses_of(keys: Iterable[str]) -> dict[str, str]:
    """Return key of a table → ``tables/catalog.Product.html``.

    Names with other signs than letters of ASCII, digits, ``.``, ``_`` and ``-`` get a hash of the
    key behind; names that differ in case alone, which some file systems take for one, a number.
    """
    names = UniqueNames(str.casefold)
    return {key: f"tables/{names.of(key, _plain(key), '-')}.html" for key in sorted(keys)}


def _plain(key: str) -> str:
    if PLAIN.match(key) and not DEVICES.match(key):
        return key
    bent = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:60]
    return f"{bent or 'table'}-{hashlib.sha256(key.encode('utf-8')).hexdigest()[:8]}"
