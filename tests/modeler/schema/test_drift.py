"""Drift on a real PostgreSQL: one planted fault, exactly one finding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError

from modeler.postgres.shadow import Clone, Shadow
from modeler.schema.catalog_view import catalog_views
from modeler.schema.changes import Change
from modeler.schema.drift import drift, version_mismatch
from modeler.schema.encoding import from_json, to_json
from modeler.schema.live import read_database
from modeler.schema.schema import Origin, OriginKind, Schema
from tests.modeler.schema.drift_faults import FAULTS, GOOD, NO_FAULTS


@pytest.fixture(scope="module")
def good(shadow_of_session: Shadow, django_db_blocker: Any) -> Iterator[Clone]:
    with django_db_blocker.unblock(), shadow_of_session.clone("drift") as clone:
        with clone.connect("default").cursor() as cursor:
            cursor.execute(GOOD)
        yield clone


@pytest.fixture
def connection(good: Clone, shadow: Shadow) -> Iterator[Any]:
    made = good.connect("default")
    yield made
    made.close()


@pytest.fixture(scope="module")
def expected(good: Clone, django_db_blocker: Any) -> Schema:
    with django_db_blocker.unblock():
        read = read_database(good.connect("default"))
    # As it is kept and read back.
    made = replace(read, origin=Origin(OriginKind.EXPECTED, "default"))
    return from_json(to_json(made))


@contextmanager
def planted(connection: Any, sql: str) -> Iterator[Schema]:
    connection.set_autocommit(False)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        yield read_database(connection)
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def test_a_database_as_expected_has_no_drift(connection: Any, expected: Schema) -> None:
    assert drift(read_database(connection), expected) == ()


@pytest.mark.parametrize(("sql", "finding"), FAULTS.values(), ids=list(FAULTS))
def test_one_planted_fault_is_one_finding(
    connection: Any, expected: Schema, sql: str, finding: str
) -> None:
    with planted(connection, sql) as live:
        found = drift(live, expected)
    assert len(found) == 1, [str(change) for change in found]
    # Whole trees are long in text; the attribute and both values stand beside.
    assert str(found[0]).startswith(finding)
    assert found[0].before != found[0].after
    turned = drift(expected, live)
    assert [(c.part, c.attribute) for c in turned] == [(c.part, c.attribute) for c in found]


@pytest.mark.parametrize("sql", NO_FAULTS.values(), ids=list(NO_FAULTS))
def test_what_is_no_drift(connection: Any, expected: Schema, sql: str) -> None:
    with planted(connection, sql) as live:
        assert [str(change) for change in drift(live, expected)] == []


def test_an_invalid_index_is_a_finding(shadow: Shadow, good: Clone, expected: Schema) -> None:
    """CREATE INDEX CONCURRENTLY runs in no transaction, and leaves what it could not finish."""
    with shadow.clone("invalid", template=good) as clone:
        made, busy = clone.connect("default"), clone.connect("default")
        with made.cursor() as cursor, busy.cursor() as other:
            cursor.execute("DROP INDEX item_lower")
            other.execute("BEGIN")
            other.execute("LOCK TABLE item IN ROW EXCLUSIVE MODE")
            cursor.execute("SET lock_timeout = '50ms'")
            with pytest.raises(DatabaseError, match="lock timeout"):
                cursor.execute("CREATE INDEX CONCURRENTLY item_lower ON item (lower(note))")
            other.execute("ROLLBACK")
        assert [str(change) for change in drift(read_database(made), expected)] == [
            "altered index default:item.item_lower: valid True -> False"
        ]


def test_what_could_not_be_read_is_not_taken_for_drift(expected: Schema) -> None:
    (locked,) = [table for table in expected.tables if table.name == "item"]
    blind = replace(
        locked,
        columns=tuple(replace(c, database_default=None, generated=None) for c in locked.columns),
        unread=(("expressions", "locked"),),
    )
    tables = tuple(blind if table is locked else table for table in expected.tables)
    live = replace(expected, tables=tables, origin=Origin(OriginKind.DATABASE))
    assert drift(live, expected) == ()
    assert live.missing == (("default:item.expressions", "locked"),)
    assert catalog_views(expected, live)[0].tables


def test_other_major_versions_are_named(expected: Schema) -> None:
    assert version_mismatch(expected, expected) == ""
    old = replace(expected, vendors=(("default", "postgresql", "14.9"),))
    assert version_mismatch(old, expected).startswith(
        "'default' is on PostgreSQL 14.9, what is expected was made on "
    )


def test_a_finding_has_path_before_and_after(connection: Any, expected: Schema) -> None:
    with planted(connection, FAULTS["changed length"][0]) as live:
        (found,) = drift(live, expected)
    assert (found.path, found.attribute, found.before, found.after) == (
        "default:item.code", "database_type", "character varying(10)", "character varying(20)",
    )  # fmt: skip
    assert isinstance(found, Change)
