"""What libraries and projects do to Django's classes, and what must not stop or fool a reader."""

from __future__ import annotations

import pytest
from django.db import models

from modeler.schema.database_view import cut_name
from modeler.schema.registry import read_registry
from modeler.schema.states import read_state
from tests.blog.models.accounts import Visit

LATE = [
    ("indexes", [models.Index(fields=["person"], name="added_late")]),
    ("index_together", [("person", "guide")]),
    ("unique_together", [("person", "guide")]),
    ("constraints", [models.UniqueConstraint(fields=["person"], name="added_late")]),
]


@pytest.mark.parametrize(("option", "added"), LATE, ids=[option for option, _ in LATE])
def test_what_is_added_to_the_finished_class_is_in_no_database(monkeypatch, option, added):
    before = read_registry().table("blog.Visit")
    monkeypatch.delitem(Visit._meta.original_attrs, option, raising=False)
    monkeypatch.setattr(Visit._meta, option, added, raising=False)
    found = read_registry().table("blog.Visit")
    assert (found.indexes, found.constraints) == (before.indexes, before.constraints)


def test_a_field_whose_type_cannot_be_told_hides_no_other(monkeypatch):
    def fail(connection):
        raise RuntimeError("its model is not installed")

    before = {column.name for column in read_registry().table("blog.Visit").columns}
    monkeypatch.setattr(Visit._meta.get_field("guide"), "db_parameters", fail)
    found = read_registry().table("blog.Visit")
    assert {column.name for column in found.columns} == before - {"guide_id"}
    reason = "its type cannot be told: RuntimeError: its model is not installed"
    assert ("guide", reason) in found.unread


def test_a_positional_length_that_django_takes_for_blank_is_a_flag(monkeypatch):
    monkeypatch.setattr(Visit._meta.get_field("guide"), "blank", 255)
    column = read_registry().table("blog.Visit").column_of_field("guide")
    assert column is not None
    assert column.blank is True


def test_join_tables_are_called_the_same_in_every_language(monkeypatch):
    through = Visit._meta.apps.get_model("auth", "Group_permissions")
    before = read_registry().table("auth.Group_permissions")
    monkeypatch.setattr(through._meta, "verbose_name", "group-permission-Beziehung")
    monkeypatch.setattr(through._meta, "verbose_name_plural", "group-permission-Beziehungen")
    assert read_registry().table("auth.Group_permissions") == before
    assert before.label == "group-permission relationship"


@pytest.mark.parametrize(("managed", "kind"), [(True, "history"), (False, "unmanaged")])
def test_an_unmanaged_event_model_is_no_table_of_events(monkeypatch, managed, kind):
    (events,) = (table for table in read_registry().tables if table.history_of == "blog.Tag")
    model = Visit._meta.apps.get_model(events.key)
    monkeypatch.setattr(model._meta, "managed", managed)
    assert read_registry().table(events.key).kind == kind


def test_a_managed_model_with_a_query_of_its_own_is_a_view(monkeypatch, last_state):
    monkeypatch.setattr(Visit, "_view_meta", object(), raising=False)
    assert read_registry().table("blog.Visit").kind == "view"
    assert read_state(last_state).table("blog.Visit").kind == "model"
    last_state.models["blog", "visit"].view_options = {"query": "SELECT 1"}
    assert read_state(last_state).table("blog.Visit").kind == "view"


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a" * 63, "a" * 63),
        ("a" * 64, "a" * 63),
        ("ä" * 32, "ä" * 31),
        ("a" + "ä" * 31, "a" + "ä" * 31),
    ],
)
def test_names_are_compared_as_postgresql_cuts_them(name, stored):
    assert cut_name(name) == stored
