"""Columns that many projects have, and what their names promise."""

from __future__ import annotations

from modeler.mongo.spec import CollectionSpec

# Columns by these names count changes, or mark what is deleted.
VERSIONS = ("version", "lock_version", "row_version")
MOMENTS = ("deleted_at", "deleted_on", "removed_at", "archived_at", "deleted")
FLAGS = ("is_deleted", "deleted", "is_removed", "is_archived")


def version_field(spec: CollectionSpec) -> str:
    """Return the field that counts changes, ``""`` without one."""
    for field in spec.fields:
        if field.column in VERSIONS and field.types[:1] in (("int",), ("long",)):
            return "" if field.null else field.name
    return ""


def soft_deleted(spec: CollectionSpec) -> tuple[str, bool] | None:
    """Return the field that marks deleted documents, and whether it holds a moment."""
    for field in spec.fields:
        kind = field.types[:1]
        if field.column in MOMENTS and kind == ("date",) and field.null:
            return field.name, True
        if field.column in FLAGS and kind == ("bool",):
            return field.name, False
    return None
