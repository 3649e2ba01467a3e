"""What the address of a picture asks for: a selection, a saved view, a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from modeler.diagrams.selection.query import PARAMETERS, from_query, to_query
from modeler.diagrams.selection.selection import Selection
from modeler.models import SavedView
from modeler.saved_views import default_view, view_of

NO_VIEW = "0"
# Says of itself what is so by default: the whole project, where a view would narrow it.
WHOLE = urlencode({"columns": str(Selection().columns)})


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, read.

    Attributes:
        selection: what to show; the view's where the address says nothing of its own.
        said: what of it could not be read, in sentences.
        view: the saved view, whose positions count.
        compare: ``A..B``, ``""`` for no comparison.
        only_changed: show what changed and what is one relation away.
        no_view: the address wants the automatic picture, not the app's default view.
    """

    selection: Selection
    said: tuple[str, ...] = ()
    view: SavedView | None = None
    compare: str = ""
    only_changed: bool = False
    no_view: bool = False

    @property
    def query(self) -> str:
        """The address's query in canonical spelling; a view stands for its own selection."""
        same = self.view and self.selection == from_query(self.view.selection)[0]
        return self._spelled("" if same else self._own)

    @property
    def spelled(self) -> str:
        """The same with the selection written out, for a form that shows and changes it."""
        return self._spelled(self._own)

    @property
    def _own(self) -> str:
        own = to_query(self.selection)
        return own or WHOLE if self.view else own

    def _spelled(self, own: str) -> str:
        pairs = []
        if self.view is not None:
            pairs.append(("view", str(self.view.pk)))
        elif self.no_view:
            pairs.append(("view", NO_VIEW))
        if self.compare:
            pairs.append(("compare", self.compare))
        if self.only_changed:
            pairs.append(("changed", "1"))
        return "&".join(filter(None, [urlencode(pairs), own]))


def read_address(query: str, user: User) -> Asked:
    """Read the query of an address.

    Raises:
        UnknownName: the named view is not there, or not for this person.
    """
    selection, said = from_query(query)
    given = parse_qs(query)
    compare = given.get("compare", [""])[0].strip()
    only_changed = given.get("changed", [""])[0] not in {"", "0"}
    number = given.get("view", [""])[0].strip()
    own = bool(set(given) & set(PARAMETERS.values()))
    view = None
    if number.isascii() and number.isdigit() and number != NO_VIEW and len(number) < 19:
        view = view_of(user, int(number))
    elif not number and not compare and (app := _whole(selection)):
        view = default_view(user, app)
    if view is not None and not (own and number):
        from_view, unread = from_query(view.selection)
        selection, said = from_view, (*said, *unread)
    return Asked(selection, said, view, compare, only_changed, number == NO_VIEW)


def _whole(selection: Selection) -> str:
    """Return the app of which all is asked for, ``*`` for the project, ``""`` for less."""
    if selection == Selection():
        return SavedView.WHOLE
    if len(selection.apps) == 1 and selection == Selection(apps=selection.apps):
        return selection.apps[0]
    return ""


def gone(view: SavedView, known: set[str]) -> tuple[str, ...]:
    """Say which tables of a view are no longer there; they keep their places in it."""
    missing = sorted(set(view.positions) - known)
    if not missing:
        return ()
    listed = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
    return (
        _("The view “%(view)s” names tables that are not there now: %(tables)s. ")
        % {"view": view.name, "tables": listed}
        + _("Their places are kept."),
    )
