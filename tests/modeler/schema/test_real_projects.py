"""What running projects taught about reading, each shown to catch a naive reader.

The numbers are those of the lesson; the others concern migrations or layout.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ProjectState
from django.utils import translation

from modeler.schema.differences import differences
from modeler.schema.registry import read_registry
from modeler.schema.registry.placement import places_of
from modeler.schema.relation import RelationKind
from modeler.schema.schema import Schema
from modeler.schema.states import read_state
from modeler.schema.table import Source, TableKind
from tests.modeler.schema.asking import column, keys, names, relation, table
from tests.modeler.schema.naive import read_naively, read_state_naively
from tests.modeler.schema.test_rules import caught


def test_line_02_no_false_changes_with_translations_active(
    last_state: ProjectState, registry: Schema
) -> None:
    with translation.override("de"):
        state, read, naive = read_state(last_state), read_registry(), read_naively()

    def unchanged(schema: Schema) -> None:
        assert [c for c in differences(state, schema) if c.attribute == "label"] == []

    assert differences(state, registry) == ()
    caught(unchanged, read, naive)


def test_line_03_models_that_appear_with_the_urls(registry: Schema) -> None:
    script = (
        "import django; django.setup()\n"
        "from tests.modeler.schema.naive import read_naively\n"
        "from modeler.schema.registry import read_registry\n"
        "late = lambda schema: 'blog.LateNote' in [t.key for t in schema.tables]\n"
        "print(late(read_naively()), late(read_registry()))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.blog.settings"},
    )  # fmt: skip
    assert (ran.stdout.split(), ran.returncode) == (["False", "True"], 0), ran.stderr
    assert "blog.LateNote" in keys(registry)


def test_line_06_classes_without_source(registry: Schema, naive: Schema) -> None:
    def badge(schema: Schema) -> None:
        found = table(schema, "blog.Badge")
        assert found.source == Source("tests.blog.models.made_at_run_time")
        assert names(found) == ["id", "tag_id"]

    caught(badge, registry, naive)
    tag = table(registry, "blog.Tag").source
    assert tag is not None
    assert tag.file.endswith("tests/blog/models/tags.py")
    assert tag.line > 0


def test_line_07_fields_of_two_columns_and_virtual_ones(registry: Schema, naive: Schema) -> None:
    def money(schema: Schema) -> None:
        assert sorted(names(table(schema, "blog.Attachment"))) == [
            "id", "kind_id", "number", "price", "price_currency",
        ]  # fmt: skip
        price = column(schema, "blog.Attachment.price")
        assert (price.field_type, price.field_class) == (
            "DecimalField", "tests.blog.money.MoneyField",
        )  # fmt: skip

    caught(money, registry, naive)


def test_line_08_keys_of_every_sort(registry: Schema, naive: Schema) -> None:
    def sorts(schema: Schema) -> None:
        assert table(schema, "blog.Session").primary_key == ("id",)
        assert column(schema, "blog.Session.id").database_type == "uuid"
        assert table(schema, "blog.Review").primary_key == ("base_id",)
        # The key of a key of a key has the type of the first.
        assert column(schema, "blog.Highlight.review_id").database_type == "bigint"
        assert relation(schema, "blog.Highlight.review").target_columns == ("base_id",)

    caught(sorts, registry, naive)


def test_line_09_shared_tables_views_and_swapped_models(registry: Schema, naive: Schema) -> None:
    def shared(schema: Schema) -> None:
        post = table(schema, "blog.Post").location
        assert [t.key for t in schema.at(post)] == [
            "blog.Post", "blog.PostRow", "blog.PublishedPost",
        ]  # fmt: skip
        assert table(schema, "blog.PostRow").kind is TableKind.UNMANAGED
        assert table(schema, "blog.Pen").kind is TableKind.SWAPPED

    caught(shared, registry, naive)


def test_line_11_the_same_class_name_in_several_apps(registry: Schema, naive: Schema) -> None:
    def both(schema: Schema) -> None:
        assert [k for k in keys(schema) if k.endswith(".Session")] == [
            "blog.Session", "sessions.Session",
        ]  # fmt: skip

    caught(both, registry, naive)


class Broken:
    """A router of the sort that wants an instance."""

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        raise KeyError("instance")


def test_line_12_a_router_that_fails_is_named_and_not_fatal(settings: object) -> None:
    from django.db import router

    model = apps.get_model("blog", "Post")
    routers = router.routers
    router.__dict__["routers"] = [Broken()]
    try:
        places, reason = places_of("blog", "post", model, ("default", "events"))
    finally:
        router.__dict__["routers"] = routers
    assert places == ("default",)
    assert reason == "a router failed: KeyError: 'instance'"


def test_line_13_reading_makes_no_query_and_renders_nothing(
    last_state: ProjectState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a query was made, or a connection opened")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)

    with (
        connections["default"].execute_wrapper(refuse),
        connections["events"].execute_wrapper(refuse),
    ):
        assert read_registry().tables
        assert read_state(last_state).tables
    assert "apps" not in last_state.__dict__


def test_states_and_classes_have_the_same_relations(
    registry: Schema, last_state: ProjectState
) -> None:
    def all_but_generic(schema: Schema) -> None:
        generic = {RelationKind.GENERIC, RelationKind.GENERIC_REVERSE}
        managed = {t.key for t in registry.tables if t.managed}
        expected = {r.key for r in registry.relations if r.kind not in generic}
        assert {r.key for r in schema.relations if r.owner in managed} == {
            key for key in expected if key.rpartition(".")[0] in managed
        }

    caught(all_but_generic, read_state(last_state), read_state_naively(last_state))
