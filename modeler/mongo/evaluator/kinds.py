"""The BSON type of a Python value, as pymongo would encode it.

Sources: ``bson`` of pymongo (``_ENCODERS``; a subclass is encoded as its base; an ``int`` has 32
bits where it fits); MongoDB manual, "BSON Types", for the names.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bson.binary import Binary
from bson.code import Code
from bson.datetime_ms import DatetimeMS
from bson.dbref import DBRef
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from bson.max_key import MaxKey
from bson.min_key import MinKey
from bson.objectid import ObjectId
from bson.regex import Regex
from bson.timestamp import Timestamp

from modeler.mongo.evaluator.errors import EvaluationError

INT32, INT64 = 2**31, 2**63


class Missing:
    """The value of a field that is not there; ``MISSING`` is the only one."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
# In the order in which a subclass looks for its base.
BASES: dict[type, str] = {
    Missing: "missing",
    type(None): "null",
    bool: "bool",
    Int64: "long",
    int: "int",
    float: "double",
    Decimal128: "decimal",
    # The evaluator's own results; in a document what pymongo's DecimalEncoder would write.
    Decimal: "decimal",
    Code: "javascript",
    str: "string",
    Binary: "binData",
    bytes: "binData",
    uuid.UUID: "binData",
    datetime.datetime: "date",
    DatetimeMS: "date",
    ObjectId: "objectId",
    re.Pattern: "regex",
    Regex: "regex",
    Timestamp: "timestamp",
    MinKey: "minKey",
    MaxKey: "maxKey",
    Mapping: "object",
    list: "array",
    tuple: "array",
}
NAMES = frozenset({
    "double", "string", "object", "array", "binData", "undefined", "objectId", "bool", "date",
    "null", "regex", "dbPointer", "javascript", "symbol", "javascriptWithScope", "int",
    "timestamp", "long", "decimal", "minKey", "maxKey",
})  # fmt: skip
NUMBERS = frozenset({"int", "long", "double", "decimal"})
NULLISH = frozenset({"null", "missing"})


class Kinds(dict[type, str]):
    """Name of the BSON type by Python type; ``int`` also where 64 bits are needed."""

    def __missing__(self, python_type: type) -> str:
        if not issubclass(python_type, DBRef):
            for base, name in BASES.items():
                if issubclass(python_type, base):
                    self[python_type] = name
                    return name
        raise EvaluationError(
            f"A value of Python's type {python_type.__module__}.{python_type.__qualname__} "
            "has no place in a document"
        )


KINDS = Kinds(BASES)


def kind(value: Any) -> str:
    """Return the name of the value's BSON type, ``missing`` for no value.

    Raises:
        EvaluationError: pymongo cannot encode it.
    """
    name = KINDS[type(value)]
    if name == "int":
        if -INT32 <= value < INT32:
            return "int"
        if -INT64 <= value < INT64:
            return "long"
        raise EvaluationError(f"The integer {value} needs more than 64 bits")
    if name == "javascript" and value.scope is not None:
        return "javascriptWithScope"
    return name
