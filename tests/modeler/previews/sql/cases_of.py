"""Cases: a statement on one line, what it says on the next, indented."""

from __future__ import annotations

from pathlib import Path

from modeler.postgres.locks import LockMode
from modeler.previews.sql import actions, commands, definitions
from modeler.previews.sql.commands import Command

FOLDER = Path(__file__).with_name("cases")
WORDS = {**vars(definitions), **vars(actions), **vars(commands), "LockMode": LockMode}


def cases() -> list[tuple[str, Command]]:
    """Return every statement with the value that it must be read as."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text().strip().split("\n\n"):
            statement, value = block.split("\n    ")
            found.append((statement, eval(value, dict(WORDS))))
    return found
