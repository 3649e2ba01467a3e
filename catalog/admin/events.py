"""The audit trail of one row, read from the event table of its model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.admin.utils import display_for_field
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from pghistory.models import Event

# Moves with every change, so it tells nothing.
_STAMPS = frozenset({"updated_at", "version", "created_at", "id"})
_DONE = {"insert": "Created", "update": "Changed", "delete": "Erased"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the trail: when, who, why, and what changed."""

    when: datetime
    who: str
    why: str
    done: str
    changes: tuple[FieldChange, ...]


def event_model(model: type[models.Model]) -> type[models.Model] | None:
    """Return the event model of a tracked model; None if its history is not kept."""
    for relation in model._meta.related_objects:
        related = relation.related_model
        if relation.field.name == "pgh_obj" and issubclass(related, Event):
            return related
    return None


def state_at(row: models.Model, version: str) -> dict[str, Any] | None:
    """Return the columns of a row when it had that version, None where that is not known.

    Args:
        version: as ``catalog.admin.versioned_form.version_of`` wrote it.
    """
    events = event_model(type(row))
    if events is None or not version:
        return None
    column = "version" if hasattr(row, "version") else "updated_at"
    names = [f.name for f in events._meta.concrete_fields if not f.name.startswith("pgh_")]
    try:
        return events._default_manager.filter(pgh_obj=row.pk, **{column: version}).values(*names)[
            :1
        ][0]
    except (IndexError, ValueError, ValidationError):
        return None


def steps_of(row: models.Model, *, limit: int) -> tuple[list[Step], bool]:
    """Return the newest steps of a row, and whether there are older ones.

    Two queries, and one for each kind of row that it refers to.
    """
    events = event_model(type(row))
    assert events is not None, f"the history of {type(row).__name__} is not kept"
    found: list[Any] = list(
        events._default_manager.filter(pgh_obj=row.pk).order_by("-pgh_id")[: limit + 1]
    )
    people = _people(found)
    kept = {field.name: field for field in events._meta.concrete_fields}
    # In the order of the model's own fields.
    fields = [
        kept[field.name]
        for field in type(row)._meta.concrete_fields
        if field.name in kept and field.name not in _STAMPS
    ]
    named = {field.name: _names(field, found) for field in fields if field.is_relation}
    pairs = [*pairwise(found), *([(found[-1], None)] if 0 < len(found) <= limit else [])]
    steps = [
        _step(type(row), new, old, fields=fields, named=named, people=people) for new, old in pairs
    ]
    return steps, len(found) > limit


def people_named(keys: Iterable[str]) -> dict[str, str]:
    """Return key (as text) to user name for the users among the keys, by one query."""
    numbers = {key for key in keys if key.isdecimal() and len(key) < 19}
    model: Any = get_user_model()
    return {str(user.pk): user.get_username() for user in model.objects.filter(pk__in=numbers)}


def _people(events: Sequence[Any]) -> dict[str, str]:
    return people_named((event.pgh_context or {}).get("user", "") for event in events)


def _names(field: models.Field, events: Sequence[Any]) -> dict[Any, str]:
    keys = {getattr(event, field.attname) for event in events}
    target: Any = field.related_model
    return {row.pk: str(row) for row in target._base_manager.filter(pk__in=keys)}


def _step(
    model: type[models.Model],
    new: Any,
    old: Any,
    *,
    fields: Sequence[models.Field],
    named: dict[str, dict[Any, str]],
    people: dict[str, str],
) -> Step:
    context = new.pgh_context or {}
    changes = []
    for field in fields:
        after = getattr(new, field.attname)
        before = getattr(old, field.attname) if old is not None else None
        if before == after or (old is None and after in (None, "")):
            continue
        own = model._meta.get_field(field.name)
        changes.append(
            FieldChange(
                label=capfirst(str(own.verbose_name)),  # type: ignore[union-attr]
                before=_words(field, before, named) if old is not None else "",
                after=_words(field, after, named),
            )
        )
    who = str(context.get("user", ""))
    return Step(
        when=new.pgh_created_at,
        who=people.get(who, who),
        why=str(context.get("reason", "")),
        done=_DONE.get(new.pgh_label, new.pgh_label),
        changes=tuple(changes),
    )


def _words(field: models.Field, value: Any, named: dict[str, dict[Any, str]]) -> str:
    if field.is_relation:
        return named[field.name].get(value, str(value)) if value is not None else "–"
    if isinstance(field, models.BooleanField):
        return "yes" if value else "no"
    return str(display_for_field(value, field, "–"))
