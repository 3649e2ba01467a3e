"""Columns from model fields."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import NOT_PROVIDED
from django.utils.html import strip_tags

from modeler.schema.column import Choice, Column, Generated, Validator
from modeler.schema.database_types import SERIALS, server_spelling
from modeler.schema.django_expressions import read_value_expression
from modeler.schema.dotted import dotted_name
from modeler.schema.expression import Expression, Literal, Opaque
from modeler.schema.literals import literal_of
from modeler.schema.registry.reading import Model, Reading, key_of
from modeler.schema.sensitive import is_sensitive

# Django sets a max_length on these for other backends; nobody declared it.
LENGTH_NOT_DECLARED = ("UUIDField", "GenericIPAddressField", "IPAddressField")
# Arguments of Django's validators that say what passes; messages and codes do not.
VALIDATOR_ARGUMENTS = (
    "limit_value", "regex", "flags", "inverse_match", "allowed_extensions", "max_digits",
    "decimal_places", "schemes", "keys", "strict", "offset",
)  # fmt: skip

Unread = list[tuple[str, str]]


def columns_of(model: Model, reading: Reading, unread: Unread) -> tuple[Column, ...]:
    """Return the columns of the model's own table, in declared order."""
    return tuple(_column(field, model, reading, unread) for field in stored_fields(model, reading))


def stored_fields(model: Model, reading: Reading) -> Iterator[Any]:
    """Yield the fields that have a column of their own in the model's table.

    A many-to-many field claims to be concrete and a composite primary key stands among the
    local fields; neither has a type on the connection.
    """
    for field in model._meta.local_fields:
        if field.column is not None and parameters_of(field, model, reading).get("type"):
            yield reading.join_key(model, field)


def parameters_of(field: Any, model: Model, reading: Reading) -> dict[str, Any]:
    """Return Django's ``db_parameters`` of a field on its model's connection."""
    kept = reading.types.get(id(field))
    if kept is None:
        # The field is kept with the answer, so that its id is not given to another one.
        kept = reading.types[id(field)] = (field, field.db_parameters(reading.connection(model)))
    return kept[1]


def database_type(field: Any, model: Model, reading: Reading) -> str:
    """Return the column's type as the server prints it; Django's own on other vendors."""
    declared = parameters_of(field, model, reading)["type"]
    if reading.connection(model).vendor != "postgresql":
        return declared
    return server_spelling(declared)


def _column(field: Any, model: Model, reading: Reading, unread: Unread) -> Column:
    connection = reading.connection(model)
    shipped, own = _classes(field)
    generated = None
    described = field
    if getattr(field, "generated", False):
        generated = Generated(
            read_value_expression(field.expression, model, connection), bool(field.db_persist)
        )
        described = field.output_field
        shipped = _classes(described)[0]
    spelled = database_type(field, model, reading)
    max_length = described.max_length if shipped not in LENGTH_NOT_DECLARED else None
    return Column(
        name=field.column,
        database_type=spelled,
        # Django declares generated columns without NOT NULL, whatever their expression gives.
        null=field.null or generated is not None,
        field=field.name,
        field_type=shipped,
        field_class=own,
        label=str(field.verbose_name or ""),
        blank=field.blank,
        editable=field.editable,
        collation=parameters_of(field, model, reading).get("collation") or "",
        identity=_identity(field, connection),
        default=_default(field),
        database_default=_database_default(field, model, connection),
        generated=generated,
        choices=_choices(field, unread),
        validators=_validators(field),
        max_length=max_length,
        max_digits=getattr(described, "max_digits", None),
        decimal_places=getattr(described, "decimal_places", None),
        element=_element(described, connection),
        max_items=getattr(described, "size", None) if shipped == "ArrayField" else None,
        comment=getattr(field, "db_comment", None) or "",
        help_text=plain_text(field.help_text),
        sensitive=not field.is_relation
        and is_sensitive(
            f"{key_of(model)}.{field.column}",
            field.name,
            spelled,
            shipped,
            declared=getattr(model, "sensitive_fields", ()),
            patterns=reading.sensitive,
        ),
    )


def _classes(field: Any) -> tuple[str, str]:
    cls: Any = type(field)
    return field_classes(cls)


@lru_cache(maxsize=1024)
def field_classes(cls: Any) -> tuple[str, str]:
    """Return the nearest field class that Django ships, and the own one's path where it is not."""
    for base in cls.__mro__:
        if base.__module__.startswith(("django.db.models", "django.contrib.")):
            return base.__name__, "" if base is cls else dotted_name(cls)
    return "Field", dotted_name(cls)


def plain_text(text: Any) -> str:
    """Return a help text without markup."""
    plain = str(text or "")
    if "<" in plain or "&" in plain:
        plain = html.unescape(strip_tags(plain))
    return plain.strip()


def _identity(field: Any, connection: Any) -> str:
    if connection.vendor == "postgresql":
        declared = (field.db_type(connection) or "").lower()
        if declared in SERIALS:
            return "serial"
        suffix = field.db_type_suffix(connection) or ""
        if "IDENTITY" in suffix:
            return "always" if "ALWAYS" in suffix else "by default"
        return ""
    return "serial" if isinstance(field, models.AutoField) else ""


def _default(field: Any) -> Expression | None:
    default = field.default
    if default is NOT_PROVIDED:
        return None
    if callable(default):
        return Opaque(dotted_name(default), "called by Django when a row is made", "python")
    return literal_of(default)


def _database_default(field: Any, model: Model, connection: Any) -> Expression | None:
    default = getattr(field, "db_default", NOT_PROVIDED)
    if default is NOT_PROVIDED:
        return None
    return read_value_expression(default, model, connection, output_field=field)


def _choices(field: Any, unread: Unread) -> tuple[Choice, ...]:
    choices = field.choices
    if not choices:
        return ()
    function = getattr(choices, "func", None)
    if callable(function) or callable(choices):
        # Calling project code here could reach for the database.
        name = dotted_name(function or choices)
        unread.append((field.name, f"its choices are made by {name} when they are needed"))
        return ()
    return tuple(_walk_choices(choices, ""))


def _walk_choices(choices: Any, group: str) -> Iterator[Choice]:
    for value, label in choices.items() if isinstance(choices, dict) else choices:
        if isinstance(label, (list, tuple)):
            yield from _walk_choices(label, str(value))
            continue
        literal = literal_of(value)
        # A blank choice stands for "nothing chosen", not for a value.
        if value is not None and value != "":
            text = literal.value if isinstance(literal, Literal) else str(value)
            yield Choice(text, str(label), group)


def _validators(field: Any) -> tuple[Validator, ...]:
    return tuple(_validator(validator) for validator in getattr(field, "_validators", ()))


def _validator(validator: Any) -> Validator:
    arguments = []
    if not hasattr(validator, "__qualname__"):
        for name in VALIDATOR_ARGUMENTS:
            value = getattr(validator, name, None)
            if value is None:
                continue
            if hasattr(value, "pattern"):
                value = value.pattern
            elif callable(value):
                value = dotted_name(value)
            elif isinstance(value, (set, frozenset)):
                value = sorted(value)
            arguments.append((name, str(value)))
    return Validator(dotted_name(validator), tuple(sorted(arguments)))


def _element(field: Any, connection: Any) -> Column | None:
    base = getattr(field, "base_field", None)
    if not isinstance(base, models.Field):
        return None
    shipped, own = _classes(base)
    declared = base.db_type(connection) or ""
    return Column(
        name="",
        database_type=server_spelling(declared) if connection.vendor == "postgresql" else declared,
        null=base.null,
        field_type=shipped,
        field_class=own,
        choices=_choices(base, []),
        validators=_validators(base),
        max_length=base.max_length if shipped not in LENGTH_NOT_DECLARED else None,
        max_digits=getattr(base, "max_digits", None),
        decimal_places=getattr(base, "decimal_places", None),
        element=_element(base, connection),
        max_items=getattr(base, "size", None) if shipped == "ArrayField" else None,
    )
