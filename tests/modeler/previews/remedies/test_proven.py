"""Each safe form, run on the shadow beside what it replaces."""

from __future__ import annotations

from tests.modeler.previews.project import PetProject
from tests.modeler.previews.remedies.proposed import proven

OWNER = """
migrations.CreateModel("Owner", [("id", models.BigAutoField(primary_key=True))]),
"""


def names(proposal: dict) -> list[str]:
    return [file["name"] for file in proposal["files"]]


def test_an_index(pets: PetProject):
    pets.migration("0002_by", 'migrations.AddIndex("pet", models.Index("name", name="by_name")),')
    proposal = proven(pets, "0002_by", codes=["MP401"])
    assert names(proposal) == ["0002_by"]
    assert (
        'AddIndexConcurrently("pet", models.Index("name", name="by_name"))'
        in (proposal["files"][0]["source"])
    )


def test_a_field_with_indexes(pets: PetProject):
    field = 'models.CharField(max_length=9, default="", db_index=True)'
    pets.migration("0002_tag", f'migrations.AddField("pet", "tag", {field}),')
    proposal = proven(pets, "0002_tag", codes=["MP208"])
    assert names(proposal) == [
        "0002_1_pet_tag_column", "0002_2_pet_tag_index", "0002_tag",
    ]  # fmt: skip


def test_a_foreign_key(pets: PetProject):
    pets.migration("0002_owner", OWNER)
    field = 'models.ForeignKey("pets.Owner", models.CASCADE, null=True)'
    pets.migration("0003_pet_owner", f'migrations.AddField("pet", "owner", {field}),')
    proposal = proven(pets, "0003_pet_owner", codes=["MP209"])
    assert names(proposal) == [
        "0003_1_pet_owner_column", "0003_2_pet_owner_foreign_key",
        "0003_3_pet_owner_validate_foreign_key", "0003_pet_owner",
    ]  # fmt: skip
