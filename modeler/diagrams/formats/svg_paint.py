"""Colours of an SVG's elements: as attributes for files, as classes for pages."""

from __future__ import annotations

from dataclasses import dataclass

from modeler.diagrams.palette import Palette

PURPOSES = {"added": "added", "removed": "removed", "altered": "altered", "renamed": "altered"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Writes colours of one palette."""

    palette: Palette

    def of(self, attribute: str, purpose: str) -> str:
        """Return ``fill="#rrggbb"`` for a purpose such as ``head-text``."""
        return f'{attribute}="{getattr(self.palette, purpose.replace("-", "_"))}"'


def changed(change: str) -> tuple[str, str]:
    """Return a class and a purpose for what changed, both empty for what did not."""
    return (f" {change}", PURPOSES[change]) if change in PURPOSES else ("", "")


def struck(change: str) -> str:
    """Return the attribute that strikes removed names through."""
    return ' text-decoration="line-through"' if change == "removed" else ""
