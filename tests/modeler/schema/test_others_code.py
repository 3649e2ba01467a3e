"""What libraries and projects do to Django's classes, and what must not stop or fool a reader."""

from __future__ import annotations

import pytest
from django.db import models

from modeler.schema.database_view import cut_name
from modeler.schema.registry import read_registry
from tests.blog.models.accounts import Visit


def test_an_index_that_is_added_to_the_finished_class_is_in_no_database(monkeypatch):
    before = read_registry().table("blog.Visit").indexes
    late = models.Index(fields=["person"], name="added_late")
    monkeypatch.setattr(Visit._meta, "indexes", [late])
    assert read_registry().table("blog.Visit").indexes == before


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
