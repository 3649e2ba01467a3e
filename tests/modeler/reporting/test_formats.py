"""The whole text of each format, on one report with awkward characters."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from modeler.reporting.finding import Finding, Level, Place
from modeler.reporting.formats import FORMATS
from modeler.reporting.report import Report

REPORT = Report(
    "Specs of <shop>",
    (
        Finding(
            "MS101", Level.ERROR, "catalog.Product.sku", "It has 50% | <b>, \x00 and\nmore.",
            "Narrow it: now.", Place("a,b.py", 3), (("rows", "12"),), docs="wide",
        ),
        Finding("MS102", Level.INFO, "catalog.Tag", "Seen."),
    ),
    skipped=(("MS200", "needs data"),),
)  # fmt: skip


def test_text():
    assert FORMATS["text"](REPORT) == (
        "Specs of <shop>: 1 error, 1 info; 1 rule not checked.\n"
        "\n"
        "ERROR   MS101  catalog.Product.sku\n"
        "        It has 50% | <b>, \ufffd and more.\n"
        "        at a,b.py:3\n"
        "        rows: 12\n"
        "        → Narrow it: now.\n"
        "\n"
        "INFO    MS102  catalog.Tag\n"
        "        Seen.\n"
        "\n"
        "Not checked:\n"
        "  MS200: needs data\n"
    )


def test_github():
    assert FORMATS["github"](REPORT) == (
        "::error title=MS101 catalog.Product.sku,file=a%2Cb.py,line=3::"
        "It has 50%25 | <b>, \x00 and%0Amore.%0ANarrow it: now.\n"
        "::notice title=MS102 catalog.Tag::Seen.\n"
    )


def test_markdown():
    assert FORMATS["markdown"](REPORT) == (
        "### Specs of \\<shop\\>\n\n1 error, 1 info; 1 rule not checked.\n\n"
        "| level | code | subject | finding | next step |\n|---|---|---|---|---|\n"
        "| error | MS101 | catalog.Product.sku | It has 50% \\| \\<b\\>, \x00 and more. "
        "| Narrow it: now. |\n"
        "| info | MS102 | catalog.Tag | Seen. |  |\n"
    )


def test_json_counts_and_keeps_everything():
    document = json.loads(FORMATS["json"](REPORT))
    assert document["counts"] == {"error": 1, "warning": 0, "info": 1}
    assert [f["fingerprint"] for f in document["findings"]] == [
        f.fingerprint for f in REPORT.findings
    ]
    assert document["findings"][0]["place"] == {"file": "a,b.py", "line": 3}
    assert document["skipped"] == [{"code": "MS200", "reason": "needs data"}]


def test_sarif_points_at_the_line():
    run = json.loads(FORMATS["sarif"](REPORT))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "note"]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a,b.py"},
        "region": {"startLine": 3},
    }


def test_junit_is_xml_whatever_the_names_hold():
    suite = ElementTree.fromstring(FORMATS["junit"](REPORT).encode())
    assert suite.attrib == {
        "name": "Specs of <shop>", "tests": "3", "failures": "1", "skipped": "1", "errors": "0",
    }  # fmt: skip
    assert suite[0][0].attrib["message"] == "It has 50% | <b>, \ufffd and\nmore."


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_an_empty_report_comes_out_in_every_format(name):
    assert isinstance(FORMATS[name](Report("nothing")), str)


def test_gitlab():
    error, info = json.loads(FORMATS["gitlab"](REPORT))
    assert error == {
        "description": "It has 50% | <b>, \x00 and more. Narrow it: now.",
        "check_name": "MS101",
        "fingerprint": REPORT.findings[0].fingerprint,
        "severity": "critical",
        "location": {"path": "a,b.py", "lines": {"begin": 3}},
    }
    assert info["location"] == {"path": "catalog.Tag", "lines": {"begin": 1}}
