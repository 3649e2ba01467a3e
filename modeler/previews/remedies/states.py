"""Where two states of a project's models differ.

Stricter than the autodetector, which looks at what reaches the database, and without rendering
models: historical states may hold what today's Django cannot compare.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.utils import translation

# A function that a migration's own file defines has that file's name in its path.
OWN_MODULE = re.compile(r"\b\w+(?:\.\w+)*\.migrations\.\w+\.")


def state_differences(one: ProjectState, two: ProjectState) -> tuple[str, ...]:
    """Return what differs, as ``app.Model`` or ``app.Model.part``; nothing is rendered."""
    found: list[str] = []
    # A lazily translated text is compared as it would be written.
    with translation.override(None):
        for key in sorted(one.models.keys() | two.models.keys()):
            first, second = one.models.get(key), two.models.get(key)
            if first is None or second is None:
                found.append(".".join(key))
            elif first is not second:
                found += [f"{key[0]}.{first.name}.{part}" for part in _parts(first, second)]
    return tuple(found)


def _parts(first: ModelState, second: ModelState) -> list[str]:
    found = [
        name
        for name in sorted(first.fields.keys() | second.fields.keys())
        if not _same(first.fields.get(name), second.fields.get(name))
    ]
    found += [
        name
        for name in sorted(first.options.keys() | second.options.keys())
        if not _same(first.options.get(name), second.options.get(name))
    ]
    for name in ("bases", "managers"):
        if not _same(getattr(first, name), getattr(second, name)):
            found.append(name)
    return found


def _same(one: Any, two: Any) -> bool:
    if one is two:
        return True
    try:
        return (one == two and not hasattr(one, "deconstruct")) or _text(one) == _text(two)
    except (TypeError, ValueError):
        return False


def _text(value: Any) -> str:
    return OWN_MODULE.sub("", MigrationWriter.serialize(value)[0])
