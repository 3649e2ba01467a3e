"""Fingerprints of specifications: whether what was found of one still speaks of today's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from modeler.mongo.encoding import to_document
from modeler.mongo.spec import CollectionSpec

# Where parts of a specification lie that have words of their own beside what they mean.
PARTS = frozenset({"fields", "parts", "computed", "indexes", "checks"})
WORDS = frozenset({"note", "findings"})


def fingerprints(specs: Iterable[CollectionSpec]) -> dict[str, str]:
    """Return 16 hexadecimal digits over the meaning of each specification, by its name.

    They change with whatever a document, its rules or its indexes are made of, and not with what
    is only said about it. Those of one project compare where its specifications were made for
    the same version of MongoDB.
    """
    return {one["name"]: _digits(one) for one in to_document(specs)["collections"]}


def _digits(collection: dict[str, Any]) -> str:
    text = json.dumps(_meaning(collection), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _meaning(part: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [_meaning(one) for one in value] if name in PARTS else value
        for name, value in part.items()
        if name not in WORDS
    }
