"""The shop's database is what its migrations make, triggers and sequences included."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from modeler.schema.drift import drift
from modeler.sources import read_comparison, read_source

pytestmark = pytest.mark.django_db


def test_a_freshly_migrated_shop_has_no_drift_and_a_trigger_switched_off_is_one():
    call_command("schema_snapshot", "--source", "expected")
    expected, live = read_comparison("expected..database")
    assert sum(len(table.triggers) for table in expected.tables) > 20
    assert [str(change) for change in drift(live, expected)] == []
    (table, trigger) = next(
        (table.name, trigger.name) for table in live.tables for trigger in table.triggers
    )
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
    assert [str(change) for change in drift(read_source("database"), expected)] == [
        f"altered trigger default:{table}.{trigger}: enabled origin -> disabled"
    ]
