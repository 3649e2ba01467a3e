"""Samples of collections: real rows where there are some, else generated documents."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.extended import to_extended
from modeler.mongo.samples.generated import generated
from modeler.mongo.samples.masked import masked, sensitive_paths
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.pages import KeyPages
from modeler.schema.schema import Schema

LONGEST_TEXT = 1_000  # characters of a value that are shown
FORMAT = "modeler.samples"
VERSION = 1


class Origin(StrEnum):
    """Where samples come from."""

    ROWS = "rows"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one collection.

    Attributes:
        collection: its name.
        origin: of the documents.
        documents: in Extended JSON.
        masked: dotted paths of what is not shown; of rows alone.
        broken: of generated documents, rules that none could be made for; none usually.
        reason: why there are no rows, a clause; ``""`` where there are.
    """

    collection: str
    origin: Origin
    documents: tuple[dict[str, Any], ...]
    masked: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    reason: str = ""


def row_samples(cursor: Any, schema: Schema, spec: CollectionSpec, count: int) -> Samples | None:
    """Return the first documents by key, masked; None where there is no row or no key.

    Args:
        cursor: of a transaction in which all statements see one snapshot.
        schema: that the specification was made from.
        spec: of the collection.
        count: how many at most.
    """
    if not spec.key:
        return None
    builder = DocumentBuilder(schema, spec)
    keys = KeyPages(builder.table).page(cursor, None, None, count)
    if not keys:
        return None
    found = builder.documents(cursor, keys)
    paths = sensitive_paths(schema, spec)
    documents = (_extended(masked(found[key], paths)) for key in keys if key in found)
    return Samples(spec.name, Origin.ROWS, tuple(documents), paths)


def generated_samples(spec: CollectionSpec, count: int, reason: str = "") -> Samples:
    """Return documents that are made up; see ``generated``."""
    made = generated(spec, count)
    broken = dict.fromkeys(rule for one in made for rule in one.broken)
    documents = tuple(_extended(one.document) for one in made)
    return Samples(spec.name, Origin.GENERATED, documents, broken=tuple(broken), reason=reason)


def _extended(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in Extended JSON, keys that are UUIDs in their usual spelling."""
    told: dict[str, Any] = _with_uuids(to_extended(document))
    return told


def _with_uuids(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_uuids(one) for one in value]
    if not isinstance(value, dict):
        return value
    binary = value.get("$binary")
    if isinstance(binary, dict) and binary.get("subType") == "04":
        return {"$uuid": str(UUID(bytes=b64decode(binary["base64"])))}
    return {name: _with_uuids(one) for name, one in value.items()}


def shortened(value: Any) -> Any:
    """Return a value in Extended JSON with the middle of long texts left out."""
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shortened(part) for part in value]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}… ({len(value):,} characters)"
    return value


def to_document(samples: Iterable[Samples]) -> dict[str, Any]:
    """Return samples as what ``json`` can write, and results can store."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "collections": [
            {
                "name": one.collection,
                "origin": str(one.origin),
                "reason": one.reason,
                "masked": list(one.masked),
                "broken": list(one.broken),
                "documents": [shortened(document) for document in one.documents],
            }
            for one in samples
        ],
    }
