"""Findings as the pages show them: with the page of their rule and their remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from modeler.previews.preview import Accepted
from modeler.reporting.finding import Finding, Remedy
from modeler.web.preview_rules import rules_by_code


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in a page.

    Attributes:
        number: within its list, from 1.
        finding: it.
        url: of the rule's page, ``""`` where this modeler has no such rule.
        reason, owner: why it is accepted and by whom, ``""`` where it is not.
        answered_at: number of the first finding of the list with the same remedy, its own where
            it is that.
    """

    number: int
    finding: Finding
    url: str
    reason: str = ""
    owner: str = ""
    answered_at: int = 0

    @property
    def diff(self) -> list[tuple[str, str]]:
        """The remedy's diff, a line and the kind of it each."""
        remedy = self.finding.remedy
        lines = remedy.diff.removesuffix("\n").split("\n") if remedy and remedy.diff else []
        return [(_kind(line), line) for line in lines]

    @property
    def migration(self) -> str:
        """What the finding's subject is about: the key of a migration, or something else."""
        return self.finding.subject.partition(":")[0]

    @property
    def label(self) -> str:
        """The number as text, for anchors."""
        return str(self.number)

    @property
    def operations(self) -> str:
        """The remedy's operations as one text, to copy."""
        remedy = self.finding.remedy
        return "\n".join(remedy.operations) if remedy else ""

    @property
    def sql(self) -> str:
        """The remedy's statements as one text, to copy."""
        remedy = self.finding.remedy
        return "\n".join(remedy.sql) if remedy else ""


def shown_findings(findings: Iterable[Finding]) -> list[ShownFinding]:
    """Number the findings and find the pages of their rules."""
    first: dict[Remedy, int] = {}
    return [
        ShownFinding(
            number,
            finding,
            _url(finding),
            answered_at=first.setdefault(finding.remedy, number) if finding.remedy else 0,
        )
        for number, finding in enumerate(findings, 1)
    ]


def shown_accepted(accepted: Iterable[Accepted]) -> list[ShownFinding]:
    """Do the same with findings that somebody accepted."""
    return [
        ShownFinding(
            number, each.finding, _url(each.finding), each.reason, each.owner, answered_at=number
        )
        for number, each in enumerate(accepted, 1)
    ]


def _kind(line: str) -> str:
    """Return what a line of a diff is: ``file``, ``place``, ``new``, ``old`` or ``same``."""
    if line.startswith(("--- ", "+++ ")):
        return "file"
    if line.startswith("@@"):
        return "place"
    return {"+": "new", "-": "old"}.get(line[:1], "same")


def _url(finding: Finding) -> str:
    if finding.code not in rules_by_code():
        return ""
    return reverse("modeler:rule", args=[finding.code])
