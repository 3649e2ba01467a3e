"""Findings that somebody accepted: in code, in a baseline file, or in admin."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from datetime import date

from modeler.reporting.finding import Finding

# The reason is part of the comment: a waiver that nobody can explain is not read as one.
COMMENT = re.compile(
    r"#\s*modeler:\s*ignore\[(?P<codes>[A-Z]{2}\d{3}(?:\s*,\s*[A-Z]{2}\d{3})*)\]\s+(?P<reason>\S.*)"
)


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted finding.

    Attributes:
        code: the rule's code.
        subject: the finding's subject; ``*`` and ``?`` match as in file names; ``""`` matches
            by place or fingerprint alone.
        reason: why it is accepted.
        owner: who accepted it, ``""`` in code (version control knows).
        expires: the last day it holds, None for ever.
        file, line: of a waiver in code: covers findings on this line and the next.
        fingerprint: of a waiver in a baseline: covers exactly that finding.
    """

    code: str
    reason: str
    subject: str = ""
    owner: str = ""
    expires: date | None = None
    file: str = ""
    line: int = 0
    fingerprint: str = ""

    def expired(self, today: date) -> bool:
        return self.expires is not None and today > self.expires

    def covers(self, finding: Finding) -> bool:
        """Tell whether the waiver speaks of that finding."""
        if self.code != finding.code:
            return False
        if self.fingerprint:
            return self.fingerprint == finding.fingerprint
        if self.file:
            place = finding.place
            return (
                place is not None
                and place.file == self.file
                and place.line in (self.line, self.line + 1)
            )
        return bool(self.subject) and fnmatch.fnmatchcase(finding.subject, self.subject)


def waivers_in_code(text: str, file: str) -> tuple[Waiver, ...]:
    """Read ``# modeler: ignore[MP101, MP102] reason`` comments of a source file."""
    return tuple(
        Waiver(code.strip(), match["reason"].strip(), file=file, line=number)
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := COMMENT.search(line))
        for code in match["codes"].split(",")
    )
