"""Statements that are measured in the place of others, and what they do alike."""

from __future__ import annotations

import pytest

from modeler.previews.estimates.matching import matching
from modeler.previews.estimates.surrogate import surrogate

SOME = "abs(hashtext(ctid::text)::bigint) % 10000 < 2500"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE pet SET age = 1 WHERE name = 'a';",
         f"UPDATE pet SET age = 1 WHERE (name = 'a') IS NULL OR {SOME}"),
        ("DELETE FROM pet WHERE age > 3 AND (name = ') WHERE' OR name IS NULL) RETURNING id",
         "DELETE FROM pet WHERE (age > 3 AND (name = ') WHERE' OR name IS NULL)) IS NULL OR "
         f"{SOME} RETURNING id"),
        ("UPDATE pet SET age = (SELECT 1 WHERE true) WHERE age IN (SELECT 2 WHERE 1 = 1)",
         "UPDATE pet SET age = (SELECT 1 WHERE true) WHERE (age IN (SELECT 2 WHERE 1 = 1)) IS NULL"
         f" OR {SOME}"),
        ("UPDATE pet SET age = 1", None),
        ("INSERT INTO pet SELECT * FROM owner WHERE id > 3", None),
        ("SELECT * FROM pet WHERE id > 3", None),
        ("UPDATE pet SET age = 1 WHERE a; DELETE FROM pet WHERE b", None),
    ],
)  # fmt: skip
def test_a_condition_that_holds_for_a_share(statement, expected):
    assert matching(statement, 0.25) == expected


CHECK = "CHECK ((age > 3) IS NOT NULL OR (age > 3) IS NULL)"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('ALTER TABLE "Pet" ADD CONSTRAINT c CHECK (age > 3)',
         f'ALTER TABLE "Pet" ADD CONSTRAINT modeler_surrogate {CHECK}'),
        ("ALTER TABLE app.pet VALIDATE CONSTRAINT old",
         f'ALTER TABLE "app"."pet" ADD CONSTRAINT modeler_surrogate {CHECK}'),
        ("ALTER TABLE pet VALIDATE CONSTRAINT other", None),
        ("ALTER TABLE pet ADD UNIQUE (age)", None),
        ("ALTER TABLE pet ADD CHECK (age > 3), ADD COLUMN a int", None),
        ("UPDATE pet SET age = 3", None),
    ],
)  # fmt: skip
def test_a_check_that_holds_whatever_it_says(statement, expected):
    assert surrogate(statement, {"old": "age > 3"}) == expected


def test_the_server_evaluates_it_and_it_holds(shadow):
    """What it simplified it would not count."""
    with shadow.clone("surrogate") as clone, clone.connect().cursor() as cursor:
        cursor.execute("CREATE TABLE pet (age int)")
        cursor.execute("CREATE SEQUENCE seen")
        cursor.execute(
            "CREATE FUNCTION looks(int) RETURNS bool VOLATILE LANGUAGE sql"
            " AS 'SELECT nextval(''seen'') > 0 AND $1 > 3'"
        )
        cursor.execute("INSERT INTO pet VALUES (1), (5), (NULL)")
        statement = surrogate("ALTER TABLE pet ADD CHECK (looks(age))", {})
        cursor.execute(statement)
        cursor.execute("SELECT last_value FROM seen")
        assert cursor.fetchone()[0] in (3, 4)  # once a row, and again for NULL
