"""Output formats of a report: one function a file, from Report to text."""

from __future__ import annotations

from collections.abc import Callable

from modeler.reporting.formats.github import to_github
from modeler.reporting.formats.gitlab import to_gitlab
from modeler.reporting.formats.json import to_json
from modeler.reporting.formats.junit import to_junit
from modeler.reporting.formats.markdown import to_markdown
from modeler.reporting.formats.sarif import to_sarif
from modeler.reporting.formats.text import to_text
from modeler.reporting.report import Report

FORMATS: dict[str, Callable[[Report], str]] = {
    "text": to_text,
    "json": to_json,
    "sarif": to_sarif,
    "junit": to_junit,
    "github": to_github,
    "gitlab": to_gitlab,
    "markdown": to_markdown,
}
