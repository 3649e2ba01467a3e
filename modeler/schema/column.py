"""A column of a table, with what Django knows of it."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.schema.expression import Expression


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value: its canonical text, its label, and the group it is listed under."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Validator:
    """A Django validator: dotted path and its arguments as sorted ``(name, text)`` pairs."""

    path: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Generated:
    """A column that the database computes.

    Attributes:
        expression: what it computes.
        stored: written to disk, else computed when read.
    """

    expression: Expression
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column; only ``name``, ``database_type`` and ``null`` are known on the live side.

    Attributes:
        name: the database column.
        database_type: as the server prints it (``format_type``), e.g.
            ``character varying(64)``; Django's ``db_type`` brought to that spelling.
        null: NULL is allowed.
        field: the Django field's name, ``""`` where no model has it.
        field_type: the nearest field class that Django itself ships (``CharField``); the type
            of the result for a generated column.
        field_class: dotted path of the field's own class where it is not Django's.
        label: ``verbose_name`` as text.
        blank: a form may leave it empty.
        editable: a form shows it.
        collation: explicit collation, ``""`` for the type's default.
        identity: ``""``, ``always``, ``by default`` or ``serial``.
        default: Python's default: a literal, or the callable's dotted name as ``Opaque``.
        database_default: what the server fills in.
        generated: the expression of a generated column.
        choices: the values that Django's forms allow.
        validators: those the field declares, without the ones its type implies.
        max_length, max_digits, decimal_places: as declared, None where they do not apply.
        element: what an array holds (name ``""``), or a range's bound type.
        max_items: declared size of an array.
        enum: the labels of its enum type, in their order; only ``with_named_types`` gives them.
        elements_not_null: of an array of a domain that refuses NULL; only ``with_named_types``
            tells it.
        comment: the database's comment (``db_comment``).
        help_text: Django's help text as plain text.
        sensitive: holds secrets or personal data; values are masked wherever rows are shown.
    """

    name: str
    database_type: str
    null: bool = False
    field: str = ""
    field_type: str = ""
    field_class: str = ""
    label: str = ""
    blank: bool = False
    editable: bool = True
    collation: str = ""
    identity: str = ""
    default: Expression | None = None
    database_default: Expression | None = None
    generated: Generated | None = None
    choices: tuple[Choice, ...] = ()
    validators: tuple[Validator, ...] = ()
    max_length: int | None = None
    max_digits: int | None = None
    decimal_places: int | None = None
    element: Column | None = None
    max_items: int | None = None
    enum: tuple[str, ...] = ()
    elements_not_null: bool = False
    comment: str = ""
    help_text: str = ""
    sensitive: bool = False
