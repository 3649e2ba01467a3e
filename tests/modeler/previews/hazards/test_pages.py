"""The index of rules in docs/ says what the registry holds."""

from __future__ import annotations

import re
from pathlib import Path

from modeler.previews.hazards.hazard import Hazard
from modeler.previews.hazards.rules import all_hazards
from modeler.reporting.rule import page_of

INDEX = Path(__file__).resolve().parents[4] / "docs" / "rules.md"
ROW = re.compile(r"\| \[(MP\d{3})\]\(\.\./(.+?)\) \| (.+?) \| (.+?) \| (.*?) \|")


def test_the_index_lists_every_rule_with_its_page():
    root = INDEX.parents[1]
    rules = {
        (
            rule.code,
            str(page_of(type(rule)).relative_to(root)),
            rule.title,
            rule.level.value,
            rule.opt_in if isinstance(rule, Hazard) else "",
        )
        for rule in all_hazards()
    }
    assert set(ROW.findall(INDEX.read_text("utf-8"))) == rules


def test_pages_begin_with_code_and_title():
    for rule in all_hazards():
        first = page_of(type(rule)).read_text("utf-8").splitlines()[0]
        assert first.startswith(f"# {rule.code}: "), first
