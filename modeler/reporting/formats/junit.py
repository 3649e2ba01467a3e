"""A report as JUnit XML: a test case a finding; errors and warnings fail, infos pass."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from modeler.reporting.finding import Level
from modeler.reporting.report import Report

# Characters that XML 1.0 cannot hold, not even escaped (section 2.2, production Char).
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(report: Report) -> str:
    failures = [f for f in report.findings if f.level is not Level.INFO]
    suite = ElementTree.Element(
        "testsuite",
        name=_plain(report.title),
        tests=str(len(report.findings) + len(report.skipped)),
        failures=str(len(failures)),
        skipped=str(len(report.skipped)),
        errors="0",
    )
    for finding in report.findings:
        case = ElementTree.SubElement(
            suite, "testcase", classname=finding.code, name=_plain(finding.subject)
        )
        if finding.level is not Level.INFO:
            failure = ElementTree.SubElement(
                case, "failure", type=str(finding.level), message=_plain(finding.message)
            )
            failure.text = _plain(finding.hint)
    for code, reason in report.skipped:
        case = ElementTree.SubElement(suite, "testcase", classname=code, name=code)
        ElementTree.SubElement(case, "skipped", message=_plain(reason))
    ElementTree.indent(suite)
    body = ElementTree.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _plain(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)
