"""Every constraint and trigger of the shop is attacked by raw SQL, and people are told why."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.violations import KEY, REFERENCE, REQUIRED, violation_errors
from tests.orders.attacks import ATTACKS, Attack
from tests.orders.installed import FRESH, TABLES, copy_sql, is_stamped, rows, triggers
from tests.orders.sample import Sample

pytestmark = pytest.mark.django_db

# Rules with a name that the tables below take from the catalogs, so that no list is needed.
KEYS_AND_VALUES = ("p", "f", "n", "t")


def refusal(sql: str) -> tuple[str, str | None, str | None, dict[str, str]]:
    """Run the SQL to its commit; return SQLSTATE, constraint, column and what people are told."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as run:
        run.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run.execute("SET CONSTRAINTS ALL DEFERRED")
        run.execute(sql)
        run.execute("SET CONSTRAINTS ALL IMMEDIATE")
    report: Any = caught.value.__cause__.diag  # type: ignore[union-attr]
    errors = violation_errors(caught.value)
    return report.sqlstate, report.constraint_name, report.column_name, errors


@pytest.mark.parametrize(
    "attack", ATTACKS, ids=[f"{n}-{attack.constraint}" for n, attack in enumerate(ATTACKS)]
)
def test_an_attack_is_refused_by_name_and_told_at_its_field(
    attack: Attack, sample: Sample
) -> None:
    _, constraint, _, errors = refusal(attack.sql.format(**sample.keys()))
    assert constraint == attack.constraint
    assert errors == {attack.field: attack.message}


def test_every_named_rule_has_an_attack_and_every_attack_a_rule(db: None) -> None:
    constraints = {
        name
        for name, kind in rows(
            f"SELECT conname, contype FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
            f" WHERE {TABLES}"
        )
        if kind not in KEYS_AND_VALUES
    }
    # A unique rule with a condition is an index and no constraint.
    indexes = {
        name
        for (name,) in rows(
            "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c"
            f" ON c.oid = i.indrelid WHERE i.indisunique AND NOT i.indisprimary AND {TABLES}"
        )
    }
    two_column_keys = {
        name
        for (name,) in rows(
            "SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
            f" WHERE contype = 'f' AND cardinality(conkey) > 1 AND {TABLES}"
        )
    }
    raised = {
        name for _, _, source in triggers() for name in re.findall(r"CONSTRAINT = '(\w+)'", source)
    }
    assert constraints | indexes | two_column_keys | raised == {a.constraint for a in ATTACKS}


def test_every_column_that_needs_a_value_refuses_none(sample: Sample) -> None:
    columns = rows(
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        f" WHERE a.attnum > 0 AND a.attnotnull AND c.relkind = 'r' AND {TABLES}"
    )
    found, wanted = {}, {}
    for table, column in columns:
        # Stamps are set whatever is written; their own test shows it.
        if column in {"created_at", "updated_at", "version"} and is_stamped(table, column):
            continue
        found[table, column] = refusal(copy_sql(table, {column: "NULL"}))
        field = column.removesuffix("_id") if column != "pgh_id" else column
        field = column if column == "pgh_context_id" else field
        wanted[table, column] = ("23502", None, column, {field: REQUIRED})
    assert len(found) > 80
    assert found == wanted


def test_every_key_refuses_a_second_row(sample: Sample) -> None:
    keys = rows(
        "SELECT c.relname, k.conname, a.attname FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
        f" WHERE contype = 'p' AND {TABLES}"
    )
    found = {table: refusal(copy_sql(table, {})) for table, _, _ in keys}
    assert found == {table: ("23505", name, None, {column: KEY}) for table, name, column in keys}


def test_every_foreign_key_refuses_what_is_not_there(sample: Sample) -> None:
    keys = rows(
        "SELECT c.relname, k.conname, a.attname FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]"
        f" WHERE contype = 'f' AND cardinality(conkey) = 1 AND {TABLES}"
    )
    ghost = "'00000000-0000-7000-8000-000000000000'"
    found = {}
    for table, name, column in keys:
        attack = copy_sql(table, {column: ghost, **FRESH.get(table, {"id": "uuidv7()"})})
        # This one first: a stranger's order also breaks the keys of its addresses.
        found[name] = refusal(f"{attack}; SET CONSTRAINTS {name} IMMEDIATE")
    assert len(found) >= 10
    assert found == {
        name: ("23503", name, None, {column.removesuffix("_id"): REFERENCE})
        for _, name, column in keys
    }


# Triggers that refuse nothing: what raw SQL does to them is shown by the test named.
RECORDERS = {
    "stamp": "test_stamps.py",
    "log_birth": "test_transitions.py",
    "log_transition": "test_transitions.py",
    "one_at_a_time": "../catalog/test_category_tree.py",
    "insert_insert": "test_history.py",
    "update_update": "test_history.py",
    "delete_delete": "test_history.py",
}


def test_a_trigger_either_refuses_or_records(db: None) -> None:
    silent = {name for _, name, source in triggers() if "RAISE" not in source}
    assert silent == set(RECORDERS)
