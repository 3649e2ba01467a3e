"""A collection of the blog with several sorts of part, for tests of pages."""

from __future__ import annotations

from dataclasses import replace

from modeler.mongo.aggregate import Aggregate, Computed, Part, PartKind

COLLECTIONS = (
    Aggregate(
        "blog.Post",
        "posts",
        parts=(
            Part("comments", PartKind.ARRAY, "blog.Comment.post"),
            Part("tag_codes", PartKind.VALUES, "blog.PostTag.post", columns=("tag_id",)),
            Part("filed_in", PartKind.COPY, "blog.Post.category"),
        ),
        computed=(Computed("comment_count", "blog.Comment.post"),),
    ),
)
WITHOUT_FIGURE = (replace(COLLECTIONS[0], computed=()),)
