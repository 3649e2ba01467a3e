"""What the server says of its own work, at the level ``debug1``.

Source: PostgreSQL's commands/tablecmds.c and catalog/index.c; the words are the same from 14 to 18
where messages are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

QUOTED = r'"((?:[^"]|"")*)"'
REWRITING = re.compile(rf"rewriting table {QUOTED}")
VERIFYING = re.compile(rf"verifying table {QUOTED}")
BUILDING = re.compile(rf"building index {QUOTED} on table {QUOTED}")
VALIDATING = re.compile(rf"validating foreign key constraint {QUOTED}")
PROVEN = re.compile(r"existing constraints .* are sufficient|is implied by existing constraints")
# Raised by modeler's own event trigger; see rewrites.py.
REASON = re.compile(r"modeler: rewrite (\d+) (\d+)")


@dataclass(frozen=True, slots=True)
class Noted:
    """Names, without schema, as the messages have them.

    Attributes:
        built: pairs of index and table.
        reasons: pairs of a table's number and the bits of its reason (see rewrites.py).
        texts: the messages that were understood.
    """

    rewritten: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    built: tuple[tuple[str, str], ...] = ()
    validated: tuple[str, ...] = ()
    reasons: tuple[tuple[int, int], ...] = ()
    texts: tuple[str, ...] = ()


def noted(messages: Iterable[str]) -> Noted:
    """Read messages; others are left out."""
    rewritten, verified, built, validated = [], [], [], []
    reasons, texts = [], []
    for message in messages:
        if found := REASON.match(message):
            reasons.append((int(found[1]), int(found[2])))
            continue
        if found := REWRITING.match(message):
            rewritten.append(found[1])
        elif found := VERIFYING.match(message):
            verified.append(found[1])
        elif found := BUILDING.match(message):
            built.append((found[1], found[2]))
        elif found := VALIDATING.match(message):
            validated.append(found[1])
        elif not PROVEN.search(message):
            continue
        texts.append(message)
    return Noted(
        tuple(rewritten), tuple(verified), tuple(built), tuple(validated), tuple(reasons),
        tuple(texts),
    )  # fmt: skip
