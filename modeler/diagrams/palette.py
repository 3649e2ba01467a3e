"""Colours of a picture: real ones in files, names of CSS variables in pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The light palette, as ``#rrggbb``; one colour a purpose."""

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
    edge_far: str = "#a9b4bd"  # between apps
    added: str = "#1a7f37"
    removed: str = "#b3261e"
    altered: str = "#9a6700"
