"""Columns that are filled, forgotten or renamed; run on the shadow beside what they replace."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models
from django.db.models.functions import Now

from tests.modeler.previews.hazards.rehearsed import Case
from tests.modeler.previews.remedies.test_forms import BY_NAME, CONDITION, OWNER, PET, add
from tests.modeler.previews.remedies.tried import assert_proven, tried


class RandomUUID(models.Func):
    template = "gen_random_uuid()"
    output_field = models.UUIDField()

    def deconstruct(self):
        return (f"{__name__}.RandomUUID", [], {})


needs_db_default = pytest.mark.skipif(
    not hasattr(models.Field(), "db_default"), reason="no db_default before Django 5.0"
)


@needs_db_default
@pytest.mark.parametrize("null", [True, False])
def test_a_volatile_default_of_the_database(shadow, null):
    field = models.UUIDField(db_default=RandomUUID(), null=null)
    found = assert_proven(shadow, Case("", [add("code", field)], [PET]), codes=["MP203"])
    assert found.names[:2] == ["0002_1_pet_code_column", "0002_2_pet_code_fill"] or null
    assert len(found.names) == (2 if null else 4)


@needs_db_default
def test_a_stable_default_of_the_database_is_safe(shadow):
    field = models.DateTimeField(db_default=Now())
    assert tried(shadow, Case("", [add("at", field)], [PET])).remedies.proposals == ()


def test_a_required_column_without_a_default(shadow):
    field = models.IntegerField()
    found = assert_proven(shadow, Case("", [add("legs", field)], [PET]), codes=["MP201"])
    assert found.names == [
        "0002_1_pet_legs_column", "0002_2_pet_legs_fill", "0002_3_pet_legs_validate_present",
        "0002_pending",
    ]  # fmt: skip
    assert found.proposal.undone == (
        "Rows that are there get 0 in legs: "
        "write the right value into the function that fills it.",
    )


def test_a_default_stays_until_the_old_code_is_gone(shadow):
    field = models.IntegerField(default=4)
    found = assert_proven(shadow, Case("", [add("legs", field)], [PET]), codes=["MP202"])
    assert found.names == ["0002_pending", "0003_pet_legs_drop_default"]
    assert [file.later for file in found.proposal.files] == [False, True]
    first, later = found.sources.values()
    assert "SET DEFAULT 4" in first and "DROP DEFAULT" in later


def test_a_default_stays_beside_a_check(shadow):
    field = models.PositiveIntegerField(default=4)
    found = assert_proven(shadow, Case("", [add("legs", field)], [PET]), codes=["MP202", "MP212"])
    assert found.names[-1] == "0003_pet_legs_drop_default"


@pytest.mark.parametrize(
    "field",
    [
        models.IntegerField(default=1),
        models.IntegerField(null=True),
        models.CharField(max_length=9, unique=True, null=True),
        models.ForeignKey("pets.Owner", models.CASCADE, null=True),
        models.ForeignKey("pets.Owner", models.CASCADE),
        models.ManyToManyField("pets.Owner"),
    ],
    ids=["required", "null", "unique", "foreign key", "required foreign key", "many to many"],
)
def test_a_field_is_forgotten_before_it_is_dropped(shadow, field):
    case = Case("", [migrations.RemoveField("pet", "old")], [OWNER, PET, add("old", field)])
    found = assert_proven(shadow, case, codes=["MP215"])
    assert found.names == ["0002_pending", "0003_drop_pet_old"]
    assert "release after that" in found.proposal.notes[-1]


def test_a_table_is_forgotten_before_it_is_dropped(shadow):
    keeper = add("owner", models.ForeignKey("pets.Owner", models.CASCADE, null=True))
    case = Case(
        "",
        [migrations.RemoveField("pet", "owner"), migrations.DeleteModel("Owner")],
        [OWNER, PET, keeper],
    )
    found = assert_proven(shadow, case, codes=["MP102", "MP215"])
    assert found.names[-1] == "0003_drop_pet_owner_owner"


def test_a_renamed_field_keeps_its_column(shadow):
    case = Case("", [migrations.RenameField("pet", "age", "years")], [PET])
    found = assert_proven(shadow, case, codes=["MP220"])
    assert found.names == ["0002_pending"]
    assert 'db_column="age"' in found.proposal.notes[-1]


def test_a_renamed_model_keeps_its_table(shadow):
    case = Case("", [migrations.RenameModel("Pet", "Animal")], [PET])
    found = assert_proven(shadow, case, codes=["MP104"])
    assert 'db_table = "pets_pet"' in found.proposal.notes[-1]


def test_a_renamed_model_with_pairs_has_no_remedy(shadow):
    pairs = add("owners", models.ManyToManyField("pets.Owner"))
    case = Case("", [migrations.RenameModel("Pet", "Animal")], [OWNER, PET, pairs])
    assert "`through`" in tried(shadow, case, codes=["MP104"]).without.reasons[0]


def count(apps, schema_editor):
    apps.get_model("pets", "Pet").objects.count()


def test_operations_that_work_and_lock_get_files_of_their_own(shadow):
    case = Case(
        "",
        [
            add("a", models.IntegerField(null=True)),
            migrations.RunPython(count, migrations.RunPython.noop),
            add("b", models.IntegerField(null=True)),
            migrations.AddIndex("pet", BY_NAME),
        ],
        [PET],
    )
    found = assert_proven(shadow, case, codes=["MP503", "MP401"])
    assert found.names == [
        "0002_1_pet_a", "0002_2_count", "0002_3_pet_b", "0002_pending",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [(models.UUIDField, uuid.uuid4), (models.CharField, None)]
)
def test_rows_are_filled_along_any_key(shadow, key, value):
    extra = {"default": value} if value else {"max_length": 40}
    model = migrations.CreateModel(
        "Pet", [("key", key(primary_key=True, **extra)), ("age", models.IntegerField(null=True))]
    )
    case = Case("", [migrations.AlterField("pet", "age", models.IntegerField(default=3))], [model])
    found = assert_proven(shadow, case, codes=["MP223"])
    assert 'SELECT "key" FROM "pets_pet"' in found.sources["0002_2_pet_age_fill"]


TYPES = [
    ("integer to bigint", models.IntegerField(null=True), models.BigIntegerField(null=True)),
    ("required", models.IntegerField(default=1), models.BigIntegerField(default=1)),
    ("with USING", models.IntegerField(default=1), models.CharField(max_length=20, default="1")),
    ("narrower", models.CharField(max_length=200), models.CharField(max_length=100)),
    ("date to time", models.DateField(null=True), models.DateTimeField(null=True)),
]


@pytest.mark.parametrize(("old", "new"), [c[1:] for c in TYPES], ids=[c[0] for c in TYPES])
def test_a_new_type_is_a_second_column(shadow, old, new):
    case = Case("", [migrations.AlterField("pet", "size", new)], [PET, add("size", old)])
    found = assert_proven(shadow, case, codes=["MP221"])
    assert found.names[:2] == ["0002_1_pet_size_new_column", "0002_2_pet_size_fill_new"]


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ({"db_index": True}, "it has an index"),
        ({"unique": True}, "it has an index"),
    ],
)
def test_a_new_type_of_a_column_with_an_index_has_no_remedy(shadow, extra, why):
    field = models.IntegerField(null=True, **extra)
    new = models.BigIntegerField(null=True, **extra)
    case = Case("", [migrations.AlterField("pet", "size", new)], [PET, add("size", field)])
    assert why in tried(shadow, case, codes=["MP221"]).without.reasons[0]


def add_index(index: models.Index) -> migrations.AddIndex:
    return migrations.AddIndex("pet", index)


def constraint(one: models.BaseConstraint) -> migrations.AddConstraint:
    return migrations.AddConstraint("pet", one)


def check(lookup: str, name: str, bound: int = 0) -> models.CheckConstraint:
    return models.CheckConstraint(**{CONDITION: models.Q(**{lookup: bound})}, name=name)


HANGING = [
    ("an index", add_index(models.Index("age", name="by_age"))),
    ("an index of several", add_index(models.Index(fields=["name", "-age"], name="by_both"))),
    (
        "a partial, covering one",
        add_index(models.Index("name", condition=models.Q(age__gt=3), include=["age"], name="i")),
    ),
    ("an index of an expression", add_index(models.Index(models.F("age") + 1, name="next_age"))),
    ("a check", constraint(check("age__gte", "age_positive"))),
    ("a unique constraint", constraint(models.UniqueConstraint(fields=["age"], name="one_age"))),
    (
        "a deferred one",
        constraint(
            models.UniqueConstraint(
                fields=["age", "name"], name="once", deferrable=models.Deferrable.DEFERRED
            )
        ),
    ),
    (
        "a partial unique one",
        constraint(
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(age__isnull=False), name="named_once"
            )
        ),
    ),
]


@pytest.mark.parametrize("held", [one for _, one in HANGING], ids=[name for name, _ in HANGING])
def test_what_hangs_on_a_column_comes_along(shadow, held):
    new = models.BigIntegerField(null=True)
    case = Case("", [migrations.AlterField("pet", "age", new)], [PET, held])
    found = assert_proven(shadow, case, codes=["MP221"])
    assert found.names[:2] == ["0002_1_pet_age_new_column", "0002_2_pet_age_fill_new"]


def test_what_hangs_on_a_column_is_read_once(shadow):
    """Both checks and NOT NULL are validated by one statement, and named in the swap."""
    held = [
        constraint(check("size__gte", "size_positive")),
        constraint(check("size__lte", "size_small", 90)),
        add_index(models.Index("size", name="by_size")),
    ]
    before = [PET, add("size", models.IntegerField(default=1)), *held]
    case = Case(
        "", [migrations.AlterField("pet", "size", models.BigIntegerField(default=1))], before
    )
    found = assert_proven(shadow, case, codes=["MP221"])
    assert found.names == [
        "0002_1_pet_size_new_column", "0002_2_pet_size_fill_new", "0002_3_pet_size_new_index",
        "0002_4_pet_size_checks_present", "0002_5_pet_size_validate", "0002_pending",
    ]  # fmt: skip
    assert found.sources["0002_5_pet_size_validate"].count("VALIDATE CONSTRAINT") == 3


@needs_db_default
def test_a_default_and_a_comment_come_along(shadow):
    old = models.IntegerField(db_default=4, db_comment="Legs, not the vet's count.")
    new = models.BigIntegerField(db_default=4, db_comment="Legs, not the vet's count.")
    case = Case("", [migrations.AlterField("pet", "legs", new)], [PET, add("legs", old)])
    assert_proven(shadow, case, codes=["MP221"])


def test_a_new_type_of_a_column_in_an_exclusion_has_no_remedy(shadow):
    excluded = constraint(
        ExclusionConstraint(
            name="apart",
            expressions=[(models.Func("age", "age", function="int8range"), "&&")],
        )
    )
    new = models.BigIntegerField(null=True)
    case = Case("", [migrations.AlterField("pet", "age", new)], [PET, excluded])
    reasons = tried(shadow, case, codes=["MP221"]).without.reasons
    assert reasons == ("Alter field age on pet: apart can be made in one step only.",)


def test_a_new_type_of_a_column_with_a_check_has_no_remedy(shadow):
    """The check would go with the old column, and no statement would say so."""
    new = models.PositiveBigIntegerField(null=True)
    old = add("size", models.PositiveIntegerField(null=True))
    case = Case("", [migrations.AlterField("pet", "size", new)], [PET, old])
    assert "a check of its own" in tried(shadow, case, codes=["MP221"]).without.reasons[0]
