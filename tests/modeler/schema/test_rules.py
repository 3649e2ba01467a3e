"""Traps 1 to 10 of the nineteen of Django's model graphs, each shown to catch a naive reader.

A check asserts what must hold of a schema of the blog; it passes with what modeler reads and
fails with what the naive reader reads.
"""

from __future__ import annotations

from django.db.migrations.state import ProjectState

from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.states import read_state
from modeler.schema.table import TableKind
from tests.blog.versions import HAS_COMPOSITE_KEYS
from tests.modeler.schema.asking import caught, column, fields, keys, names, relation, table


def test_rule_01_keys_name_app_and_model_and_edges_name_the_field(
    registry: Schema, naive: Schema
) -> None:
    def same_class_name_in_two_apps(schema: Schema) -> None:
        assert {"blog.Session", "sessions.Session"} <= set(keys(schema))

    def two_edges_between_two_models(schema: Schema) -> None:
        assert {"person", "invited_by", "guide"} <= set(fields(table(schema, "blog.Visit")))
        assert relation(schema, "blog.Visit.person").key == "blog.Visit.person"

    caught(same_class_name_in_two_apps, registry, naive)
    caught(two_edges_between_two_models, registry, naive)


def test_rule_02_join_tables_are_there_and_swapped_models_are_marked(
    registry: Schema, naive: Schema
) -> None:
    def join_table(schema: Schema) -> None:
        found = table(schema, "blog.Post_readers")
        assert found.kind is TableKind.JOIN
        assert sorted(names(found)) == ["account_id", "id", "post_id"]

    def swapped(schema: Schema) -> None:
        for key in ("auth.User", "blog.Pen"):
            found = table(schema, key)
            assert (found.kind, found.location) == (TableKind.SWAPPED, None)
        assert relation(schema, "blog.Post.owner").target == "blog.Account"

    caught(join_table, registry, naive)
    caught(swapped, registry, naive)


def test_rule_03_edges_come_from_the_forward_side_once(registry: Schema, naive: Schema) -> None:
    def nothing_inherited_or_reverse(schema: Schema) -> None:
        assert fields(table(schema, "blog.Article")) == ["post_ptr"]
        # related_name="+" hides the far side, not the edge.
        assert relation(schema, "blog.Visit.invited_by").accessor == ""
        assert "visits" not in fields(table(schema, "blog.Account"))

    caught(nothing_inherited_or_reverse, registry, naive)


def test_rule_04_only_stored_fields_are_columns(registry: Schema, naive: Schema) -> None:
    def many_to_many_has_no_column(schema: Schema) -> None:
        assert sorted(names(table(schema, "blog.Post"))) == [
            "body", "category_id", "created_at", "id", "owner_id", "published_from",
            "published_until", "rating", "slug", "status", "title",
        ]  # fmt: skip

    def composite_key_is_no_column(schema: Schema) -> None:
        found = table(schema, "blog.Reaction")
        assert sorted(names(found)) == ["account_id", "emoji", "post_id"]
        assert found.primary_key == ("post_id", "account_id")

    caught(many_to_many_has_no_column, registry, naive)
    if HAS_COMPOSITE_KEYS:
        caught(composite_key_is_no_column, registry, naive)


def test_rule_05_targets_are_the_columns_that_are_joined(registry: Schema, naive: Schema) -> None:
    def to_field(schema: Schema) -> None:
        assert relation(schema, "blog.PostTag.tag").target_columns == ("code",)
        assert column(schema, "blog.PostTag.tag_id").database_type == "character varying(20)"

    def several_columns(schema: Schema) -> None:
        seat = relation(schema, "blog.Booking.seat")
        assert (seat.kind, seat.columns, seat.target_columns, seat.enforced) == (
            RelationKind.JOIN, ("room", "number"), ("room", "number"), False,
        )  # fmt: skip

    def proxy(schema: Schema) -> None:
        post = relation(schema, "blog.Highlight.post")
        assert post.target == "blog.PublishedPost"
        assert post.target_location == Location("default", "", "blog_post")
        assert table(schema, "blog.PublishedPost").location == post.target_location
        # Its rows and columns are the concrete model's.
        assert table(schema, "blog.PublishedPost").columns == ()

    caught(to_field, registry, naive)
    caught(several_columns, registry, naive)
    caught(proxy, registry, naive)


def test_rule_06_three_kinds_of_inheritance(registry: Schema, naive: Schema) -> None:
    def multi_table(schema: Schema) -> None:
        article, review = table(schema, "blog.Article"), table(schema, "blog.Review")
        assert (article.kind, article.bases) == (TableKind.CHILD, ("blog.Post",))
        assert (review.kind, review.bases) == (TableKind.CHILD, ("blog.Article",))
        link = relation(schema, "blog.Review.base")
        assert (link.kind, link.columns, link.at_owner, link.at_target) == (
            RelationKind.PARENT_LINK, ("base_id",), Cardinality.ZERO_OR_ONE, Cardinality.ONE,
        )  # fmt: skip
        assert names(review) == ["base_id", "score"]
        # A key whose name ends like a parent link is none.
        assert relation(schema, "blog.Highlight.lucky_ptr").kind is RelationKind.FOREIGN_KEY

    def proxy(schema: Schema) -> None:
        found = table(schema, "blog.PublishedPost")
        assert (found.kind, found.bases) == (TableKind.PROXY, ("blog.Post",))

    def abstract(schema: Schema) -> None:
        post = table(schema, "blog.Post")
        assert post.bases == ()
        assert post.abstract_bases == (
            "tests.blog.models.bases.Owned",
            "tests.blog.models.bases.Stamped",
        )
        assert relation(schema, "blog.Post.owner").accessor == "blog_post_owned"

    def generic_relation_once(schema: Schema) -> None:
        owners = [r.owner for r in schema.relations if r.field == "attachments"]
        assert owners == ["blog.Post"]

    for check in (multi_table, proxy, abstract, generic_relation_once):
        caught(check, registry, naive)


def test_rule_07_generic_foreign_key_has_columns_but_no_target(
    registry: Schema, naive: Schema, last_state: ProjectState
) -> None:
    def generic(schema: Schema) -> None:
        target = relation(schema, "blog.Attachment.target")
        assert (target.kind, target.columns, target.target, target.enforced) == (
            RelationKind.GENERIC, ("kind_id", "number"), "", False,
        )  # fmt: skip
        assert target.at_target is Cardinality.ONE
        assert relation(schema, "blog.Star.target").at_target is Cardinality.ZERO_OR_ONE
        reverse = relation(schema, "blog.Post.attachments")
        assert (reverse.kind, reverse.target, reverse.target_columns) == (
            RelationKind.GENERIC_REVERSE, "blog.Attachment", ("number",),
        )  # fmt: skip

    def states_say_what_they_cannot_know(schema: Schema) -> None:
        subjects = [subject for subject, _ in schema.unread]
        assert {"generic relations", "abstract bases"} <= set(subjects)

    caught(generic, registry, naive)
    caught(states_say_what_they_cannot_know, read_state(last_state), naive)


def test_rule_08_many_to_many_knows_its_join_table(registry: Schema, naive: Schema) -> None:
    def through(schema: Schema) -> None:
        tags = relation(schema, "blog.Post.tags")
        # Two keys of the join table lead to tags: through_fields decides.
        assert (tags.kind, tags.through, tags.through_fields) == (
            RelationKind.MANY_TO_MANY, "blog.PostTag", ("post", "tag"),
        )  # fmt: skip
        readers = relation(schema, "blog.Post.readers")
        assert (readers.through, readers.columns) == ("blog.Post_readers", ())
        assert (readers.at_owner, readers.at_target) == (
            Cardinality.ZERO_OR_MORE, Cardinality.ZERO_OR_MORE,
        )  # fmt: skip

    def symmetrical(schema: Schema) -> None:
        assert relation(schema, "blog.Post.similar").symmetrical
        answers = relation(schema, "blog.Post.answers")
        assert not answers.symmetrical
        assert answers.through_fields == ("from_post", "to_post")

    caught(through, registry, naive)
    caught(symmetrical, registry, naive)


def test_rule_09_self_relations_and_parallel_edges_are_kept(
    registry: Schema, naive: Schema
) -> None:
    def every_self_relation(schema: Schema) -> None:
        own = {r.key for r in schema.relations if r.owner == r.target}
        assert own == {
            "blog.Category.parent", "blog.Comment.answer_to", "blog.Post.answers",
            "blog.Post.similar",
        }  # fmt: skip

    caught(every_self_relation, registry, naive)


def test_rule_10_cardinality_comes_from_the_model(registry: Schema, naive: Schema) -> None:
    def ends(schema: Schema) -> None:
        one, none_or_one = Cardinality.ONE, Cardinality.ZERO_OR_ONE
        many = Cardinality.ZERO_OR_MORE
        expected = {
            "blog.Visit.person": (many, one),
            "blog.Visit.invited_by": (many, none_or_one),
            "blog.Visit.guide": (none_or_one, none_or_one),
            # Unique by a constraint of its own, which leaves no row out …
            "blog.Category.leader": (none_or_one, none_or_one),
            # … and by one that does.
            "blog.Category.deputy": (many, none_or_one),
            "blog.Review.base": (none_or_one, one),
        }
        found = {path: relation(schema, path) for path in expected}
        assert {p: (r.at_owner, r.at_target) for p, r in found.items()} == expected

    caught(ends, registry, naive)
