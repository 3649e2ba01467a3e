# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tests.blog.models.bases import Owned
from tests.blog.models.deletions import Replace, keep_last
from tests.blog.versions import CHECK


class Post(Owned):
    """A text that somebody wrote.

    With a second paragraph.
    """

    STATUSES = [
        (_("Before"), [("draft", _("Draft")), ("review", "In review")]),
        ("live", "Live & <b>loud</b>"),
    ]

    title = models.CharField(
        max_length=120,
        validators=[MinLengthValidator(3), RegexValidator(r"^\S", "No blank first.")],
        db_comment="Shown in lists",
        help_text="Keep it <em>short</em> &amp; clear.",
    )
    slug = models.SlugField(max_length=60, unique=True)
    body = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=STATUSES, default="draft")
    rating = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    published_from = models.DateTimeField(null=True)
    published_until = models.DateTimeField(null=True)
    category = models.ForeignKey("blog.Category", keep_last, null=True, blank=True)
    tags = models.ManyToManyField(
        "blog.Tag", through="blog.PostTag", through_fields=("post", "tag"), related_name="posts"
    )
    similar = models.ManyToManyField("self")
    answers = models.ManyToManyField("self", symmetrical=False, related_name="questions")
    readers = models.ManyToManyField("blog.Account", related_name="read_posts", blank=True)
    attachments = GenericRelation(
        "blog.Attachment",
        content_type_field="kind",
        object_id_field="number",
        related_query_name="posts",
    )

    class Meta:
        verbose_name = _("Content")
        ordering = ["-created_at", F("rating").desc(nulls_last=True)]
        db_table_comment = "What people wrote"
        get_latest_by = "created_at"
        indexes = [
            models.Index(fields=["status", "-created_at"], name="post_by_status"),
            models.Index(Lower("title").desc(), name="post_title_any_case"),
            models.Index(
                fields=["owner"],
                condition=Q(status="draft") & ~Q(title=""),
                include=["title"],
                name="post_drafts",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                **{CHECK: Q(published_until__isnull=True)
                   | Q(published_until__gt=F("published_from"))},
                name="post_published_in_order",
                violation_error_message="The end lies after the beginning.",
            ),
            models.CheckConstraint(
                **{CHECK: Q(status__in=["draft", "review", "live"])}, name="post_status_known"
            ),
            models.UniqueConstraint(
                fields=["owner", "title"], condition=Q(status="live"), name="post_live_title"
            ),
            models.UniqueConstraint(
                fields=["owner", "published_from"],
                name="post_one_at_a_time",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(Lower("slug"), name="post_slug_any_case"),
        ]  # fmt: skip


class PublishedPost(Post):
    class Meta:
        proxy = True


class Article(Post):
    """Multi-table child with the link that Django makes."""

    source = models.URLField(blank=True)


class Review(Article):
    """Grandchild with a named link."""

    base = models.OneToOneField(
        Article, models.CASCADE, parent_link=True, primary_key=True, related_name="as_review"
    )
    score = models.PositiveSmallIntegerField()


class Highlight(models.Model):
    """Points to a proxy, and has a key whose name only looks like a parent link."""

    post = models.ForeignKey(PublishedPost, models.CASCADE)
    lucky_ptr = models.ForeignKey("blog.Tag", models.SET("red"), to_field="code", default="red")
    review = models.ForeignKey(Review, Replace(), null=True, related_name="+")
    unchecked = models.ForeignKey(
        Article, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )


class Comment(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="comments")
    answer_to = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
    text = models.TextField()

    class Meta:
        order_with_respect_to = "post"
