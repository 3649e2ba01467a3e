"""Each safe form, run on the shadow beside what it replaces."""

from __future__ import annotations

import django
import pytest
from django.db import migrations, models

from tests.modeler.previews.hazards.rehearsed import Case
from tests.modeler.previews.remedies.tried import assert_proven

OWNER = migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))])
PET = migrations.CreateModel(
    "Pet",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
    ],
)
BY_NAME = models.Index(fields=["name"], name="by_name")


def add(name: str, field: models.Field) -> migrations.AddField:
    return migrations.AddField("pet", name, field)


INDEXED = migrations.AlterField("pet", "name", models.CharField(max_length=20, db_index=True))
CONDITION = "condition" if django.VERSION >= (5, 1) else "check"
LONG = models.CheckConstraint(**{CONDITION: models.Q(age__gte=0)}, name="old_enough")
CASES = [
    ("an index of a model", [migrations.AddIndex("pet", BY_NAME)], [PET], ["0002_pending"]),
    (
        "a field with an index and its index for LIKE",
        [add("tag", models.CharField(max_length=9, default="", db_index=True))],
        [PET],
        ["0002_1_pet_tag_column", "0002_2_pet_tag_index", "0002_pending"],
    ),
    (
        "a nullable foreign key",
        [add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        [OWNER, PET],
        ["0002_1_pet_owner_column", "0002_2_pet_owner_index", "0002_3_pet_owner_foreign_key",
         "0002_pending"],
    ),
    (
        "a foreign key that is required, with a default",
        [add("owner", models.ForeignKey("pets.Owner", models.CASCADE, default=1))],
        [OWNER, PET],
        ["0002_1_pet_owner_column", "0002_2_pet_owner_index", "0002_3_pet_owner_foreign_key",
         "0002_pending"],
    ),
    (
        "a one-to-one field",
        [add("owner", models.OneToOneField("pets.Owner", models.CASCADE, null=True))],
        [OWNER, PET],
        ["0002_1_pet_owner_column", "0002_2_pet_owner_unique_index",
         "0002_3_pet_owner_unique_foreign_key", "0002_pending"],
    ),
    (
        "a positive number",
        [add("legs", models.PositiveSmallIntegerField(null=True))],
        [PET],
        ["0002_1_pet_legs_column_check", "0002_pending"],
    ),
    (
        "a positive number, required",
        [add("legs", models.PositiveSmallIntegerField(default=4))],
        [PET],
        ["0002_1_pet_legs_column_check", "0002_pending"],
    ),
    (
        "a unique field",
        [add("tag", models.CharField(max_length=9, null=True, unique=True))],
        [PET],
        ["0002_1_pet_tag_column", "0002_2_pet_tag_like_index", "0002_3_pet_tag_unique_index",
         "0002_pending"],
    ),
    (
        "a check",
        [migrations.AddConstraint("pet", LONG)],
        [PET],
        ["0002_1_pet_old_enough", "0002_pending"],
    ),
    (
        "a unique constraint",
        [migrations.AddConstraint(
            "pet", models.UniqueConstraint(fields=["name", "age"], name="one_each"))],
        [PET],
        ["0002_1_pet_one_each_unique_index", "0002_pending"],
    ),
    (
        "a deferrable unique constraint",
        [migrations.AddConstraint(
            "pet", models.UniqueConstraint(
                fields=["name"], name="one_each", deferrable=models.Deferrable.DEFERRED))],
        [PET],
        ["0002_1_pet_one_each_unique_index", "0002_pending"],
    ),
    (
        "a unique constraint with a condition",
        [migrations.AddConstraint(
            "pet", models.UniqueConstraint(
                fields=["name"], name="one_each", condition=models.Q(age__isnull=True)))],
        [PET],
        ["0002_pending"],
    ),
    (
        "unique_together",
        [migrations.AlterUniqueTogether("pet", {("name", "age")})],
        [PET],
        ["0002_1_pet_unique_index", "0002_pending"],
    ),
    (
        "an index that goes",
        [migrations.RemoveIndex("pet", "by_name")],
        [PET, migrations.AddIndex("pet", BY_NAME)],
        ["0002_pending"],
    ),
    (
        "a field that gets an index",
        [migrations.AlterField("pet", "name", models.CharField(max_length=20, db_index=True))],
        [PET],
        ["0002_1_pet_name_index", "0002_pending"],
    ),
    (
        "a field that loses its index",
        [migrations.AlterField("pet", "name", models.CharField(max_length=20))],
        [PET, INDEXED],
        ["0002_1_pet_name_drop_index", "0002_pending"],
    ),
    (
        "a field that becomes unique",
        [migrations.AlterField("pet", "name", models.CharField(max_length=20, unique=True))],
        [PET],
        ["0002_1_pet_name_unique_index", "0002_2_pet_name_unique", "0002_pending"],
    ),
    (
        "NULL no more, with a default",
        [migrations.AlterField("pet", "age", models.IntegerField(default=1))],
        [PET],
        ["0002_1_pet_age_column", "0002_2_pet_age_fill", "0002_3_pet_age_validate_present",
         "0002_pending"],
    ),
    (
        "NULL no more, with the default that it had",
        [migrations.AlterField("pet", "age", models.IntegerField(default=1))],
        [PET, migrations.AlterField("pet", "age", models.IntegerField(default=1, null=True))],
        ["0002_1_pet_age_fill", "0002_2_pet_age_validate_present", "0002_pending"],
    ),
    (
        "a number that becomes positive and required",
        [migrations.AlterField("pet", "age", models.PositiveIntegerField(default=1))],
        [PET],
        ["0002_1_pet_age_column", "0002_2_pet_age_fill", "0002_3_pet_age_validate_present",
         "0002_4_pet_age_not_null_check", "0002_5_pet_age_validate_check", "0002_pending"],
    ),
    (
        "a foreign key that becomes nullable",
        [migrations.AlterField("pet", "owner",
                               models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, default=1))],
        ["0002_pending"],
    ),
    (
        "a foreign key that becomes required",
        [migrations.AlterField("pet", "owner",
                               models.ForeignKey("pets.Owner", models.CASCADE))],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        ["0002_1_pet_owner_present", "0002_2_pet_owner_validate_present", "0002_pending"],
    ),
    (
        "a foreign key that becomes one-to-one",
        [migrations.AlterField("pet", "owner",
                               models.OneToOneField("pets.Owner", models.CASCADE, null=True))],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        ["0002_1_pet_owner_drop_index", "0002_2_pet_owner_unique_index", "0002_pending"],
    ),
    (
        "a foreign key whose field is renamed",
        [migrations.RenameField("pet", "owner", "keeper")],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        ["0002_pending"],
    ),
    (
        "a model that is renamed, and referred to",
        [migrations.RenameModel("Owner", "Keeper")],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        ["0002_1_owner_keeper_rename", "0002_pending"],
    ),
    (
        "a foreign key that loses its index",
        [migrations.AlterField(
            "pet", "owner",
            models.ForeignKey("pets.Owner", models.CASCADE, null=True, db_index=False))],
        [OWNER, PET, add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))],
        ["0002_pending"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("operations", "before", "names"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_form(shadow, operations, before, names):
    found = assert_proven(shadow, Case("", operations, before))
    assert found.names == names
