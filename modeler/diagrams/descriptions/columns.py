"""What is known of a column, as short phrases."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from modeler.diagrams.types import short_type
from modeler.schema.column import Choice, Column, Validator
from modeler.schema.expression import Expression, Opaque
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """A column in words.

    Attributes:
        column: the column itself.
        type: the short spelling of its type.
        marks: ``primary key``, ``foreign key``, ``unique``, ``NULL`` …, the most telling first.
        default: what fills it, ``""`` where nothing does.
        by_django: Django fills it, not the database.
        facts: everything else that restricts or computes it, a phrase each.
        targets: keys of the tables that it refers to.
        text: the comment, and the help text where it says something else.
    """

    column: Column
    type: str
    marks: tuple[str, ...] = ()
    default: str = ""
    by_django: bool = False
    facts: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    text: str = ""


def describe_columns(table: Table) -> tuple[ColumnDescription, ...]:
    """Return all columns of a table in words, in their order."""
    unique, leading = table.unique_alone, table.leading_indexes
    return tuple(
        _describe(column, table, column.name in unique, column.name in leading)
        for column in table.columns
    )


def _describe(column: Column, table: Table, unique: bool, leading: bool) -> ColumnDescription:
    referring = [each for each in table.relations if column.name in each.columns and each.target]
    marks = [
        word
        for word, holds in (
            (_("primary key"), column.name in table.primary_key),
            (_("foreign key"), bool(referring)),
            (_("unique"), unique),
            (_("indexed"), leading and not unique and column.name not in table.primary_key),
            (_("generated"), column.generated is not None),
            (_("identity"), bool(column.identity)),
            (_("sensitive"), column.sensitive),
        )
        if holds
    ]
    texts = dict.fromkeys(filter(None, (column.comment, column.help_text)))
    return ColumnDescription(
        column,
        short_type(column.database_type),
        tuple(marks),
        _default(column),
        column.database_default is None and column.default is not None,
        tuple(_facts(column)),
        tuple(dict.fromkeys(each.target for each in referring)),
        " ".join(texts),
    )


def _default(column: Column) -> str:
    if column.database_default is not None:
        return sql_text(column.database_default)
    if column.default is None:
        return ""
    return _python(column.default)


def _python(default: Expression) -> str:
    """Return Python's default: a callable by its name, a value as SQL would write it."""
    if isinstance(default, Opaque) and default.language == "python":
        return default.text.removeprefix("builtins.")
    return sql_text(default)


def _facts(column: Column) -> list[str]:
    facts = []
    if column.generated is not None:
        kind = "STORED" if column.generated.stored else "VIRTUAL"
        facts.append(f"GENERATED ALWAYS AS ({sql_text(column.generated.expression)}) {kind}")
    if column.identity:
        facts.append(
            column.identity
            if column.identity == "serial"
            else f"GENERATED {column.identity.upper()} AS IDENTITY"
        )
    if column.collation:
        facts.append(f"COLLATE {column.collation}")
    if column.max_items is not None:
        facts.append(_("at most %(number)d items") % {"number": column.max_items})
    if column.choices:
        facts.append(_("one of %(choices)s") % {"choices": _choices(column.choices)})
    facts += [_validator(validator) for validator in column.validators]
    return facts


MOST_CHOICES = 12


def _choices(choices: tuple[Choice, ...]) -> str:
    shown = ", ".join(_choice(choice) for choice in choices[:MOST_CHOICES])
    left = len(choices) - MOST_CHOICES
    return shown + (_(" and %(number)d more") % {"number": left} if left > 0 else "")


def _choice(choice: Choice) -> str:
    same = choice.label.casefold() == choice.value.casefold()
    return choice.value if same else f"{choice.value} ({choice.label})"


def _validator(validator: Validator) -> str:
    name = validator.path.rpartition(".")[2]
    arguments = ", ".join(f"{key}={value}" for key, value in validator.arguments)
    return f"{name}({arguments})"
