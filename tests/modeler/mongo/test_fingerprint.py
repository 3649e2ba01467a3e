"""Fingerprints of specifications: they move with the meaning, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from modeler.mongo.aggregate import Aggregate, Computed, DeclaredIndex
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.spec import aggregate_specs
from modeler.schema.column import Column
from modeler.schema.constraint import Constraint
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.schema.table import Table
from tests.modeler.web.declared_collections import COLLECTIONS

POSTS = COLLECTIONS[0]
TAGS = Aggregate("blog.Tag", "tags")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_registry()


def of(schema: Schema, *aggregates: Aggregate) -> dict[str, str]:
    return fingerprints(aggregate_specs(schema, aggregates))


def with_table(schema: Schema, key: str, change: Callable[[Table], Table]) -> Schema:
    tables = tuple(change(table) if table.key == key else table for table in schema.tables)
    return replace(schema, tables=tables)


def column(name: str, **changes: object) -> Callable[[Table], Table]:
    def changed(table: Table) -> Table:
        assert name in {one.name for one in table.columns}
        columns = tuple(
            replace(one, **changes) if one.name == name else one  # type: ignore[arg-type]
            for one in table.columns
        )
        return replace(table, columns=columns)

    return changed


def constraint(name: str, *instead: Constraint) -> Callable[[Table], Table]:
    def changed(table: Table) -> Table:
        assert name in {one.name for one in table.constraints}
        others = tuple(one for one in table.constraints if one.name != name)
        return replace(table, constraints=(*others, *instead))

    return changed


def more(table: Table) -> Table:
    new = Column("mood", "integer", field="mood", field_type="IntegerField")
    return replace(table, columns=(*table.columns, new))


MEANINGS = {
    "a new field": ("blog.Post", more),
    "a new field of what is embedded": ("blog.Comment", more),
    "NULL is allowed": ("blog.Post", column("title", null=True)),
    "another length": ("blog.Post", column("title", max_length=121)),
    "another type": ("blog.Post", column("body", field_type="IntegerField")),
    "a check is gone": ("blog.Post", constraint("post_status_known")),
    "a unique key is gone": ("blog.Post", constraint("post_slug_any_case")),
}
WORDS = {
    "a help text": ("blog.Post", column("title", help_text="Short.", comment="Short.")),
    "a label": ("blog.Post", column("title", label="Heading")),
    "documentation": ("blog.Post", lambda table: replace(table, documentation="A text.")),
    "a field of a table that is not in it": ("blog.Tag", more),
}


@pytest.mark.parametrize("said", MEANINGS)
def test_a_meaning_moves_the_fingerprint_of_its_collection_alone(schema, said):
    key, change = MEANINGS[said]
    before, after = of(schema, POSTS, TAGS), of(with_table(schema, key, change), POSTS, TAGS)
    assert before["posts"] != after["posts"]
    assert before["tags"] == after["tags"]


@pytest.mark.parametrize("said", WORDS)
def test_words_move_none(schema, said):
    key, change = WORDS[said]
    changed = with_table(schema, key, change)
    assert changed != schema
    assert of(changed, POSTS) == of(schema, POSTS)


@pytest.mark.parametrize(
    "declared",
    [
        replace(POSTS, parts=POSTS.parts[:2]),
        replace(POSTS, parts=(*POSTS.parts[:2], replace(POSTS.parts[2], field="category"))),
        replace(POSTS, computed=()),
        replace(POSTS, computed=(Computed("comments_made", "blog.Comment.post"),)),
        replace(POSTS, columns=("title", "status", "category_id")),
        replace(POSTS, indexes=(DeclaredIndex((("title", 1),)),)),
    ],
    ids=["a part less", "a part by another name", "no figure", "a figure by another name",
         "fewer columns", "an index more"],
)  # fmt: skip
def test_what_is_declared_moves_it(schema, declared):
    assert of(schema, declared)["posts"] != of(schema, POSTS)["posts"]


def test_notes_and_findings_are_no_part_of_it(schema):
    (spec,) = aggregate_specs(schema, [POSTS])
    assert spec.findings or any(field.note for field in spec.fields)
    silent = replace(
        spec,
        findings=(),
        fields=tuple(replace(field, note="else") for field in spec.fields),
        indexes=tuple(replace(index, note="else") for index in spec.indexes),
        checks=tuple(replace(check, note="else") for check in spec.checks),
        parts=tuple(
            replace(part, fields=tuple(replace(one, note="else") for one in part.fields))
            for part in spec.parts
        ),
    )
    assert silent != spec
    assert fingerprints([silent]) == fingerprints([spec])


def test_fields_called_as_words_are_count(schema):
    """``note`` and ``findings`` are names that columns may have."""

    def noted(null: bool) -> Callable[[Table], Table]:
        new = Column("note", "text", null=null, field="note", field_type="TextField")
        return lambda table: replace(table, columns=(*table.columns, new))

    strict, loose = (with_table(schema, "blog.Post", noted(null)) for null in (False, True))
    assert of(strict, POSTS) != of(loose, POSTS)


def test_they_are_the_same_in_every_run(schema):
    assert of(schema, POSTS) == of(read_registry(), POSTS)
    assert all(len(digits) == 16 for digits in of(schema, POSTS, TAGS).values())
