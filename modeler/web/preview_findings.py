"""Findings as the pages show them: with the page of their rule and their remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from modeler.previews.preview import Accepted
from modeler.reporting.finding import Finding
from modeler.web.preview_rules import rules_by_code


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in a page.

    Attributes:
        number: within its list, from 1.
        finding: it.
        url: of the rule's page, ``""`` where this modeler has no such rule.
        reason, owner: why it is accepted and by whom, ``""`` where it is not.
    """

    number: int
    finding: Finding
    url: str
    reason: str = ""
    owner: str = ""

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
    return [
        ShownFinding(number, finding, _url(finding)) for number, finding in enumerate(findings, 1)
    ]


def shown_accepted(accepted: Iterable[Accepted]) -> list[ShownFinding]:
    """Do the same with findings that somebody accepted."""
    return [
        ShownFinding(number, each.finding, _url(each.finding), each.reason, each.owner)
        for number, each in enumerate(accepted, 1)
    ]


def _url(finding: Finding) -> str:
    if finding.code not in rules_by_code():
        return ""
    return reverse("modeler:rule", args=[finding.code])
