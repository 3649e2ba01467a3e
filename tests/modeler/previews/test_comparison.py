"""What differs between two previews."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.previews.comparison import Line, MigrationDifference, compare_previews
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.statement import Statement
from modeler.reporting.finding import Finding, Level, Place


def migration(name: str, *sql: str, error: str = "") -> MigrationPreview:
    return MigrationPreview(
        app="pets", name=name, applied=False, atomic=True, reversible=True, error=error,
        forward=tuple(Statement(text, 0) for text in sql),
    )  # fmt: skip


def preview(*migrations: MigrationPreview, findings: tuple[Finding, ...] = ()) -> Preview:
    return Preview(
        database="default", asked="pending", nothing_pending=False, server_version="18.4",
        migrations=migrations, findings=findings,
    )  # fmt: skip


def finding(subject: str, line: int = 1) -> Finding:
    return Finding("MP401", Level.ERROR, subject, f"{subject}.", place=Place("a.py", line))


def test_findings_by_what_they_are_about_not_by_their_line():
    old = preview(findings=(finding("stays"), finding("goes")))
    new = preview(findings=(finding("comes"), finding("stays", line=9)))
    found = compare_previews(old, new)
    assert found.appeared == (finding("comes"),)
    assert found.gone == (finding("goes"),)
    assert found.same == (finding("stays", line=9),)


EIGHT = tuple("abcdefgh")


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (EIGHT, EIGHT, ()),
        (("a",), ("b",), (Line("-", "a"), Line("+", "b"))),
        ((), ("a",), (Line("+", "a"),)),
        (
            EIGHT,
            (*EIGHT[:5], "F", *EIGHT[6:]),
            (
                Line("…", ""), Line(" ", "d"), Line(" ", "e"), Line("-", "f"), Line("+", "F"),
                Line(" ", "g"), Line(" ", "h"),
            ),
        ),
    ],
    ids=["equal", "other", "more", "in the middle"],
)  # fmt: skip
def test_statements(old, new, lines):
    found = compare_previews(preview(migration("1", *old)), preview(migration("1", *new)))
    assert found.migrations == ((MigrationDifference("pets.1", "", lines),) if lines else ())
    assert found.equal == (0 if lines else 1)


def test_migrations_of_one_side():
    found = compare_previews(
        preview(migration("gone"), migration("both")), preview(migration("both"), migration("new"))
    )
    assert found.migrations == (
        MigrationDifference("pets.new", "new"), MigrationDifference("pets.gone", "old"),
    )  # fmt: skip


def test_a_failure_is_a_difference():
    fine = migration("1", "a")
    found = compare_previews(preview(fine), preview(replace(fine, error="no such table")))
    assert found.migrations[0].lines == (Line(" ", "a"), Line("+", "-- failed: no such table"))


def test_what_differs_far_down_is_said_without_the_words():
    long = tuple(str(number) for number in range(500))
    found = compare_previews(preview(migration("1", *long)), preview(migration("1", *long, "x")))
    assert found.migrations[0].lines == (Line("…", "after statement 400"),)
