"""Traps 11 to 19: what lies beyond tables and edges. See test_rules.

A check asserts what must hold of a schema of the blog; it passes with what modeler reads and
fails with what the naive reader reads.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.state import ProjectState
from django.utils import translation

from modeler.schema.encoding import from_json, to_json
from modeler.schema.live import read_database
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.schema.sql_text import sql_text
from modeler.schema.states import read_state
from modeler.schema.table import TableKind
from tests.blog.versions import HAS_GENERATED
from tests.modeler.schema.asking import caught, column, keys, relation, table
from tests.modeler.schema.naive import (
    read_database_naively,
    read_naively,
    read_state_naively,
)


def test_rule_11_on_delete_and_what_the_database_does_not_hold(
    registry: Schema, naive: Schema
) -> None:
    def handlers(schema: Schema) -> None:
        expected = {
            "blog.Post.owner": "PROTECT",
            "blog.Post.category": "tests.blog.models.deletions.keep_last",
            "blog.Highlight.lucky_ptr": "SET",
            "blog.Highlight.review": "tests.blog.models.deletions.Replace",
            "blog.Category.parent": "RESTRICT",
        }
        assert {path: relation(schema, path).on_delete for path in expected} == expected

    def enforced(schema: Schema) -> None:
        assert relation(schema, "blog.Post.owner").enforced
        assert not relation(schema, "blog.Highlight.unchecked").enforced
        assert not relation(schema, "blog.PostSummary.post").enforced
        assert not relation(schema, "blog.Event.account").enforced

    def unmanaged(schema: Schema) -> None:
        summary = table(schema, "blog.PostSummary")
        assert (summary.kind, summary.managed) == (TableKind.UNMANAGED, False)

    for check in (handlers, enforced, unmanaged):
        caught(check, registry, naive)


def test_rule_12_history_tables_are_known(registry: Schema, naive: Schema) -> None:
    def history(schema: Schema) -> None:
        found = table(schema, "blog.HistoricalTag")
        assert (found.kind, found.history_of) == (TableKind.HISTORY, "blog.Tag")

    caught(history, registry, naive)


def test_rule_13_comments_documentation_and_what_the_database_computes(
    registry: Schema, naive: Schema
) -> None:
    def comments(schema: Schema) -> None:
        assert table(schema, "blog.Post").comment == "What people wrote"
        assert column(schema, "blog.Post.title").comment == "Shown in lists"

    def documentation(schema: Schema) -> None:
        assert table(schema, "blog.Post").documentation == (
            "A text that somebody wrote.\n\nWith a second paragraph."
        )
        assert table(schema, "blog.Tag").documentation == ""

    def computed(schema: Schema) -> None:
        gross = column(schema, "blog.Invoice.gross")
        assert gross.generated is not None
        assert sql_text(gross.generated.expression) == "coalesce(net, 0) * (1 + rate)"
        assert (gross.field_type, gross.database_type, gross.null) == (
            "DecimalField", "numeric(14,4)", True,
        )  # fmt: skip
        made_at = column(schema, "blog.Invoice.made_at").database_default
        assert made_at is not None
        assert sql_text(made_at) == "statement_timestamp()"

    caught(comments, registry, naive)
    caught(documentation, registry, naive)
    if HAS_GENERATED:
        caught(computed, registry, naive)


def test_rule_14_quoted_schemas_and_lazy_texts(registry: Schema, naive: Schema) -> None:
    def other_schema(schema: Schema) -> None:
        assert table(schema, "blog.Archived").location == Location("default", "archive", "entry")

    def texts(schema: Schema) -> None:
        assert table(schema, "blog.Account").label == "user"

    caught(other_schema, registry, naive)
    with translation.override("de"):
        caught(texts, read_registry(), read_naively())
        assert read_registry() == registry


@pytest.mark.django_db
def test_rule_15_live_foreign_keys_whole_and_every_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE SCHEMA hidden;
            CREATE TABLE hidden.seat (room text, number int, PRIMARY KEY (room, number));
            CREATE TABLE hidden.parted (day date NOT NULL, n int) PARTITION BY RANGE (day);
            CREATE TABLE hidden.parted_2020 PARTITION OF hidden.parted
                FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
            CREATE TABLE booking (
                id int PRIMARY KEY, room text, number int,
                CONSTRAINT booking_seat FOREIGN KEY (room, number) REFERENCES hidden.seat
            );
            CREATE UNIQUE INDEX booking_room ON booking
                (lower(room) text_pattern_ops DESC NULLS LAST) INCLUDE (number) WHERE id > 5;
            """
        )

    def whole(schema: Schema) -> None:
        seat = relation(schema, "default:booking.booking_seat")
        assert (seat.columns, seat.target_location, seat.target_columns) == (
            ("room", "number"), Location("default", "hidden", "seat"), ("room", "number"),
        )  # fmt: skip

    def partitions(schema: Schema) -> None:
        parent = table(schema, "default:hidden.parted")
        part = table(schema, "default:hidden.parted_2020")
        assert parent.partitioning is not None
        assert parent.partitioning.strategy == "range"
        assert part.partition is not None
        assert part.partition.parent == parent.location
        assert part.partition.bound == "FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')"

    def index(schema: Schema) -> None:
        found = [i for i in table(schema, "default:booking").indexes if i.name == "booking_room"]
        assert len(found) == 1
        (part,) = found[0].parts
        assert part.expression is not None
        assert found[0].condition is not None
        assert sql_text(part.expression) == "lower(room)"
        assert sql_text(found[0].condition) == "id > 5"
        assert (part.operator_class, part.descending, part.nulls) == (
            "text_pattern_ops", True, "last",
        )  # fmt: skip
        assert (found[0].unique, found[0].include) == (True, ("number",))

    ours, naive = read_database(connection), read_database_naively(connection)
    for check in (whole, partitions, index):
        caught(check, ours, naive)


def test_rule_16_every_router_is_asked_for_every_alias(registry: Schema, naive: Schema) -> None:
    def places(schema: Schema) -> None:
        assert table(schema, "blog.Event").location == Location("events", "", "blog_event")
        shared = table(schema, "contenttypes.ContentType")
        assert shared.location == Location("default", "", "django_content_type")
        assert shared.also_at == (Location("events", "", "django_content_type"),)
        # A key to another database is none.
        assert not relation(schema, "blog.Event.account").enforced
        assert relation(schema, "blog.Event.source").enforced

    caught(places, registry, naive)
    assert keys(read_registry(aliases=["events"])) == [
        "auth.User", "blog.Event", "blog.EventSource", "blog.Pen", "contenttypes.ContentType",
    ]  # fmt: skip


def test_rule_17_states_are_read_without_rendering_classes(last_state: ProjectState) -> None:
    assert table(read_state(last_state), "blog.Post").columns
    assert "apps" not in last_state.__dict__
    read_state_naively(last_state)
    with pytest.raises(AssertionError):
        assert "apps" not in last_state.__dict__


def test_rule_18_what_must_not_be_shown_is_marked(registry: Schema, naive: Schema) -> None:
    def sensitive(schema: Schema) -> None:
        account = table(schema, "blog.Account")
        # By name, by field type, by the model's own marker; a flag about a phone is none.
        assert sorted(c.name for c in account.columns if c.sensitive) == [
            "email", "motto", "password",
        ]  # fmt: skip
        session = table(schema, "blog.Session")
        assert sorted(c.name for c in session.columns if c.sensitive) == ["ip", "token"]

    caught(sensitive, registry, naive)


def test_rule_19_texts_are_plain_and_survive_storing(registry: Schema, naive: Schema) -> None:
    def plain(schema: Schema) -> None:
        assert column(schema, "blog.Post.title").help_text == "Keep it short & clear."
        # A label is data: whoever draws it escapes it.
        assert [c.label for c in column(schema, "blog.Post.status").choices] == [
            "Draft", "In review", "Live & <b>loud</b>",
        ]  # fmt: skip

    caught(plain, registry, naive)
    assert from_json(to_json(registry)) == registry
