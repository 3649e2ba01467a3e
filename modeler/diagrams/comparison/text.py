"""The list of changes for a terminal."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modeler.diagrams.comparison.marks import WHOLE, Overlay
from modeler.schema.changes import ChangeKind

SIGNS = {
    ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.ALTERED: "~",
    ChangeKind.RENAMED: ">",
}  # fmt: skip


def to_text(overlay: Overlay) -> str:
    """Return the changes by app and table, one a line with a sign in front, and their number."""
    if not overlay.apps:
        return _("No changes.") + "\n"
    lines = []
    count = 0
    for app in overlay.apps:
        lines.append(app.title)
        for table in app.tables:
            sign = SIGNS[table.kind] if table.kind in WHOLE else " "
            lines.append(f"  {sign} {table.key or table.name}")
            for entry in table.entries:
                count += 1
                lines.append(f"      {SIGNS[entry.kind]} {entry.sentence}")
        lines.append("")
    lines.append(ngettext("%d change.", "%d changes.", count) % count)
    return "\n".join(lines) + "\n"
