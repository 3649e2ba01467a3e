"""Collection specifications as JSON, with a format version (docs/collections.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modeler.mongo.checks.check import CheckSpec
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import conditions, validator
from modeler.schema.encoding import encode

FORMAT = "modeler.collections"
VERSION = 1


def to_document(specs: Iterable[CollectionSpec]) -> dict[str, Any]:
    """Return the specifications as what ``json`` can write, in Extended JSON."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "collections": [_collection(spec) for spec in specs],
    }


def to_json(specs: Iterable[CollectionSpec]) -> str:
    """Return the specifications as JSON; equal specifications give equal bytes."""
    return json.dumps(to_document(specs), ensure_ascii=False, indent=1) + "\n"


def _collection(spec: CollectionSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "table": spec.table,
        "fields": [_field(field) for field in (*spec.key, *spec.fields)],
        "parts": [_part(part) for part in spec.parts],
        "computed": [
            {
                **_field(one.field),
                "relation": one.computed.relation,
                "measure": str(one.computed.measure),
            }
            for one in spec.computed
        ],
        "validator": validator(spec),
        # What each part of the validator's $expr says, in its order there.
        "conditions": [condition.name for condition in conditions(spec)],
        "indexes": [
            {
                "name": index.name,
                # A list of pairs: the order of keys is part of an index.
                "keys": [list(key) for key in index.keys],
                "options": dict(index.options),
                "source": index.source,
                "note": index.note,
            }
            for index in spec.indexes
        ],
        "checks": _checks(spec.checks),
        "findings": [
            {**encode(finding), "fingerprint": finding.fingerprint} for finding in spec.findings
        ],
    }


def _part(part: PartSpec) -> dict[str, Any]:
    return {
        "field": part.field,
        "kind": str(part.kind),
        "path": part.place.path,
        "table": part.table,
        "relation": part.part.relation,
        "link": [list(pair) for pair in part.link],
        "null": part.null,
        "order": list(part.part.order),
        "first": part.part.first,
        "up": part.part.up,
        "distinct": part.distinct,
        "fields": [_field(field) for field in part.fields],
        "parts": [_part(inner) for inner in part.parts],
        "checks": _checks(part.checks),
    }


def _checks(checks: Iterable[CheckSpec]) -> list[dict[str, Any]]:
    return [
        {"name": check.name, "expression": check.expression, "note": check.note}
        for check in checks
    ]


def _field(field: FieldSpec) -> dict[str, Any]:
    return {
        "name": field.name,
        "column": field.column,
        "types": list(field.types),
        "null": field.null,
        "stored": field.stored,
        "rules": [
            {"keyword": rule.keyword, "value": rule.value, "held_by": str(rule.held_by)}
            for rule in field.rules
        ],
        "note": field.note,
        **({} if field.formula is None else {"formula": encode(field.formula)}),
    }
