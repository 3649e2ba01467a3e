from __future__ import annotations

import pytest

from modeler.errors import ConfigurationError
from modeler.reporting.context import Context, Need
from modeler.reporting.finding import Finding, Level
from modeler.reporting.report import run_rules
from modeler.reporting.rule import Rule, RuleRegistry
from modeler.schema.schema import Schema

PAGE = "# Title\n\n## Problem\n\na\n\n## Why\n\nb\n\n## Fix\n\nc\n\n## When to ignore\n\nd\n"

SOURCE = """
from modeler.reporting.context import Need
from modeler.reporting.finding import Level
from modeler.reporting.rule import Rule

class Wide(Rule):
    code = "MS101"
    slug = "wide"
    title = "Wide"
    level = Level.ERROR
    hint = "Narrow it."
    needs = frozenset({Need.MODELS})

    def check(self, context):
        for table in context.models.tables:
            yield self.finding(table.key, "Too wide.")
"""


@pytest.fixture
def wide(tmp_path, monkeypatch):
    """A rule class in a file of its own, with its page beside it."""
    (tmp_path / "wide_rule.py").write_text(SOURCE)
    (tmp_path / "wide.md").write_text(PAGE)
    monkeypatch.syspath_prepend(tmp_path)
    import importlib

    import wide_rule

    return importlib.reload(wide_rule).Wide


def test_a_rule_with_its_page_is_registered(wide):
    registry = RuleRegistry("MS")
    registry.register(wide)
    assert [rule.code for rule in registry] == ["MS101"]


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("code", "MX101", "is not MS and three digits"),
        ("code", "MS1", "is not MS and three digits"),
        ("slug", "narrow", "has no page: write narrow.md"),
    ],
)
def test_a_malformed_rule_is_refused(wide, attribute, value, message):
    setattr(wide, attribute, value)
    with pytest.raises(ConfigurationError, match=message):
        RuleRegistry("MS").register(wide)


def test_a_page_without_its_four_parts_is_refused(wide, tmp_path):
    (tmp_path / "wide.md").write_text(PAGE.replace("## Fix", "## Mend"))
    with pytest.raises(ConfigurationError, match="lacks the part 'Fix'"):
        RuleRegistry("MS").register(wide)


def test_a_code_is_given_once(wide):
    registry = RuleRegistry("MS")
    registry.register(wide)
    with pytest.raises(ConfigurationError, match="repeats the code or slug of Wide"):
        registry.register(wide)


class Version(Rule):
    code, slug, title, level = "MS900", "version", "Version", Level.INFO
    since, until = 15, 17

    def check(self, context):
        yield Finding(self.code, self.level, "server", "Seen.")


@pytest.mark.parametrize(
    ("version", "applies"), [(14, False), (15, True), (17, True), (18, False), (None, True)]
)
def test_a_rule_speaks_of_its_server_versions(version, applies):
    report = run_rules("x", [Version()], Context({}, server_version=version))
    assert bool(report.findings) is applies


def test_a_rule_whose_needs_are_missing_is_named_not_passed_over(wide):
    report = run_rules("x", [wide()], Context({Need.CATALOG: Schema()}))
    assert report.findings == ()
    assert report.skipped == (("MS101", "needs models"),)


def test_a_rule_gets_only_what_it_declared(wide):
    context = Context({Need.MODELS: Schema(), Need.DATA: object()}).restricted_to(wide.needs)
    assert context.models == Schema()
    with pytest.raises(KeyError):
        context[Need.DATA]
