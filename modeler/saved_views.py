"""Keeping diagrams that people arranged: who sees them, who changes them, and what if two do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, router, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from modeler import permissions
from modeler.canvas import Note, read_notes, read_positions
from modeler.errors import ConfigurationError, ConflictError, FormatError, UnknownName
from modeler.models import SavedView

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_NAME = 120
LONGEST_SELECTION = 8000
# What a browser may send of a view.
GIVEN = frozenset({"name", "selection", "positions", "notes", "shared", "default_for"})


def views_of(user: User) -> QuerySet[SavedView]:
    """Return the views that a person may see: their own, and the shared ones."""
    alias = router.db_for_read(SavedView)
    return SavedView.objects.using(alias).filter(Q(owner=user.pk) | Q(shared=True))


def view_of(user: User, number: int) -> SavedView:
    """Return a view.

    Raises:
        UnknownName: there is none of that number that the person may see.
    """
    found = views_of(user).select_related("owner", "updated_by").filter(pk=number).first()
    if found is None:
        raise UnknownName(
            "saved view", str(number), (), hint="It was deleted, or it is not shared with you."
        )
    return found


def default_view(user: User, app: str) -> SavedView | None:
    """Return the view with which an app's picture starts; ``*`` is the whole project."""
    return views_of(user).filter(default_for=app).first()


def named_view(name: str) -> SavedView:
    """Return the view of a name or number, for a command: who runs it may read the table.

    Raises:
        UnknownName: there is none; the message has the nearest names.
        ConfigurationError: several people share one of that name.
    """
    rows = SavedView.objects.using(router.db_for_read(SavedView)).select_related("owner")
    found = list(rows.filter(name=name))
    if not found and name.isascii() and name.isdigit() and len(name) < 19:
        found = list(rows.filter(pk=int(name)))
    if not found:
        raise UnknownName("saved view", name, rows.values_list("name", flat=True))
    if len(found) > 1:
        listed = ", ".join(f"{view.pk} ({view.owner or 'nobody'})" for view in found)
        raise ConfigurationError(f"Several views are called {name!r}: name its number: {listed}.")
    return found[0]


def positions_of(view: SavedView) -> dict[str, tuple[float, float]]:
    """Return where a view's tables stand.

    Raises:
        FormatError: somebody else than modeler wrote them.
    """
    return read_positions(view.positions)


def notes_of(view: SavedView) -> list[Note]:
    """Return what was written on a view.

    Raises:
        FormatError: somebody else than modeler wrote it.
    """
    return read_notes(view.notes)


def may_change(user: User, view: SavedView) -> bool:
    """Tell whether a person may change or delete a view: their own, and others' shared ones
    with the permission to share."""
    if view.owner_id == user.pk:
        return True
    return view.shared and user.has_perm(permissions.SHARE)


def view_save(*, user: User, given: dict[str, Any]) -> SavedView:
    """Keep a new view.

    Args:
        user: becomes its owner.
        given: ``name`` and what else is in GIVEN.

    Raises:
        FormatError: a value cannot be kept.
        ConflictError: the person has a view of that name, or an app has a default already.
        PermissionDenied: sharing it needs a permission.
    """
    values = _checked(user, given, SavedView())
    if not values.get("name"):
        raise FormatError("A view needs a name.")
    alias = router.db_for_write(SavedView)
    try:
        with transaction.atomic(using=alias):
            return SavedView.objects.using(alias).create(
                **values, owner_id=user.pk, updated_by_id=user.pk
            )
    except IntegrityError as error:
        raise _taken(values, error) from error


def view_change(*, user: User, view: SavedView, version: int, given: dict[str, Any]) -> SavedView:
    """Change a view that is still as the person saw it.

    Args:
        version: what the person saw.
        given: only what changes.

    Raises:
        FormatError, PermissionDenied: as ``view_save``.
        ConflictError: somebody saved it meanwhile; nothing was written.
    """
    if not may_change(user, view):
        raise PermissionDenied
    values = _checked(user, given, view)
    if "name" in values and not values["name"]:
        raise FormatError("A view needs a name.")
    alias = router.db_for_write(SavedView)
    try:
        with transaction.atomic(using=alias):
            written = (
                SavedView.objects.using(alias)
                .filter(pk=view.pk, version=version)
                .update(
                    **values,
                    version=version + 1,
                    updated_at=timezone.now(),
                    updated_by=user.pk,
                )
            )
    except IntegrityError as error:
        raise _taken(values, error) from error
    if not written:
        current = SavedView.objects.using(alias).select_related("updated_by").filter(pk=view.pk)
        raise _overtaken(current.first())
    return view_of(user, view.pk)


def view_delete(*, user: User, view: SavedView) -> None:
    """Delete a view.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    if not may_change(user, view):
        raise PermissionDenied
    view.delete(using=router.db_for_write(SavedView))


def _checked(user: User, given: dict[str, Any], view: SavedView) -> dict[str, Any]:
    unknown = sorted(set(given) - GIVEN)
    if unknown:
        raise FormatError(f"A view has no {unknown[0]!r}; it has {', '.join(sorted(GIVEN))}.")
    values = dict(given)
    for name, longest in (
        ("name", LONGEST_NAME), ("selection", LONGEST_SELECTION), ("default_for", 100),
    ):  # fmt: skip
        if name not in values:
            continue
        if not isinstance(values[name], str) or len(values[name]) > longest:
            raise FormatError(f"The {name} must be a text of at most {longest} characters.")
        values[name] = values[name].strip()
    if "shared" in values and not isinstance(values["shared"], bool):
        raise FormatError("shared must be true or false.")
    if "positions" in values:
        values["positions"] = read_positions(values["positions"])
    if "notes" in values:
        values["notes"] = read_notes(values["notes"])
    if values.get("default_for") and not values.get("shared", view.shared):
        raise FormatError("Only a shared view can be an app's default: share it first.")
    if not values.get("shared", view.shared) and "default_for" not in values and view.default_for:
        values["default_for"] = ""
    opened = values.get("shared", False) and not view.shared
    if (opened or values.get("default_for")) and not user.has_perm(permissions.SHARE):
        raise PermissionDenied
    return values


def _taken(values: dict[str, Any], error: IntegrityError) -> ConflictError:
    """Say which of the two rules the database held."""
    if "modeler_view_one_default" in str(error) or "default_for" in str(error):
        app = values.get("default_for", "")
        return ConflictError(
            f"Another view is the default for {app!r} already; take that from it first."
        )
    return ConflictError(f"There is a view {values.get('name', '')!r} already; choose a name.")


def _overtaken(current: SavedView | None) -> ConflictError:
    if current is None:
        return ConflictError("The view was deleted meanwhile. Save yours under a new name.")
    who = str(current.updated_by) if current.updated_by else "somebody"
    return ConflictError(
        f"{who} saved this view at {timezone.localtime(current.updated_at):%H:%M:%S}, after you "
        "opened it. Load theirs, save yours under a new name, or save over it."
    )
