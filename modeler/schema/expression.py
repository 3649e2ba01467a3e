"""A pure tree for conditions, checks, defaults, generated columns and index expressions.

Diagrams print it, collection specs compile it, reviews reason about it. What cannot be read
is ``Opaque`` and says why; it is never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column of the table that owns the expression.

    Attributes:
        column: the database column's name.
        path: keys and array positions below it (``attributes__size`` is ``("size",)``).
    """

    column: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A typed constant.

    Attributes:
        type: ``null``, ``boolean``, ``integer``, ``decimal``, ``float``, ``text``, ``date``,
            ``datetime``, ``time``, ``interval``, ``uuid``, ``bytes`` (hexadecimal) or ``json``.
        value: canonical text of the constant (``"true"``, ``"12"``, ISO 8601, JSON with sorted
            keys); ``""`` for null. Text keeps 40-digit decimals and 64-bit integers whole.
    """

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands, in order.

    Attributes:
        operator: lower-case: ``and or not = <> < <= > >= in like ilike ~ ~* + - * / % ^ || &
            | is-null is-distinct between`` or PostgreSQL's own (``&&``, ``@>``). ``in`` takes the
            tested operand first, then the choices.
    """

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function call; ``name`` is the SQL name in lower case (``lower``, ``now``)."""

    name: str
    arguments: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """``operand::type`` with the type as the server prints it."""

    operand: Expression
    type: str


@dataclass(frozen=True, slots=True)
class When:
    """One arm of a ``Case``."""

    condition: Expression
    result: Expression


@dataclass(frozen=True, slots=True)
class Case:
    """``CASE WHEN … THEN … ELSE … END``; ``default`` is None where there is no ELSE."""

    arms: tuple[When, ...]
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that modeler did not read further.

    Attributes:
        text: SQL, or a dotted Python name (``uuid.uuid4``).
        reason: why it stayed opaque, one clause.
        language: ``sql`` or ``python``.
    """

    text: str
    reason: str = ""
    language: str = "sql"


VALUE = "value"  # the column that stands for a value of a domain


@dataclass(frozen=True, slots=True)
class Every:
    """A condition that no element of an array may break; SQL says it by a domain alone.

    Attributes:
        array: NULL breaks nothing.
        condition: in it the column VALUE stands for an element, of whatever dimension.
    """

    array: Expression
    condition: Expression


Expression: TypeAlias = ColumnRef | Literal | Operation | Function | Cast | Case | Opaque | Every


def walk(expression: Expression | None) -> Iterator[Expression]:
    """Yield the expression and all below it, parents first; of elements their array alone."""
    if expression is None:
        return
    yield expression
    match expression:
        case Operation(operands=below) | Function(arguments=below):
            for part in below:
                yield from walk(part)
        case Cast(operand=operand) | Every(array=operand):
            yield from walk(operand)
        case Case(arms=arms, default=default):
            for arm in arms:
                yield from walk(arm.condition)
                yield from walk(arm.result)
            yield from walk(default)


def columns_of(expression: Expression | None) -> tuple[str, ...]:
    """Return the columns that the expression names, each once, in order of appearance."""
    return tuple(
        dict.fromkeys(part.column for part in walk(expression) if isinstance(part, ColumnRef))
    )


def is_opaque(expression: Expression | None) -> bool:
    """Tell whether any part of the expression was not read."""
    return any(
        isinstance(part, Opaque) or (isinstance(part, Every) and is_opaque(part.condition))
        for part in walk(expression)
    )
