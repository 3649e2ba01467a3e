"""Columns from model fields."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

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
    columns = tuple(
        _column(stored, model, reading, unread) for stored in stored_fields(model, reading)
    )
    unread += reading.untyped.get(model, ())
    return columns


class Stored(NamedTuple):
    """A field that has a column of its own.

    Attributes:
        field: the field, bound to its model.
        declared: Django's type, as it stands in its SQL.
        type: the same as the server prints it; Django's own on other vendors.
        check: SQL of the check that the type implies, ``""`` for none.
        collation: explicit, ``""`` for the type's own.
    """

    field: Any
    declared: str
    type: str
    check: str
    collation: str


def stored_fields(model: Model, reading: Reading) -> tuple[Stored, ...]:
    """Return the fields that have a column of their own in the model's table.

    A many-to-many field claims to be concrete and a composite primary key stands among the
    local fields; neither has a type on the connection. A field whose type cannot be told is left
    out, with the reason in ``reading.untyped``.
    """
    found = reading.stored.get(model)
    if found is None:
        connection = reading.connection(model)
        on_server = connection.vendor == "postgresql"
        opts, fields = model._meta, []
        for field in opts.local_fields:
            if field.column is None:
                continue
            if opts.auto_created:
                field = reading.join_key(model, field)
            # The type is the project's code, and a key has that of a model that may not be
            # installed: one such column is no reason to hide all others.
            try:
                parameters = field.db_parameters(connection)
            except Exception as error:
                reason = f"its type cannot be told: {type(error).__name__}: {error}"
                reading.untyped.setdefault(model, []).append((field.name, reason))
                continue
            declared = parameters.get("type")
            if declared:
                fields.append(
                    Stored(
                        field,
                        declared,
                        server_spelling(declared) if on_server else declared,
                        str(parameters.get("check") or ""),
                        parameters.get("collation") or "",
                    )
                )
        found = reading.stored[model] = tuple(fields)
    return found


def server_types(model: Model, reading: Reading) -> dict[str, str]:
    """Return the server's type of each column, what casts are judged by."""
    found = reading.types.get(model)
    if found is None:
        found = {stored.field.column: stored.type for stored in stored_fields(model, reading)}
        reading.types[model] = found
    return found


def _column(stored: Stored, model: Model, reading: Reading, unread: Unread) -> Column:
    field, spelled = stored.field, stored.type
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
    max_length = described.max_length if shipped not in LENGTH_NOT_DECLARED else None
    return Column(
        name=field.column,
        database_type=spelled,
        # Django declares generated columns without NOT NULL, whatever their expression gives.
        null=bool(field.null) or generated is not None,
        field=field.name,
        field_type=shipped,
        field_class=own,
        label=str(field.verbose_name or ""),
        # A third positional argument, meant as a length, is what Django takes for ``blank``.
        blank=bool(field.blank),
        editable=bool(field.editable),
        collation=stored.collation,
        identity=_identity(stored, connection),
        default=_default(field),
        database_default=_database_default(field, model, connection),
        generated=generated,
        choices=_choices(field, unread) if field.choices else (),
        validators=_validators(field) if getattr(field, "_validators", None) else (),
        max_length=max_length,
        max_digits=getattr(described, "max_digits", None),
        decimal_places=getattr(described, "decimal_places", None),
        element=_element(described, connection) if hasattr(described, "base_field") else None,
        max_items=getattr(described, "size", None) if shipped == "ArrayField" else None,
        comment=str(getattr(field, "db_comment", None) or ""),
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
    if not text:
        return ""
    plain = str(text)
    return (_without_markup(plain) if "<" in plain or "&" in plain else plain).strip()


@lru_cache(maxsize=512)
def _without_markup(text: str) -> str:
    return html.unescape(strip_tags(text))


def _identity(stored: Stored, connection: Any) -> str:
    # AutoField answers for its bigger and smaller kin too.
    automatic = isinstance(stored.field, models.AutoField)
    if connection.vendor != "postgresql":
        return "serial" if automatic else ""
    if stored.declared.lower() in SERIALS:
        return "serial"
    suffix = stored.field.db_type_suffix(connection) or "" if automatic else ""
    if "IDENTITY" not in suffix:
        return ""
    return "always" if "ALWAYS" in suffix else "by default"


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
        null=bool(base.null),
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
