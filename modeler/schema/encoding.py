"""Schemas as JSON, and fingerprints that change when and only when the meaning does.

The codec follows the type hints of the dataclasses, so a new attribute needs no code here.
Attributes that hold their default are left out: JSON written by an older modeler reads as the
same value, and a stored schema stays small.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from modeler.errors import FormatError
from modeler.schema.schema import Schema

FORMAT = "modeler.schema"
VERSION = 1

T = TypeVar("T")


def to_json(schema: Schema) -> str:
    """Return the schema as JSON text with a format version; equal schemas give equal bytes."""
    return json.dumps(to_document(schema), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def to_document(schema: Schema) -> dict[str, Any]:
    """Return the schema as what ``json`` can write, with a format version."""
    return {"format": FORMAT, "version": VERSION, "schema": encode(schema)}


def from_json(text: str | bytes) -> Schema:
    """Read what ``to_json`` wrote.

    Raises:
        FormatError: it is not JSON, not a schema, or written by a newer modeler.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise FormatError(f"This is not JSON: {error}.") from error
    return from_document(document)


def from_document(document: Any) -> Schema:
    """Read what ``to_document`` made.

    Raises:
        FormatError: it is not a schema, or written by a newer modeler.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(f'This JSON is not a schema: it lacks "format": "{FORMAT}".')
    version = document.get("version")
    if version != VERSION:
        raise FormatError(
            f"This schema has format version {version!r}; this modeler reads {VERSION}. "
            "Store it again with this version, or install the one that wrote it."
        )
    return decode(Schema, document.get("schema"))


def fingerprint(value: Any) -> str:
    """Return 16 hexadecimal digits over the meaning of a value, without origin and time."""
    text = json.dumps(encode(value, origin=False), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@cache
def _fields(cls: type) -> tuple[tuple[str, Any, bool], ...]:
    """``(name, default, is origin)`` of each field; MISSING where it must be given."""
    return tuple(
        (field.name, field.default, bool(field.metadata.get("origin")))
        for field in dataclasses.fields(cls)
    )


def encode(value: Any, *, origin: bool = True) -> Any:
    """Turn a value of the vocabulary into what ``json`` can write.

    Args:
        value: a dataclass instance, tuple, enum member or scalar.
        origin: keep the attributes that say where and when it was read.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, tuple):
        return [encode(item, origin=origin) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    result: dict[str, Any] = {}
    if type(value) in _TAGGED:
        result["is"] = type(value).__name__
    for name, default, is_origin in _fields(typing.cast(Any, type(value))):
        item = getattr(value, name)
        if item == default or (is_origin and not origin):
            continue
        result[name] = encode(item, origin=origin)
    return result


def decode(cls: type[T], data: Any) -> T:
    """Build a value of the vocabulary from what ``encode`` made.

    Raises:
        FormatError: an attribute is missing, unknown or of the wrong type.
    """
    try:
        return _decoder(typing.cast(Any, cls))(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(f"This is not a valid {cls.__name__}: {error}.") from error


def _union_members() -> tuple[type, ...]:
    from modeler.schema.expression import Expression

    return typing.get_args(Expression)


_TAGGED = frozenset(_union_members())


@cache
def _decoder(hint: Any) -> Callable[[Any], Any]:
    origin = typing.get_origin(hint)
    if origin is tuple:
        return _tuple_decoder(typing.get_args(hint))
    if origin in (typing.Union, types.UnionType):
        return _union_decoder(typing.get_args(hint))
    if dataclasses.is_dataclass(hint):
        return _dataclass_decoder(typing.cast(type, hint))
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _scalar_decoder(hint)


def _scalar_decoder(hint: type) -> Callable[[Any], Any]:
    accepted = (int, float) if hint is float else hint

    def read(data: Any) -> Any:
        # bool is an int to Python, but not to whoever reads the file.
        if not isinstance(data, accepted) or (isinstance(data, bool) and hint is not bool):
            raise TypeError(f"{data!r} is not of type {hint.__name__}")
        return data

    return read


def _tuple_decoder(members: tuple[Any, ...]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if not isinstance(data, list):
            raise TypeError(f"{data!r} is not a list")
        if len(members) == 2 and members[1] is Ellipsis:
            return tuple(_decoder(members[0])(item) for item in data)
        if len(data) != len(members):
            raise ValueError(f"{data!r} does not have {len(members)} members")
        return tuple(_decoder(hint)(item) for hint, item in zip(members, data, strict=True))

    return read


def _union_decoder(members: tuple[Any, ...]) -> Callable[[Any], Any]:
    optional = type(None) in members
    concrete = tuple(member for member in members if member is not type(None))
    tagged = {member.__name__: member for member in concrete if member in _TAGGED}

    def read(data: Any) -> Any:
        if data is None and optional:
            return None
        if tagged:
            return _decoder(tagged[data["is"]])(
                {name: item for name, item in data.items() if name != "is"}
            )
        return _decoder(concrete[0])(data)

    return read


def _dataclass_decoder(cls: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(cls)

    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise TypeError(f"{data!r} is not an object")
        unknown = sorted(set(data) - set(hints))
        if unknown:
            raise ValueError(f"{cls.__name__} has no attribute {unknown[0]!r}")
        return cls(**{name: _decoder(hints[name])(item) for name, item in data.items()})

    return read
