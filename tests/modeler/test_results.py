"""Results as they are kept: with the specifications that they were made for."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from modeler.models import StoredResult
from modeler.results import newest, result_store

pytestmark = pytest.mark.django_db

KIND = StoredResult.Kind.PROOF


def test_specifications_are_read_back() -> None:
    made_for = {"orders": "0123456789abcdef"}
    result_store(
        kind=KIND, subject="", command="manage.py", fingerprint="", payload=[],
        specifications=made_for,
    )  # fmt: skip
    kept = newest(KIND)
    assert kept is not None and kept.specifications == made_for


def test_a_result_that_is_not_of_collections_has_none() -> None:
    result_store(kind=KIND, subject="", command="manage.py", fingerprint="", payload=[])
    assert StoredResult.objects.filter(specifications__isnull=True).count() == 1


def test_the_column_comes_and_goes_with_its_migration_and_results_stay() -> None:
    """What was stored before it has no specifications, so that it counts as older."""
    result_store(
        kind=KIND, subject="", command="manage.py", fingerprint="", payload=["kept"],
        specifications={"orders": "0123456789abcdef"},
    )  # fmt: skip
    call_command("migrate", "modeler", "0004_results_of_collections", verbosity=0)
    call_command("migrate", "modeler", verbosity=0)
    kept = newest(KIND)
    assert kept is not None and (kept.payload, kept.specifications) == (["kept"], None)
