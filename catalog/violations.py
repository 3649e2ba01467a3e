"""What a refusal of the database means to people: which field it concerns, and in what words.

The words are those of the model: ``violation_error_message`` of a constraint, ``message`` of a
trigger's rule. Here stands only the field, which a constraint does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, connection, models

from catalog.triggers import Refusal

REQUIRED = "This field is required."
REFERENCE = "What is named here does not exist, or is still in use."
KEY = "There is a row with this key already."

FIELDS: dict[str, str] = {
    "category_slug_unique": "slug",
    "category_not_own_parent": "parent",
    "category_acyclic": "parent",
    "tag_slug_unique": "slug",
    "product_tag_unique_pair": "tag",
    "product_sku_unique": "sku",
    "product_base_price_not_negative": "base_price",
    "product_inventory_not_negative": "inventory_count",
    "product_event_append_only": NON_FIELD_ERRORS,
    "price_list_no_overlap": "valid",
    "price_list_valid_not_empty": "valid",
}

_registered: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {"catalog": (FIELDS, {})}


@dataclass(frozen=True, slots=True)
class Violation:
    """What to say, and at which field (``NON_FIELD_ERRORS`` where it concerns the whole)."""

    field: str
    message: str


def register_violations(
    app_label: str, fields: Mapping[str, str], messages: Mapping[str, str]
) -> None:
    """Add the fields of an app's constraints, by the constraint's name.

    Args:
        app_label: its models are searched for the messages.
        fields: name of the constraint, as the server reports it, to name of the field.
        messages: the words for constraints that no model has.
    """
    _registered[app_label] = fields, messages
    violations.cache_clear()


@cache
def violations() -> dict[str, Violation]:
    """Return every constraint and rule of the registered apps by the name the server reports."""
    found: dict[str, Violation] = {}
    for label, (fields, messages) in _registered.items():
        found |= {name: Violation(fields[name], text) for name, text in messages.items()}
        for model in apps.get_app_config(label).get_models():
            found |= _derived(model)
            found |= {
                name: Violation(fields[name], message)
                for name, message in _messages(model).items()
                if name in fields
            }
    return found


def violation_errors(error: IntegrityError) -> dict[str, str]:
    """Return what to tell people about a refused write: field to message.

    Args:
        error: as Django raised it. A row that lacks a value is told by its column.

    Returns:
        One field, or ``NON_FIELD_ERRORS`` with the server's own words for a constraint that the
        shop does not know.
    """
    report: Any = getattr(error.__cause__, "diag", None)
    if report is None:
        return {NON_FIELD_ERRORS: str(error)}
    name = report.constraint_name or f"{report.table_name}_{report.column_name}_not_null"
    known = violations().get(name)
    if known is None:
        return {NON_FIELD_ERRORS: report.message_primary or str(error)}
    return {known.field: known.message}


def _messages(model: type[models.Model]) -> dict[str, str]:
    messages = {c.name: str(c.violation_error_message) for c in model._meta.constraints}
    for trigger in getattr(model._meta, "triggers", ()):
        if isinstance(trigger, Refusal):
            messages[trigger.constraint] = trigger.message
    return messages


def _derived(model: type[models.Model]) -> dict[str, Violation]:
    """Return what every table has: its key, its foreign keys and its columns that need a value.

    PostgreSQL reports a missing value by its column; the name is the one that 18 gives it.
    """
    options, found = model._meta, {}
    names: Any = connection.schema_editor()
    field: Any
    for field in options.local_concrete_fields:
        if not field.null:
            found[f"{options.db_table}_{field.column}_not_null"] = Violation(field.name, REQUIRED)
        if field.many_to_one and field.db_constraint:
            name = names._fk_constraint_name(model, field, "_fk_%(to_table)s_%(to_column)s")
            found[str(name).strip('"')] = Violation(field.name, REFERENCE)
    assert options.pk is not None
    found[f"{options.db_table}_pkey"] = Violation(options.pk.name, KEY)
    return found
