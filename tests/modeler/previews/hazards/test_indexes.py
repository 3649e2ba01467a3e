"""Rules of indexes, each by a table of cases on the shadow."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from tests.modeler.previews.hazards.rehearsed import SMALL, Case, assert_case

PET = migrations.CreateModel(
    "Pet",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
    ],
)
BY_NAME = models.Index(fields=["name"], name="by_name")

INDEX_BLOCKS_WRITES = [
    Case(
        "an index of a model", [migrations.AddIndex("pet", BY_NAME)], [PET],
        expected=[("pets_pet.by_name", "error")],
    ),
    Case(
        "measured", [migrations.AddIndex("pet", BY_NAME)], [PET], trace=True,
        expected=[("pets_pet.by_name", "error")],
    ),
    Case(
        "a small table", [migrations.AddIndex("pet", BY_NAME)], [PET], size=SMALL,
        expected=[("pets_pet.by_name", "info")],
    ),
    Case("concurrently", [AddIndexConcurrently("pet", BY_NAME)], [PET], atomic=False),
    Case("a table that is made here", [PET, migrations.AddIndex("pet", BY_NAME)]),
]  # fmt: skip


@pytest.mark.parametrize("case", INDEX_BLOCKS_WRITES, ids=str)
def test_index_blocks_writes(shadow, case):
    for finding in assert_case("MP401", shadow, case):
        assert finding.message == "Writes to pets_pet wait while the index by_name is built."
        assert finding.evidence[0] == (
            "statement", 'CREATE INDEX "by_name" ON "pets_pet" ("name");',
        )  # fmt: skip
