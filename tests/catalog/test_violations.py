"""A refusal that the shop does not know is told in the server's words."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from catalog.violations import FIELDS, violation_errors, violations
from orders.violations import FIELDS as ORDER_FIELDS
from tests.orders.installed import execute
from tests.orders.sample import Sample


def test_every_field_of_the_map_is_one_of_a_model() -> None:
    known = violations()
    assert set(FIELDS) | set(ORDER_FIELDS) <= set(known)
    assert all(violation.message for violation in known.values())


def test_an_unknown_constraint_is_told_as_the_server_does(sample: Sample) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("ALTER TABLE catalog_tag ADD CONSTRAINT short CHECK (length(name) < 9)")
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        execute("UPDATE catalog_tag SET name = 'a rather long name'")
    assert violation_errors(caught.value) == {
        "__all__": 'new row for relation "catalog_tag" violates check constraint "short"'
    }


def test_an_error_of_no_server() -> None:
    assert violation_errors(IntegrityError("what?")) == {"__all__": "what?"}
