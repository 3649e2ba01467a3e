"""From a column to a field of a document.

Sources: MongoDB manual, "BSON Types" and "$jsonSchema"; Django's model field reference;
PostgreSQL manual, chapter 8. Ranges are those that PostgreSQL itself holds, so that a rule
which says ``database`` cannot reject a row that PostgreSQL accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from modeler.mongo.declared import with_declared
from modeler.mongo.ejson import decimal, number
from modeler.mongo.field import FieldSpec, HeldBy
from modeler.schema.column import Column

DATABASE, APPLICATION = HeldBy.DATABASE, HeldBy.APPLICATION
INT16, INT32, INT64 = 2**15, 2**31, 2**63
DECIMAL128_DIGITS = 34
UUID_NOTE = "write as binary subtype 4 (UuidRepresentation.STANDARD)"
# What Python's dates hold, and so every document that is built here.
YEARS = "infinity and years before 1 or after 9999 have no form"

# What a live table says, in the words of the model fields that make such columns.
FIELD_OF_TYPE = {
    "smallint": "SmallIntegerField",
    "integer": "IntegerField",
    "bigint": "BigIntegerField",
    "real": "FloatField",
    "double precision": "FloatField",
    "numeric": "DecimalField",
    "boolean": "BooleanField",
    "character varying": "CharField",
    "character": "CharField",
    "text": "TextField",
    "citext": "TextField",
    "uuid": "UUIDField",
    "date": "DateField",
    "timestamp with time zone": "DateTimeField",
    "timestamp without time zone": "DateTimeField",
    "time without time zone": "TimeField",
    "time with time zone": "TimeField",
    "interval": "DurationField",
    "bytea": "BinaryField",
    "json": "JSONField",
    "jsonb": "JSONField",
    "inet": "GenericIPAddressField",
    "cidr": "GenericIPAddressField",
    "hstore": "HStoreField",
    "tsvector": "SearchVectorField",
    "int4range": "IntegerRangeField",
    "int8range": "BigIntegerRangeField",
    "numrange": "DecimalRangeField",
    "daterange": "DateRangeField",
    "tstzrange": "DateTimeRangeField",
    "tsrange": "DateTimeRangeField",
}
BASE_TYPE = re.compile(r"([^()\[\]]+?)(?:\([^)]*\))?( with(?:out)? time zone)?((?:\[\d*\])*)$")
PRECISION = re.compile(r"\((\d+)(?:,(-?\d+))?\)")


def field_spec(column: Column, *, name: str | None = None) -> FieldSpec:
    """Return the field of a document that holds this column.

    Args:
        column: of a model or of a live table; for a foreign key, the column it refers to.
        name: key in the document; the column's name if not given.
    """
    base = _make(column)
    held_name = column.name if name is None else name
    spec = FieldSpec(
        held_name, column.name, base.types, column.null, base.rules, base.guards, base.note,
        base.stored,
    )  # fmt: skip
    if column.generated is not None:
        spec = spec.noted(["computed by PostgreSQL; write it, never change it here"])
    return with_declared(_with_choices(spec, column), column)


def _make(column: Column) -> FieldSpec:
    if column.enum:
        labels = [*column.enum, *([None] if column.null else [])]
        note = "texts sort by their letters, PostgreSQL by the order of the labels"
        return FieldSpec("", "", ("string",), note=note).with_rule("enum", labels, DATABASE)
    if column.element is not None and not _kind(column).endswith("RangeField"):
        return _array(column)
    maker = MAKERS.get(_kind(column))
    if maker is None:
        return FieldSpec("", "", (), note=f"no rule: the type {column.database_type} is not known")
    return maker(column)


def _kind(column: Column) -> str:
    if column.field_type in MAKERS or column.element is not None:
        return column.field_type
    match = BASE_TYPE.match(column.database_type)
    if match is None or match[3]:
        return column.field_type
    return FIELD_OF_TYPE.get(match[1] + (match[2] or ""), column.field_type)


def _with_choices(spec: FieldSpec, column: Column) -> FieldSpec:
    """Add the choices as an enum: Django's forms hold them, PostgreSQL does not."""
    if not column.choices or spec.types[:1] not in (("string",), ("int",), ("long",)):
        return spec
    values: list[object] = [
        choice.value if spec.types[0] == "string" else number(int(choice.value))
        for choice in column.choices
        if spec.types[0] == "string" or re.fullmatch(r"-?\d+", choice.value)
    ]
    if spec.types[0] == "string" and column.blank and "" not in values:
        values.append("")
    if column.null:
        values.append(None)
    return spec.with_rule("enum", values, APPLICATION)


def _integer(low: int, high: int) -> Callable[[Column], FieldSpec]:
    types = ("int",) if high <= INT32 else ("long", "int")

    def make(column: Column) -> FieldSpec:
        return (
            FieldSpec("", "", types, note="" if types == ("int",) else "write as 64 bits")
            .with_rule("minimum", number(low), DATABASE)
            .with_rule("maximum", number(high - 1), DATABASE)
        )

    return make


def _float(column: Column) -> FieldSpec:
    return FieldSpec("", "", ("double", "int", "long"), note="write as a double")


def _decimal(column: Column) -> FieldSpec:
    digits, places = column.max_digits, column.decimal_places
    if digits is None:
        match = PRECISION.search(column.database_type)
        if match:
            digits, places = int(match[1]), int(match[2] or 0)
    if digits is None or digits > DECIMAL128_DIGITS:
        bound = "without bound" if digits is None else f"of {digits} digits"
        return FieldSpec(
            "", "", ("string",),
            note=f"numeric {bound} does not fit Decimal128 (34 digits); kept as text",
        ).with_rule("pattern", _numeric_text(digits, places or 0), DATABASE)  # fmt: skip
    places = places or 0
    limit = f"1E{digits - places}"
    return (
        FieldSpec("", "", ("decimal",), note="write as Decimal128; NaN is refused")
        .with_rule("minimum", decimal(f"-{limit}"), DATABASE)
        .with_rule("exclusiveMinimum", True, DATABASE)  # noqa: FBT003 - JSON Schema draft 4
        .with_rule("maximum", decimal(limit), DATABASE)
        .with_rule("exclusiveMaximum", True, DATABASE)  # noqa: FBT003
        .with_rule("multipleOf", decimal(f"1E{-places}"), DATABASE)
    )


def _numeric_text(digits: int | None, places: int) -> str:
    """Return a pattern of a numeric as PostgreSQL prints it.

    One with a number of digits takes NaN, and nothing infinite. Source: PostgreSQL manual, 8.1.2.

    Args:
        digits: of the whole, None without a bound.
        places: of them after the point; negative where the last ones before it are zeros.
    """
    if digits is None:
        return r"^(?:-?(?:[0-9]+(?:\.[0-9]+)?|Infinity)|NaN)\z"
    whole = "0" if digits <= places else f"[0-9]{{1,{digits - max(places, 0)}}}"
    if places < 0:
        whole = f"(?:0|{whole}0{{{-places}}})"
    zeros = f"0{{{places - digits}}}" if digits < places else ""
    fraction = rf"(?:\.{zeros}[0-9]{{1,{min(places, digits)}}})?" if places > 0 else ""
    return rf"^(?:-?{whole}{fraction}|NaN)\z"


def _text(pattern: str = "") -> Callable[[Column], FieldSpec]:
    def make(column: Column) -> FieldSpec:
        spec = FieldSpec("", "", ("string",))
        length = column.max_length
        if length is None and column.database_type.startswith("character"):
            match = PRECISION.search(column.database_type)
            length = int(match[1]) if match else None
        if length is not None:
            # A limit that only the form knows (TextField(max_length=…)) is the application's.
            sized = "(" in column.database_type
            spec = spec.with_rule("maxLength", length, DATABASE if sized else APPLICATION)
        if pattern:
            # PCRE2 reads \w as ASCII unless told; Python reads it as Unicode.
            prefix = "(*UCP)" if r"\w" in pattern else ""
            optional = "?" if column.blank else ""
            whole = rf"{prefix}^(?:{pattern}){optional}\z"
            spec = spec.with_rule("pattern", whole, APPLICATION)
        return spec

    return make


def _boolean(column: Column) -> FieldSpec:
    return FieldSpec("", "", ("bool",))


def _uuid(column: Column) -> FieldSpec:
    return FieldSpec(
        "", "", ("binData",),
        guards=(("a UUID has 16 bytes", {"$eq": [{"$binarySize": "$$value"}, 16]}),),
        note=UUID_NOTE,
    )  # fmt: skip


def _date(column: Column) -> FieldSpec:
    midnight = {"$eq": ["$$value", {"$dateTrunc": {"date": "$$value", "unit": "day"}}]}
    return FieldSpec(
        "", "", ("date",),
        guards=(("a date is midnight UTC", midnight),),
        note="write as midnight UTC; readers in local time see the day before; "
        + YEARS,
    )  # fmt: skip


def _datetime(column: Column) -> FieldSpec:
    note = f"milliseconds in UTC; microseconds are cut off; {YEARS}"
    return FieldSpec("", "", ("date",), note=note)


def _time(column: Column) -> FieldSpec:
    return FieldSpec(
        "", "", ("string",), note='write as "HH:MM:SS.ffffff"; it sorts as text'
    ).with_rule("pattern", r"^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\.[0-9]{6}\z", DATABASE)


def _duration(column: Column) -> FieldSpec:
    return FieldSpec("", "", ("long", "int"), note="microseconds, write as 64 bits")


def _binary(column: Column) -> FieldSpec:
    spec = FieldSpec("", "", ("binData",), note="write as binary subtype 0")
    if column.max_length is None:
        return spec
    size = {"$lte": [{"$binarySize": "$$value"}, column.max_length]}
    return FieldSpec("", "", ("binData",), guards=(("the longest value", size),), note=spec.note)


def _json(column: Column) -> FieldSpec:
    return FieldSpec(
        "", "", (), note="any value; JSON null and SQL NULL become one null, integers end at 2^63"
    )


def _hstore(column: Column) -> FieldSpec:
    return FieldSpec("", "", ("object",)).with_rule(
        "additionalProperties", {"bsonType": ["string", "null"]}, DATABASE
    )


def _ip(column: Column) -> FieldSpec:
    return FieldSpec("", "", ("string",), note="normalised text").with_rule(
        "pattern", r"^[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?\z", DATABASE
    )


def _search_vector(column: Column) -> FieldSpec:
    return FieldSpec(
        "", "", (), stored=False, note="not stored; a text index over its source fields instead"
    )


def _array(column: Column) -> FieldSpec:
    assert column.element is not None
    element = field_spec(column.element, name="")
    items = element.schema()
    # PostgreSQL lets any array hold NULL elements, whatever Django's base field says.
    if kinds := items.get("bsonType"):
        allowed = dict.fromkeys([kinds] if isinstance(kinds, str) else kinds)
        # Nor does it hold dimensions: what no model declares may have several.
        more = [] if column.elements_not_null else ["null"]
        more += [] if column.field_type else ["array"]
        items["bsonType"] = [*allowed, *(kind for kind in more if kind not in allowed)]
    if "enum" in items and "array" in items.get("bsonType", ()):
        del items["enum"]  # which would refuse arrays within
    if "enum" in items and None not in items["enum"]:
        items["enum"] = [*items["enum"], None]
    spec = FieldSpec("", "", ("array",), note=element.note).with_rule("items", items, DATABASE)
    if column.max_items is not None:
        spec = spec.with_rule("maxItems", column.max_items, APPLICATION)
    return spec


def _range(bound: str) -> Callable[[Column], FieldSpec]:
    def make(column: Column) -> FieldSpec:
        element = MAKERS[bound](column.element or Column("", ""))
        end = element.schema()
        if "bsonType" in end:
            kinds = end["bsonType"]
            end["bsonType"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
        flag = {"bsonType": "bool"}
        spec = FieldSpec("", "", ("object",), note="an unbounded end is null; no exclusion here")
        spec = spec.with_rule("required", ["lower", "upper", "li", "ui", "empty"], DATABASE)
        return spec.with_rule(
            "properties",
            {"lower": end, "upper": end, "li": flag, "ui": flag, "empty": flag},
            DATABASE,
        )

    return make


_SMALL, _INT, _BIG = (
    _integer(-INT16, INT16),
    _integer(-INT32, INT32),
    _integer(-INT64, INT64),
)
MAKERS: dict[str, Callable[[Column], FieldSpec]] = {
    "SmallIntegerField": _SMALL,
    "SmallAutoField": _SMALL,
    "PositiveSmallIntegerField": _integer(0, INT16),
    "IntegerField": _INT,
    "AutoField": _INT,
    "OrderWrt": _INT,
    "PositiveIntegerField": _integer(0, INT32),
    "BigIntegerField": _BIG,
    "BigAutoField": _BIG,
    "PositiveBigIntegerField": _integer(0, INT64),
    "FloatField": _float,
    "DecimalField": _decimal,
    "BooleanField": _boolean,
    "NullBooleanField": _boolean,
    "CharField": _text(),
    "TextField": _text(),
    "FileField": _text(),
    "ImageField": _text(),
    "FilePathField": _text(),
    "CICharField": _text(),
    "CITextField": _text(),
    "CommaSeparatedIntegerField": _text(r"-?[0-9]+(?:,-?[0-9]+)*"),
    # Weaker than Django's validators on purpose: what these refuse, Django refuses too.
    "EmailField": _text(r"[\s\S]+@[^@\s]+"),
    "URLField": _text(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+"),
    "SlugField": _text(r"[-\w]+"),
    "UUIDField": _uuid,
    "DateField": _date,
    "DateTimeField": _datetime,
    "TimeField": _time,
    "DurationField": _duration,
    "BinaryField": _binary,
    "JSONField": _json,
    "HStoreField": _hstore,
    "GenericIPAddressField": _ip,
    "IPAddressField": _ip,
    "SearchVectorField": _search_vector,
    "IntegerRangeField": _range("IntegerField"),
    "BigIntegerRangeField": _range("BigIntegerField"),
    "DecimalRangeField": _range("DecimalField"),
    "DateRangeField": _range("DateField"),
    "DateTimeRangeField": _range("DateTimeField"),
}
