"""Values that a field accepts: ordinary ones that differ, and those at the ends of its range."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from modeler.errors import FormatError
from modeler.previews.rows.patterns import slots

# A text without a limit is tried with this many characters: more than any usual varchar, and of
# one letter, so that it is packed well enough for an index entry (2,704 bytes at most).
LONG_TEXT = 12_000
MOST_CHOICES = 6

# By internal type: what the values are. Subclasses of others' fields keep Django's internal type.
KINDS = {
    "CharField": "text", "TextField": "text", "SlugField": "text", "FilePathField": "text",
    "FileField": "text", "ImageField": "text", "CommaSeparatedIntegerField": "digits",
    "EmailField": "text", "URLField": "text",
    "IntegerField": "integer", "BigIntegerField": "integer", "SmallIntegerField": "integer",
    "PositiveIntegerField": "integer", "PositiveSmallIntegerField": "integer",
    "PositiveBigIntegerField": "integer", "AutoField": "integer", "BigAutoField": "integer",
    "SmallAutoField": "integer", "OrderWrt": "integer",
    "BooleanField": "boolean", "NullBooleanField": "boolean",
    "DecimalField": "decimal", "FloatField": "float",
    "DateField": "date", "DateTimeField": "datetime", "TimeField": "time",
    "DurationField": "duration", "UUIDField": "uuid", "BinaryField": "binary",
    "GenericIPAddressField": "address", "IPAddressField": "address", "JSONField": "json",
    "ArrayField": "array", "HStoreField": "hstore", "SearchVectorField": "words",
    "IntegerRangeField": "integer range", "BigIntegerRangeField": "integer range",
    "DecimalRangeField": "decimal range", "DateRangeField": "date range",
    "DateTimeRangeField": "datetime range", "CICharField": "text", "CITextField": "text",
    "CIEmailField": "text",
}  # fmt: skip
# By the database's type, for fields that nobody knows.
DATABASE_TYPES = (
    ("character varying", "text"), ("varchar", "text"), ("text", "text"), ("citext", "text"),
    ("char", "text"), ("bigint", "integer"), ("integer", "integer"), ("smallint", "integer"),
    ("serial", "integer"), ("bigserial", "integer"), ("boolean", "boolean"), ("bool", "boolean"),
    ("numeric", "decimal"), ("double precision", "float"), ("real", "float"), ("uuid", "uuid"),
    ("timestamp", "datetime"), ("date", "date"), ("time", "time"), ("interval", "duration"),
    ("bytea", "binary"), ("jsonb", "json"), ("json", "json"), ("inet", "address"),
    ("cidr", "network"), ("macaddr", "hardware address"), ("tsvector", "words"),
    ("ltree", "words"), ("xml", "words"), ("hstore", "hstore"),
)  # fmt: skip


class NoValue(Exception):
    """No value is known for a field; the message says why."""


class FieldValues:
    """Values of one field.

    Args:
        field: concrete, and no foreign key.
        connection: of the database it is written to; PostgreSQL.
    """

    def __init__(self, field: models.Field, connection: BaseDatabaseWrapper) -> None:
        self.field = field
        self.connection = connection
        self.kind = kind_of(field, connection)
        self.has_usable_default = True
        # A regular expression that texts must match, as a check demands it.
        self.pattern = ""

    def plain(self, number: int) -> Any:
        """Return an ordinary value; another number gives another value where the type has many.

        Raises:
            NoValue: nothing is known that the field would accept.
        """
        for value in self._candidates(number):
            if self.accepts(value):
                return value
        raise NoValue(
            f"no value is known for {type(self.field).__name__}"
            f" ({self.field.db_type(self.connection)})"
        )

    def by_default(self, number: int) -> Any:
        """Return what code that does not name the field writes; else as ``plain``."""
        for value in self._defaults():
            if self.accepts(value):
                return value
        return self.plain(number)

    def accepts(self, value: Any) -> bool:
        """Tell whether the field turns a value into one for the driver without complaint."""
        if hasattr(value, "resolve_expression"):
            return True
        if value is None and not self.field.null:
            return False
        try:
            self.field.get_db_prep_save(value, connection=self.connection)
        except Exception:  # fields of others may raise anything
            return False
        return True

    def ends(self) -> tuple[Any, Any] | None:
        """Return the least and the greatest value, or the shortest and longest text.

        None where the type has no such ends, or choices say what is written.
        """
        if self.field.choices:
            return None
        ends = self._ends()
        return ends if ends and all(map(self.accepts, ends)) else None

    def _ends(self) -> tuple[Any, Any] | None:
        match self.kind:
            case "text":
                return "", "x" * (self.field.max_length or LONG_TEXT)
            case "integer":
                return self._limited(*self._integers())
            case "decimal":
                digits = getattr(self.field, "max_digits", None) or 12
                places = getattr(self.field, "decimal_places", None) or 0
                most = Decimal(10**digits - 1).scaleb(-places)
                return self._limited(-most, most)
            case "float":
                return self._limited(-1e200, 1e200)
            case "date":
                return date(1900, 1, 1), date(2999, 12, 31)
            case "datetime":
                return self._moment(datetime(1900, 1, 1)), self._moment(datetime(2999, 12, 31))
        return None

    def far(self, number: int) -> Any:
        """Return a value near the upper end that differs by number; None where there is none."""
        ends = self.ends()
        if ends and self.kind == "text":
            suffix = str(number)[-len(ends[1]) :]
            return ends[1][: len(ends[1]) - len(suffix)] + suffix
        if ends and self.kind == "integer":
            return max(ends[1] - number % 1_000, ends[0])
        return None

    def choices(self) -> tuple[Any, ...]:
        """Return the values that the field offers (at most MOST_CHOICES), or both booleans."""
        if self.field.choices:
            offered = (value for value, _ in self.field.flatchoices)
            return tuple(islice((v for v in offered if self.accepts(v)), MOST_CHOICES))
        return (True, False) if self.kind == "boolean" else ()

    def is_fresh_by_default(self) -> bool:
        """Tell whether the default differs a row: two rows of the code never share it."""
        if getattr(self.field, "auto_now", False) or getattr(self.field, "auto_now_add", False):
            return True
        if not callable(getattr(self.field, "default", None)):
            return False
        values = list(islice(self._defaults(), 1)), list(islice(self._defaults(), 1))
        return values[0] != values[1]

    def _defaults(self) -> Iterator[Any]:
        if getattr(self.field, "auto_now", False) or getattr(self.field, "auto_now_add", False):
            yield self._now()
            return
        if not self.has_usable_default:
            return
        if self.field.has_default() or getattr(self.field, "has_db_default", bool)():
            try:
                default = self.field.get_default()
                # What is read back has the field's own type, though 1 may stand for a decimal.
                is_value = not hasattr(default, "resolve_expression")
                yield self.field.to_python(default) if is_value else default
            except Exception:  # a default may be any code of the project
                # Not again: a query of it that failed would break the transaction each time.
                self.has_usable_default = False
                return

    def _candidates(self, number: int) -> Iterator[Any]:
        choices = self.choices()
        if choices:
            yield choices[number % len(choices)]
        elif self.pattern and (text := self._matching(number)) is not None:
            yield text
        else:
            maker = MAKERS.get(self.kind)
            if maker:
                yield maker(self, number)
            if self.kind == "text":
                yield from ("", str(number), [str(number)], {"replay": str(number)})
        yield from self._defaults()
        if self.field.null:
            yield None

    def _integers(self) -> tuple[int, int]:
        internal = self.field.get_internal_type().replace("AutoField", "IntegerField")
        try:
            low, high = self.connection.ops.integer_field_range(internal)
        except KeyError:
            low, high = -(2**31), 2**31 - 1
        return low or 0, high or 0

    def _limited(self, low: Any, high: Any) -> tuple[Any, Any]:
        """Narrow a range to what the field's own validators let through forms."""
        for validator in getattr(self.field, "_validators", ()):
            limit = getattr(validator, "limit_value", None)
            try:
                limit = type(low)(limit() if callable(limit) else limit)
            except Exception:  # code of the project, or no number
                continue
            if isinstance(validator, MinValueValidator):
                low = max(low, limit)
            elif isinstance(validator, MaxValueValidator):
                high = min(high, limit)
        return low, high

    def _integer(self, number: int) -> int:
        ends = self._ends() or (0, 2**31 - 1)
        low, high = max(ends[0], 1), ends[1]
        return min(low + number % max(high - low + 1, 1), high) if high >= low else high

    def _decimal(self, number: int) -> Decimal:
        low, high = self._ends() or (Decimal(0), Decimal(9))
        places = getattr(self.field, "decimal_places", None) or 0
        wanted = Decimal(number % 7) + (Decimal("1.5") if places else 1)
        return min(max(low, wanted), high)

    def _float(self, number: int) -> float:
        low, high = self._ends() or (0.0, 9.0)
        return min(max(low, number + 1.5), high)

    def _text(self, number: int) -> str:
        word = f"r{number}"
        limit = self.field.max_length or len(word)
        return word if len(word) <= limit else _short(number, limit)

    def _matching(self, number: int) -> str | None:
        """Return a text that matches the pattern, another one for another number if it can."""
        with suppress(FormatError):
            places = slots(self.pattern, longest=self.field.max_length)
            text = []
            for place in reversed(places):
                number, at = divmod(number, len(place.characters))
                text.append(place.characters[at])
            return "".join(reversed(text))
        return None

    def _now(self) -> Any:
        now = datetime.now(UTC)
        match self.kind:
            case "date":
                return now.date()
            case "time":
                return now.time()
        return self._moment(now.replace(tzinfo=None))

    def _moment(self, moment: datetime) -> datetime:
        from django.conf import settings

        return moment.replace(tzinfo=UTC) if settings.USE_TZ else moment

    def _array(self, number: int) -> list[Any]:
        inner = self.field.base_field  # type: ignore[attr-defined]
        count = getattr(self.field, "size", None) or 1
        return [FieldValues(inner, self.connection).plain(number)] * count

    def _range(self, number: int) -> Any:
        match self.kind:
            case "integer range":
                return number, number + 1
            case "decimal range":
                return Decimal(number), Decimal(number + 1)
            case "date range":
                return _day(number), _day(number + 1)
        start = self._moment(datetime(2001, 1, 1) + timedelta(hours=number))
        return start, start + timedelta(hours=1)


def kind_of(field: models.Field, connection: BaseDatabaseWrapper) -> str:
    """Return what kind of values a field holds, ``""`` where nobody knows."""
    internal = field.get_internal_type()
    if internal in KINDS:
        return KINDS[internal]
    for cls in type(field).__mro__:
        if cls.__name__ in KINDS and cls.__module__.startswith("django."):
            return KINDS[cls.__name__]
    written = (field.db_type(connection) or "").lower()
    if not written.endswith("[]"):
        for start, kind in DATABASE_TYPES:
            if written.startswith(start):
                return kind
    return ""


def _short(number: int, limit: int) -> str:
    """Return a number in base 36, of at most so many characters."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number or not text:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text[-limit:].rjust(min(limit, 2), "r")


def _day(number: int) -> date:
    return date(2001, 1, 1) + timedelta(days=number % 300_000)


MAKERS: dict[str, Callable[[FieldValues, int], Any]] = {
    "text": FieldValues._text,
    "digits": lambda values, number: str(number),
    "integer": FieldValues._integer,
    "decimal": FieldValues._decimal,
    "float": FieldValues._float,
    "date": lambda values, number: _day(number),
    "datetime": lambda values, number: values._moment(
        datetime(2001, 1, 1, 12) + timedelta(minutes=number)
    ),
    "time": lambda values, number: time(number // 3600 % 24, number // 60 % 60, number % 60),
    "duration": lambda values, number: timedelta(seconds=number),
    "uuid": lambda values, number: uuid.uuid4(),
    "binary": lambda values, number: str(number).encode(),
    "address": lambda values, number: f"198.51.{number // 250 % 250}.{number % 250}",
    "network": lambda values, number: f"198.51.{number % 250}.0/24",
    "hardware address": lambda values, number: f"00:00:5e:00:53:{number % 256:02x}",
    "json": lambda values, number: {"replay": number},
    "array": FieldValues._array,
    "hstore": lambda values, number: {"replay": str(number)},
    "words": lambda values, number: f"replay{number}",
    "integer range": FieldValues._range,
    "decimal range": FieldValues._range,
    "date range": FieldValues._range,
    "datetime range": FieldValues._range,
}
