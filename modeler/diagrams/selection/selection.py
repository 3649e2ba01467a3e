"""A selection: everything that decides what a picture shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from modeler.diagrams.graph import ColumnMode

MOST_HOPS = 3
HUB_DEGREE = 15


class Show(StrEnum):
    """Kinds of tables that are hidden until asked for."""

    JOINS = "joins"  # made by Django for a many-to-many field
    PROXIES = "proxies"
    HISTORY = "history"
    SYSTEM = "system"  # django_* tables of Django itself


@dataclass(frozen=True, slots=True)
class Selection:
    """What to show; equal selections give equal pictures.

    Attributes:
        apps: labels; without apps, tables, focus and path everything is shown.
        tables: keys of single tables, beside the apps.
        without: keys and labels that are left out, whatever else says.
        show: hidden kinds to show as well.
        columns: which columns a box shows.
        open: keys of tables that show all their columns, whatever ``columns`` says.
        closed: keys of tables that show none.
        fold: labels of apps that are drawn as one box.
        text: words that must all occur in a table's names, comments or help texts.
        focus: keys; the picture is these tables and what is ``hops`` relations away.
        hops: 0 to 3.
        hub_degree: a table with more neighbours than that is shown, but the focus goes no
            further from there; 0 for never.
        grow: keys of relations whose tables are shown as well.
        path_from, path_to: keys; the picture is the shortest ways between them.
        avoid: keys and labels that no way leads through.
        way: which of the ways, from 0; -1 for all of them.
    """

    apps: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    show: tuple[Show, ...] = ()
    columns: ColumnMode = ColumnMode.KEYS
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    text: str = ""
    focus: tuple[str, ...] = ()
    hops: int = 1
    hub_degree: int = HUB_DEGREE
    grow: tuple[str, ...] = ()
    path_from: str = ""
    path_to: str = ""
    avoid: tuple[str, ...] = ()
    way: int = -1

    @property
    def is_path(self) -> bool:
        """Both ends of a path are named."""
        return bool(self.path_from and self.path_to)
