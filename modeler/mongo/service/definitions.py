"""The definition of a collection: its fields, rules and indexes, as the server takes them."""

from __future__ import annotations

from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.service.layout import Call
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import conditions, validator


def definition(spec: CollectionSpec) -> Call:
    """Return the call that makes a collection's definition."""
    fields = [
        *(one.name for one in spec.fields if one.stored),
        *(part.field for part in spec.parts),
        *(one.field.name for one in spec.computed),
    ]
    key = [one.name.removeprefix("_id.") for one in spec.key] if len(spec.key) > 1 else []
    return Call(
        "Definition",
        (
            ("name", spec.name),
            ("fields", tuple(fields)),
            ("key", tuple(key)),
            ("schema", validator(spec)["$jsonSchema"]),
            ("conditions", tuple((one.name, one.expression) for one in conditions(spec))),
            ("indexes", tuple(_index(index) for index in spec.indexes)),
        ),
    )


def _index(index: IndexSpec) -> Call:
    return Call(
        "Index",
        (
            ("name", index.name),
            ("keys", index.keys),
            ("options", dict(index.options)),
            ("rule", index.source),
        ),
    )
