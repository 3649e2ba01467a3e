"""Python source under construction, and the values that it refers to by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Program:
    """Functions that are written, then made in one go.

    Args:
        names: what the source may name beside its own values.

    Every name within is made here and every value of a validator is referred to by such a name or
    as ``repr`` of a text, so that nothing in a validator can become code.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names: dict[str, Any] = dict(names)
        self._held: dict[int, str] = {}
        self._count = 0

    def name(self, hint: str) -> str:
        """Return a name that is used nowhere else."""
        self._count += 1
        return f"{hint}{self._count}"

    def constant(self, value: Any, hint: str = "k") -> str:
        """Return the name of a value; the same object keeps its name."""
        if (known := self._held.get(id(value))) is not None:
            return known
        name = self.name(hint)
        self.names[name] = value
        self._held[id(value)] = name
        return name

    def function(self, parameters: Sequence[str], lines: Sequence[str]) -> str:
        """Make a function of those lines and return its name."""
        name = self.name("f")
        body = "\n    ".join(lines)
        source = f"def {name}({', '.join(parameters)}):\n    {body}\n"
        exec(compile(source, f"<validator {name}>", "exec"), self.names)
        return name

    def made(self, name: str) -> Callable[..., Any]:
        """Return a function that was made."""
        found: Callable[..., Any] = self.names[name]
        return found
