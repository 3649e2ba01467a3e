"""Colours of a picture: real ones in files, names of CSS variables in pages."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Palette:
    """The light palette, as ``#rrggbb``.

    Every colour is used for one purpose and differs from the others, so that a page can tell
    by its value what an element of a finished SVG is and put the theme's colour there.
    """

    box: str = "#ffffff"
    head: str = "#2f5d7c"
    head_text: str = "#fffffe"
    line: str = "#9aa7b1"
    text: str = "#1d2730"
    quiet: str = "#65727d"
    mark: str = "#8a5a00"
    frame: str = "#f4f6f8"
    frame_line: str = "#d3dae0"
    edge: str = "#4a5a67"

    def names(self) -> dict[str, str]:
        """Return colour → purpose (``head-text``)."""
        return {getattr(self, f.name): f.name.replace("_", "-") for f in fields(self)}
