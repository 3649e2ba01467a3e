"""Paths of our SVG as Bézier chains, the form that Graphviz draws.

Of SVG's path language it knows what our writer uses: ``M L H V h v Q a Z``, where an arc is a
quarter or a half of a circle.

Source: W3C, "SVG 1.1", 8.3 "Path data".
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from modeler.errors import FormatError

Point = tuple[float, float]
TOKEN = re.compile(r"([A-Za-z])|(-?\d+(?:\.\d+)?)|[\s,]+")
ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "h": 1, "v": 1, "l": 2, "Q": 4, "a": 7, "Z": 0}


@dataclass(slots=True)
class Chain:
    """A part of a path: a first point, then three for each piece."""

    points: list[Point] = field(default_factory=list)
    closed: bool = False

    def line(self, end: Point) -> None:
        self.points += [self.points[-1], end, end]

    def curve(self, control: Point, end: Point) -> None:
        """Add a quadratic curve, raised to a cubic one."""
        start = self.points[-1]
        self.points += [_between(start, control, 2 / 3), _between(end, control, 2 / 3), end]


def chains(path: str) -> list[Chain]:
    """Return the parts of a path.

    Raises:
        FormatError: the path has a command that is not known here.
    """
    found: list[Chain] = []
    for command, numbers in _commands(path):
        if command == "M":
            found.append(Chain([(numbers[0], numbers[1])]))
            continue
        chain = found[-1]
        x, y = chain.points[-1]
        match command:
            case "L":
                chain.line((numbers[0], numbers[1]))
            case "l":
                chain.line((x + numbers[0], y + numbers[1]))
            case "H" | "h":
                chain.line((numbers[0] + (x if command == "h" else 0), y))
            case "V" | "v":
                chain.line((x, numbers[0] + (y if command == "v" else 0)))
            case "Q":
                chain.curve((numbers[0], numbers[1]), (numbers[2], numbers[3]))
            case "a":
                _arc(chain, numbers)
            case "Z":
                if chain.points[-1] != chain.points[0]:
                    chain.line(chain.points[0])
                chain.closed = True
    return found


def _commands(path: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    for match in TOKEN.finditer(path):
        if match[1]:
            if match[1] not in ARGUMENTS:
                raise FormatError(f"The path command {match[1]!r} cannot be drawn here: {path!r}.")
            found.append((match[1], []))
        elif match[2]:
            found[-1][1].append(float(match[2]))
    for command, numbers in found:
        if len(numbers) != ARGUMENTS[command]:
            raise FormatError(
                f"The path command {command!r} has {len(numbers)} numbers: {path!r}."
            )
    return found


def _arc(chain: Chain, numbers: list[float]) -> None:
    """Add an arc of a circle, a quarter or less of it a piece."""
    radius, _, _, _, sweep, dx, dy = numbers
    (x, y), distance = chain.points[-1], math.hypot(dx, dy)
    half = min(distance / 2, radius)
    # The middle lies beside the chord, at its right hand in the direction of the sweep.
    height = math.sqrt(max(radius**2 - half**2, 0.0)) * (1 if sweep else -1)
    middle = (
        x + dx / 2 - dy / (distance or 1) * height,
        y + dy / 2 + dx / (distance or 1) * height,
    )
    start = math.atan2(y - middle[1], x - middle[0])
    angle = 2 * math.asin(half / radius) * (1 if sweep else -1)
    pieces = max(1, math.ceil(abs(angle) / (math.pi / 2) - 1e-9))
    step = angle / pieces
    reach = 4 / 3 * math.tan(step / 4) * radius
    for number in range(pieces):
        a, b = start + number * step, start + (number + 1) * step
        from_x, from_y = middle[0] + radius * math.cos(a), middle[1] + radius * math.sin(a)
        to_x, to_y = middle[0] + radius * math.cos(b), middle[1] + radius * math.sin(b)
        chain.points += [
            (from_x - reach * math.sin(a), from_y + reach * math.cos(a)),
            (to_x + reach * math.sin(b), to_y - reach * math.cos(b)),
            (to_x, to_y),
        ]


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
