"""Changes in words: short texts of the parts of a table, and one plain sentence a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler.diagrams.types import short_type
from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.column import Column, Generated
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import Expression
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Relation
from modeler.schema.schema import DomainType, EnumType
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table, Trigger

LONGEST = 200  # characters of one value; the whole is in the panel of the part
EXPRESSIONS = get_args(Expression)
# Attributes whose words say more than their names with blanks.
WORDS = {
    "database_type": "",  # the type alone is plain: column price: numeric(10,2) → …
    "null": "",
    "not_null": "",
    "condition": "predicate",
    "database_default": "database default",
    "parts": "key",
    "expression": "rule",
    "columns": "columns",
    "values": "values",
    "at_owner": "rows of this table for one there",
    "at_target": "rows there for one of this table",
}
# What the two values of a yes-or-no attribute mean: (True, False).
EITHER = {
    "null": ("may be NULL", "NOT NULL"),
    "not_null": ("NOT NULL", "may be NULL"),
    "valid": ("valid", "not valid"),
    "enforced": ("enforced", "not enforced"),
    "unique": ("unique", "not unique"),
    "nulls_distinct": ("NULLs are distinct", "NULLs are not distinct"),
}


def described(thing: Any) -> str:
    """Return a part of a schema, or a value of an attribute, as short text; ``""`` for none."""
    match thing:
        case None:
            return ""
        case bool():
            return _("yes") if thing else _("no")
        case Table():
            count = len(thing.columns)
            return ngettext("%d column", "%d columns", count) % count
        case Column():
            return _column(thing)
        case Relation():
            return f"{thing.kind} → {thing.target or thing.target_location or '?'}"
        case Index():
            return _index(thing)
        case Constraint():
            return _constraint(thing)
        case Trigger():
            events = " or ".join(thing.events)
            return f"{thing.timing} {events} for each {thing.level}: {thing.function}"
        case EnumType():
            return _listed(thing.values)
        case DomainType():
            return _domain(thing)
        case Generated():
            return sql_text(thing.expression) + (" STORED" if thing.stored else " VIRTUAL")
        case IndexPart():
            return _part(thing)
        case Location():
            return str(thing)
        case tuple():
            return _listed([described(item) for item in thing])
        case str():
            return thing
        case _ if isinstance(thing, EXPRESSIONS):
            return sql_text(thing)
        case _ if is_dataclass(thing):
            return _listed(
                f"{field.name} {described(getattr(thing, field.name))}"
                for field in fields(thing)
                if getattr(thing, field.name) not in ("", None, ())
            )
    return str(thing)


def value_text(attribute: str, value: Any) -> str:
    """Return the value of an attribute as text that is not too long for a line."""
    if isinstance(value, bool) and attribute in EITHER:
        return _(EITHER[attribute][not value])
    if attribute == "database_type":
        return short_type(value)
    if attribute == "condition" and value is not None:
        return f"WHERE ({sql_text(value)})"
    return Truncator(" ".join(described(value).split())).chars(LONGEST)


def attribute_words(attribute: str) -> str:
    """Return the words for an attribute, ``""`` where its value speaks for itself."""
    return _(WORDS.get(attribute, attribute.replace("_", " ")) or " ").strip()


def sentence(change: Change, part: Part, name: str) -> str:
    """Return a change as one plain sentence without a full stop.

    Args:
        change: what happened.
        part, name: where it is seen in the merged schema; ``""`` names the table itself.
    """
    subject = " ".join(filter(None, (_(str(part)), name)))
    match change.kind:
        case ChangeKind.ADDED:
            return _join(_("%s added") % subject, described(change.after))
        case ChangeKind.REMOVED:
            return _join(_("%s removed") % subject, described(change.before))
        case ChangeKind.RENAMED:
            return _("%(what)s: renamed %(before)s → %(after)s") % {
                "what": subject, "before": change.before, "after": change.after,
            }  # fmt: skip
    words = attribute_words(change.attribute)
    before = value_text(change.attribute, change.before)
    after = value_text(change.attribute, change.after)
    if not before:
        return _join(f"{subject}: {words} " + _("added"), after)
    if not after:
        return _join(f"{subject}: {words} " + _("removed"), before)
    return f"{subject}: {words} {before} → {after}".replace(":  ", ": ")


def _join(said: str, what: str) -> str:
    return f"{said}: {Truncator(' '.join(what.split())).chars(LONGEST)}" if what else said


def _listed(items: Any) -> str:
    return ", ".join(items)


def _column(column: Column) -> str:
    words = [short_type(column.database_type), "" if column.null else "NOT NULL"]
    if column.database_default is not None:
        words.append(f"DEFAULT {sql_text(column.database_default)}")
    if column.identity:
        words.append(f"({column.identity})")
    if column.generated is not None:
        words.append(f"GENERATED AS ({sql_text(column.generated.expression)})")
    return " ".join(filter(None, words))


def _domain(domain: DomainType) -> str:
    words = [short_type(domain.base), "NOT NULL" if domain.not_null else ""]
    words.insert(1, f'COLLATE "{domain.collation}"' if domain.collation else "")
    if domain.default is not None:
        words.append(f"DEFAULT {sql_text(domain.default)}")
    return " ".join(filter(None, (*words, *map(_constraint, domain.checks))))


def _index(index: Index) -> str:
    words = ["unique " if index.unique else "", index.method, f" ({_listed(_parts(index.parts))})"]
    if index.include:
        words.append(f" INCLUDE ({_listed(index.include)})")
    if index.condition is not None:
        words.append(f" WHERE ({sql_text(index.condition)})")
    if not index.valid:
        words.append(" " + _("(not valid)"))
    return "".join(words)


def _parts(parts: Sequence[IndexPart]) -> list[str]:
    return [_part(part) for part in parts]


def _part(part: IndexPart) -> str:
    what = part.column or (f"({sql_text(part.expression)})" if part.expression else "?")
    collation = f'COLLATE "{part.collation}"' if part.collation else ""
    nulls = f"NULLS {part.nulls.upper()}" if part.nulls else ""
    operator = f"WITH {part.operator}" if part.operator else ""
    direction = "DESC" if part.descending else ""
    words = (what, collation, part.operator_class, direction, nulls, operator)
    return " ".join(filter(None, words))


def _constraint(constraint: Constraint) -> str:
    words = [str(constraint.kind)]
    if constraint.expression is not None:
        words = [f"{constraint.kind} ({sql_text(constraint.expression)})"]
    elif constraint.parts:
        words = [f"{constraint.kind} ({_listed(_parts(constraint.parts))})"]
    elif constraint.columns:
        words = [f"{constraint.kind} ({_listed(constraint.columns)})"]
    if constraint.kind is ConstraintKind.FOREIGN_KEY and constraint.target is not None:
        words.append(f"→ {constraint.target} ({_listed(constraint.target_columns)})")
        if constraint.on_delete:
            words.append(f"ON DELETE {constraint.on_delete.upper()}")
    if constraint.condition is not None:
        words.append(f"WHERE ({sql_text(constraint.condition)})")
    if not constraint.valid:
        words.append(_("(not valid)"))
    return " ".join(words)
