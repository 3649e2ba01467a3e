"""A strip between frames or shelves in which edges run side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from math import ceil

from modeler.diagrams.layout import spacing

CLEARANCE = 6.0


@dataclass(slots=True)
class Corridor:
    """Tracks of one direction.

    Attributes:
        spans: from where to where each edge runs along it; one without a span gets a track of
            its own.
        at: by edge, the height (or x) of its track; known when the corridor is placed.
    """

    spans: list[tuple[float, float] | None] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    def book(self) -> int:
        """Return the number of a new edge in it."""
        self.spans.append(None)
        return len(self.spans) - 1

    def place(self, start: float, least: float, *, odd: bool = False) -> float:
        """Give each edge its track, from ``start`` on; return the corridor's end.

        The corridor is ``least`` wide, more where the tracks need it. Tracks of an odd frame or
        shelf lie between those of its neighbours, so that none runs into another one.
        """
        found, count = self.tracks()
        if not count:
            return start + least
        step = spacing.CORRIDOR_TRACK
        extent = max(least, (count + 2) * step)
        first = ceil((start + (extent - count * step) / 2) / step) * step + odd * step / 2
        self.at = [first + track * step for track in found]
        return start + extent

    def tracks(self) -> tuple[list[int], int]:
        """Return each edge's track and their number: spans that overlap never share one."""
        found = [0] * len(self.spans)
        known = sorted((span, index) for index, span in enumerate(self.spans) if span)
        ends: list[tuple[float, int]] = []
        for (low, high), index in known:
            if ends and ends[0][0] + CLEARANCE < low:
                track = ends[0][1]
                heapreplace(ends, (high, track))
            else:
                track = len(ends)
                heappush(ends, (high, track))
            found[index] = track
        count = len(ends)
        for index, span in enumerate(self.spans):
            if span is None:
                found[index] = count
                count += 1
        return found, count
