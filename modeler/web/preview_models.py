"""What a migration changes in the model, as a small picture and in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from modeler.diagrams.comparison.marks import AppChanges
from modeler.diagrams.comparison.overlay import overlay
from modeler.diagrams.drawing import Drawing, drawing_of
from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.formats.svg_links import with_links
from modeler.diagrams.graph import ColumnMode
from modeler.diagrams.selection.selection import Selection, Show
from modeler.errors import ModelerError
from modeler.sources import project_history
from modeler.web.project import project_hubs, project_schema

MOST = 14  # tables; a picture with more says nothing at the width of a page


@dataclass(frozen=True, slots=True)
class ModelDifference:
    """The model before and after a migration.

    Attributes:
        picture: SVG, ``""`` where there is none.
        note: why there is no picture, or what it leaves out.
        apps: the changes in words.
        url: the same in the diagram, ``""`` where nothing changes.
    """

    picture: SafeString | str = ""
    note: str = ""
    apps: tuple[AppChanges, ...] = ()
    url: str = ""


def model_difference(app: str, name: str) -> ModelDifference:
    """Return what a migration of the project changes; states are read, nothing is run."""
    try:
        history = project_history()
        names = history.app_steps(app)
        if name not in names:
            return ModelDifference(note=_gone(app, name))
        position = names.index(name) + 1
        before, after = history.around(app, name)
    except ModelerError as error:
        return ModelDifference(note=f"{_gone(app, name)} {error}")
    changes = overlay(before, after)
    if not changes.apps:
        return ModelDifference(note=_("The model does not change."))
    compare = f"migrations:{app}.{names[position - 2] if position > 1 else 'zero'}"
    asked = {"compare": f"{compare}..migrations:{app}.{name}", "changed": "1"}
    url = f"{reverse('modeler:diagram')}?{urlencode(asked)}"
    drawing = drawing_of(
        changes.schema,
        Selection(columns=ColumnMode.KEYS, show=(Show.JOINS, Show.SYSTEM)),
        hubs=project_hubs(),
        overlay=changes,
        only_changed=True,
        most=MOST,
    )
    if len(drawing.graph.boxes) > MOST:
        note = _("%(number)d tables are too many for a picture here; the diagram shows them.")
        return ModelDifference(
            note=note % {"number": len(drawing.graph.boxes)}, apps=changes.apps, url=url
        )
    if not drawing.graph.boxes:
        return ModelDifference(apps=changes.apps, url=url)
    title = _("What %(migration)s changes") % {"migration": f"{app}.{name}"}
    return ModelDifference(_picture(drawing, title), "", changes.apps, url)


def _picture(drawing: Drawing, title: str) -> SafeString:
    known = {table.key for table in project_schema().tables}
    addresses = {}
    for box in drawing.graph.boxes:
        if box.key in known:  # a model may have gone since then
            addresses[box.key] = reverse("modeler:table", args=[box.key])
    svg = to_svg(drawing.graph, drawing.layout, title=title, marks=drawing.marks)
    # Written by ourselves from escaped names, and escaped again by the serializer.
    return mark_safe(with_links(svg, addresses, title=title))


def _gone(app: str, name: str) -> str:
    return _(
        "%(migration)s is not among the project's migrations now, so that its change of the "
        "model cannot be shown."
    ) % {"migration": f"{app}.{name}"}
