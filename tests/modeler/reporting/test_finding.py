from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from modeler.errors import FormatError
from modeler.reporting.baseline import read_baseline, write_baseline
from modeler.reporting.finding import Finding, Level, Place, in_order
from modeler.reporting.report import Report
from modeler.reporting.waiver import Waiver, waivers_in_code

SKU = Finding("MS101", Level.ERROR, "catalog.Product.sku", "The sku is too wide.")


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"place": Place("models.py", 12)}, True),
        ({"evidence": (("rows", "12"),)}, True),
        ({"level": Level.INFO}, True),
        ({"code": "MS102"}, False),
        ({"subject": "catalog.Product.name"}, False),
        ({"message": "The sku is too narrow."}, False),
    ],
)
def test_fingerprint_follows_the_meaning(change, same):
    assert (replace(SKU, **change).fingerprint == SKU.fingerprint) is same


def test_order_is_gravest_first_then_by_subject():
    info = replace(SKU, level=Level.INFO, subject="a")
    warning = replace(SKU, level=Level.WARNING, subject="b")
    other = replace(SKU, subject="catalog.Category.name")
    assert in_order([info, SKU, warning, other]) == (other, SKU, warning, info)


@pytest.mark.parametrize(
    ("waiver", "covers"),
    [
        (Waiver("MS101", "known", subject="catalog.Product.sku"), True),
        (Waiver("MS101", "known", subject="catalog.*"), True),
        (Waiver("MS101", "known", subject="orders.*"), False),
        (Waiver("MS102", "known", subject="catalog.*"), False),
        (Waiver("MS101", "known"), False),
        (Waiver("MS101", "known", file="m.py", line=4), True),
        (Waiver("MS101", "known", file="m.py", line=5), True),
        (Waiver("MS101", "known", file="m.py", line=6), False),
        (Waiver("MS101", "known", file="n.py", line=4), False),
        (Waiver("MS101", "known", subject="*", expires=date(2026, 1, 1)), False),
        (Waiver("MS101", "known", subject="*", expires=date(2026, 1, 2)), True),
    ],
)
def test_waivers_cover_what_they_name_until_they_expire(waiver, covers):
    finding = replace(SKU, place=Place("m.py", 5))
    report = Report("shop", (finding,)).waive([waiver], today=date(2026, 1, 2))
    assert (report.waived == ((finding, waiver),)) is covers
    assert (report.findings == ()) is covers
    assert report.fails() is not covers


def test_waivers_in_code_need_a_reason():
    text = "x = 1  # modeler: ignore[MS101, MP204] legacy import\n# modeler: ignore[MS101]\n"
    assert waivers_in_code(text, "a.py") == (
        Waiver("MS101", "legacy import", file="a.py", line=1),
        Waiver("MP204", "legacy import", file="a.py", line=1),
    )


def test_baseline_covers_exactly_its_findings():
    other = replace(SKU, subject="catalog.Product.name")
    waivers = read_baseline(write_baseline([SKU]))
    report = Report("shop", (SKU, other)).waive(waivers, today=date(2026, 1, 1))
    assert report.findings == (other,)
    assert write_baseline([SKU, other]) == write_baseline([other, SKU])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "modeler.baseline", "version": 9}',
        '{"format": "modeler.baseline", "version": 1, "findings": {"a": 1}}',
    ],
)
def test_a_file_that_is_no_baseline_is_refused_with_the_next_step(text):
    with pytest.raises(FormatError, match=r"not JSON|write it anew"):
        read_baseline(text)
