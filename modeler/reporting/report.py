"""What a run of rules gives: findings, what was waived, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from modeler.reporting.context import Context
from modeler.reporting.finding import Finding, Level, in_order
from modeler.reporting.rule import Rule
from modeler.reporting.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run.

    Attributes:
        title: what was looked at.
        findings: in order, gravest first.
        waived: findings with the waiver that covers them.
        skipped: rules that could not be checked, as ``(code, reason)``.
    """

    title: str
    findings: tuple[Finding, ...] = ()
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()

    def count(self, level: Level) -> int:
        """Return the number of findings of exactly that level."""
        return sum(finding.level is level for finding in self.findings)

    def fails(self, level: Level = Level.ERROR) -> bool:
        """Tell whether a finding is as grave as that level."""
        return any(finding.level.at_least(level) for finding in self.findings)

    def waive(self, waivers: Iterable[Waiver], *, today: date) -> Report:
        """Return the report with the findings that unexpired waivers cover set aside."""
        current = [waiver for waiver in waivers if not waiver.expired(today)]
        kept: list[Finding] = []
        waived = list(self.waived)
        for finding in self.findings:
            cover = next((waiver for waiver in current if waiver.covers(finding)), None)
            if cover is None:
                kept.append(finding)
            else:
                waived.append((finding, cover))
        return replace(self, findings=tuple(kept), waived=tuple(waived))


def run_rules(title: str, rules: Iterable[Rule], context: Context) -> Report:
    """Check the rules that apply to the server and whose needs the context serves."""
    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    for rule in rules:
        if not rule.applies_to(context.server_version):
            continue
        missing = context.missing(rule.needs)
        if missing:
            skipped.append((rule.code, "needs " + ", ".join(missing)))
            continue
        findings.extend(rule.check(context.restricted_to(rule.needs)))
    return Report(title, in_order(findings), skipped=tuple(skipped))
