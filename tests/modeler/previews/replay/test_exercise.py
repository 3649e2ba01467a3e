"""What is tried with every sort of field, and that nothing is left behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, IntegerRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.migrations import AddConstraint, AddField, CreateModel
from django.db.models import Q
from django.db.models.signals import post_init, pre_delete

from modeler.previews.replay.exercise import exercise
from modeler.previews.replay.replay import Meeting, Verb
from tests.modeler.previews.replay.test_changes import CONDITION


class Odd(models.Field):
    """A field of a sort that nobody knows."""

    def db_type(self, connection: Any) -> str:
        return "point"


class Refusing(models.CharField):
    """A field with an opinion about its values."""

    def get_prep_value(self, value: Any) -> Any:
        if value not in (None, "yes"):
            raise ValueError(f"{value!r} is not yes")
        return value


FIELDS = {
    "auto": models.BigAutoField(primary_key=True),
    "big": models.BigIntegerField(),
    "binary": models.BinaryField(),
    "boolean": models.BooleanField(),
    "text": models.CharField(max_length=3, unique=True),
    "day": models.DateField(auto_now_add=True),
    "moment": models.DateTimeField(auto_now=True),
    "decimal": models.DecimalField(max_digits=4, decimal_places=2),
    "duration": models.DurationField(),
    "email": models.EmailField(),
    "file": models.FileField(upload_to="x"),
    "path": models.FilePathField(path="/"),
    "real": models.FloatField(),
    "address": models.GenericIPAddressField(),
    "integer": models.IntegerField(),
    "json": models.JSONField(),
    "positive": models.PositiveSmallIntegerField(),
    "slug": models.SlugField(),
    "small": models.SmallIntegerField(),
    "long": models.TextField(),
    "time": models.TimeField(),
    "url": models.URLField(),
    "uuid": models.UUIDField(),
    "array": ArrayField(models.IntegerField(), size=2),
    "span": IntegerRangeField(),
    "period": DateTimeRangeField(),
    "search": SearchVectorField(),
    "odd": Odd(null=True),
    "refusing": Refusing(max_length=9, default="yes"),
}


def rows(pets) -> list[tuple[str, int]]:
    with pets.connection.cursor() as cursor:
        tables = sorted(pets.connection.introspection.table_names())
        counted = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted.append((table, cursor.fetchone()[0]))
        return counted


def test_every_sort_of_field(pets):
    pets.apply([CreateModel("Every", list(FIELDS.items()))])
    before = rows(pets)
    attempts = exercise(pets.state.apps, pets.connection)
    assert [a for a in attempts if not a.worked] == []
    assert {a.verb for a in attempts if a.model == "pets.Every"} == set(Verb)
    assert rows(pets) == before
    assert not pets.connection.in_atomic_block


def test_a_field_without_a_value_is_said(pets):
    pets.apply([CreateModel("Some", [("id", models.AutoField(primary_key=True)), ("o", Odd())])])
    attempts = exercise(pets.state.apps, pets.connection, frozenset({"pets.Some"}))
    assert {(a.verb, a.skipped) for a in attempts if not a.worked} == {
        (verb, "no value is known for Odd (point)")
        for verb in (Verb.INSERT, Verb.UPDATE, Verb.DELETE)
    }


@pytest.mark.parametrize(
    "condition",
    [
        Q(age__gte=18, age__lte=21),
        Q(kind="cat") & ~Q(name=""),
        Q(sitter__isnull=True) | Q(nick__isnull=True),
        Q(weight__gt=models.F("age")),
        Q(note__startswith="Note: "),
        Q(name__regex=r"^[a-z]{2,5}-[0-9]{3}$"),
        Q(name__iregex=r"^(CAT|DOG) [a-c]+$"),
        ~Q(name__regex=r"^r"),
    ],
    ids=str,
)
def test_values_obey_the_models_own_checks(pets, condition):
    pets.apply(
        [AddConstraint("Pet", models.CheckConstraint(name="own", **{CONDITION: condition}))]
    )
    attempts = exercise(pets.state.apps, pets.connection)
    assert [a for a in attempts if not a.worked] == []


def test_no_receiver_of_the_project_hears_of_it(pets):
    heard: list[Any] = []

    def hear(sender: Any, **facts: Any) -> None:
        heard.append(sender)

    for signal in (post_init, pre_delete):
        signal.connect(hear)
    try:
        exercise(pets.state.apps, pets.connection)
        assert heard == []
        pets.state.apps.get_model("pets", "Owner")()
        assert len(heard) == 1
    finally:
        for signal in (post_init, pre_delete):
            signal.disconnect(hear)


def test_a_row_that_others_protect_is_no_break(pets):
    """A row of its own cannot be written here, and the one that lies there is protected."""
    protect = models.ForeignKey("pets.Owner", models.PROTECT)
    pets.apply(
        [CreateModel("Bill", [("id", models.AutoField(primary_key=True)), ("owner", protect)])]
    )
    owner = pets.state.apps.get_model("pets", "Owner").objects.create(name="Ann")
    pets.state.apps.get_model("pets", "Bill").objects.create(owner=owner)
    replay = pets.cross([AddField("Owner", "age", models.IntegerField(default=1))])
    old = [b for b in replay.breaks if b.meeting is Meeting.OLD_ON_NEW]
    assert [(b.model, b.kind, b.sqlstate) for b in old] == [("pets.Owner", Verb.INSERT, "23502")]


def test_a_default_whose_query_fails_breaks_nothing(pets):
    def asks() -> int:
        with pets.connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        return 1

    asked = models.IntegerField(default=asks, null=True)
    pets.apply([CreateModel("Asker", [("id", models.AutoField(primary_key=True)), ("n", asked)])])
    attempts = exercise(pets.state.apps, pets.connection)
    assert [a for a in attempts if not a.worked] == []
