"""Deletes that lead to a table which the code cannot use."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from django.db.migrations import AddField, CreateModel, DeleteModel, RemoveField, RunSQL
from django.db.models.signals import post_delete

from modeler.previews.replay.replay import Meeting, Verb

LOG = CreateModel(
    "Log",
    [("id", models.AutoField(primary_key=True)), ("text", models.TextField()),
     ("pet", models.ForeignKey("pets.Pet", models.CASCADE))],
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "change", "meeting", "deletes"),
    [
        # A new table that refers to old ones, by a way of two steps.
        ([], [LOG], Meeting.NEW_ON_OLD, ["pets.Log", "pets.Owner", "pets.Pet"]),
        ([LOG], [DeleteModel("Log")], Meeting.OLD_ON_NEW, ["pets.Log", "pets.Owner", "pets.Pet"]),
        # Nobody hears of deletes, so that rows are deleted without being fetched.
        ([LOG], [RemoveField("Log", "text")], Meeting.OLD_ON_NEW, []),
        ([LOG], [AddField("Log", "more", models.IntegerField(null=True))], Meeting.NEW_ON_OLD, []),
    ],
)
@pytest.mark.parametrize("with_rows", [True, False])
def test_deletes_that_lead_to_a_broken_table(pets, given, change, meeting, deletes, with_rows):
    pets.apply(given)
    if with_rows:
        pets.apply([RunSQL(
            "INSERT INTO pets_owner (name) VALUES ('Ann');"
            "INSERT INTO pets_pet (name, note, age, weight, alive, kind, owner_id)"
            " SELECT 'Rex', '', 8, 8, true, 'dog', id FROM pets_owner"
        )])  # fmt: skip
    replay = pets.cross(change)
    found = [b.model for b in replay.breaks if b.meeting is meeting and b.kind is Verb.DELETE]
    # Without a pet nothing leads from its owner to the log.
    assert found == [m for m in deletes if with_rows or m != "pets.Owner"]


def test_what_protects_one_row_does_not_protect_another(pets):
    toy = CreateModel(
        "Toy",
        [("id", models.AutoField(primary_key=True)),
         ("owner", models.ForeignKey("pets.Owner", models.PROTECT))],
    )  # fmt: skip
    rows = RunSQL(
        "INSERT INTO pets_owner (name) VALUES ('Ann');"
        "INSERT INTO pets_toy (owner_id) SELECT id FROM pets_owner;"
        "INSERT INTO pets_pet (name, note, age, weight, alive, kind, owner_id)"
        " SELECT 'Rex', '', 8, 8, true, 'dog', id FROM pets_owner"
    )
    pets.apply([toy, rows])
    replay = pets.cross([LOG])
    found = [b.model for b in replay.breaks if b.kind is Verb.DELETE]
    assert found == ["pets.Log", "pets.Owner", "pets.Pet"]


def test_where_somebody_hears_of_deletes_rows_are_fetched_first(pets):
    def hear(**kwargs: Any) -> None:
        pass

    post_delete.connect(hear)
    try:
        pets.apply([LOG])
        replay = pets.cross([RemoveField("Log", "text")])
    finally:
        post_delete.disconnect(hear)
    found = [b.model for b in replay.breaks if b.kind is Verb.DELETE]
    # An instance in hand is not fetched again, but what hangs on it is.
    assert found == ["pets.Pet"]
