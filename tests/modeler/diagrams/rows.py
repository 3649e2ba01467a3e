"""One row of every table of the blog, each referring to each other's: nothing stays empty."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as WebSession
from django.db import connection, models
from django.utils import timezone

from modeler.models import CollectionDesign, SavedView, SchemaSnapshot, StoredResult
from tests.blog.late import LateNote
from tests.blog.models import (
    Account,
    Archived,
    Article,
    Attachment,
    Badge,
    Booking,
    Category,
    Comment,
    Event,
    EventSource,
    Highlight,
    HistoricalTag,
    Post,
    PostRow,
    PostSummary,
    PostTag,
    PublishedPost,
    Quill,
    Review,
    Seat,
    Session,
    Slot,
    Star,
    Tag,
    Visit,
)
from tests.blog.versions import HAS_COMPOSITE_KEYS, HAS_GENERATED


def fill_blog() -> dict[str, models.Model]:
    """Create the rows; return one of each model by table key.

    Self relations have a second row that refers to the first. The table of LateNote is made
    first: no migration does.
    """
    with connection.schema_editor() as editor:
        editor.create_model(LateNote)
    now = timezone.now()
    account = Account.objects.create(email="a@example.org")
    category = Category.objects.create(name="first", leader=account, deputy=account)
    Category.objects.create(name="second", parent=category)
    # A highlight falls back to red when its tag goes.
    Tag.objects.create(code="red", label="Red")
    tag = Tag.objects.create(code="blue", label="Blue")
    review = Review.objects.create(
        title="Text", slug="text", owner=account, category=category, source="https://e.org",
        score=3, status="live", rating=Decimal(4), published_from=now,
    )  # fmt: skip
    post, article = Post.objects.get(), Article.objects.get()
    published = PublishedPost.objects.get()
    other = Post.objects.create(title="Other", slug="other", owner=account)
    post.similar.add(other)
    post.answers.add(other)
    post.readers.add(account)
    comment = Comment.objects.create(post=post, text="Yes")
    Comment.objects.create(post=post, text="No", answer_to=comment)
    kinds = {model: ContentType.objects.get_for_model(model) for model in (Post, Article, Review)}
    attachment, *_ = (
        Attachment.objects.create(kind=kind, number=post.pk) for kind in kinds.values()
    )
    kind = kinds[Post]
    seat = Seat.objects.create(room="A", number=1)
    source = EventSource.objects.create(name="web")
    permission = Permission.objects.filter(content_type=kind).first()
    group = Group.objects.create(name="writers")
    group.permissions.add(permission)
    account.groups.add(group)
    account.user_permissions.add(permission)
    rows: list[models.Model] = [
        account, category, tag, review, post, article, published, comment, attachment, seat,
        source, group, permission, kind,
        Visit.objects.create(person=account, invited_by=account, guide=account),
        PostTag.objects.create(post=post, tag=tag, suggested=tag, by=account),
        Badge.objects.create(tag=tag),
        Star.objects.create(kind=kind, number=post.pk),
        Booking.objects.create(room="A", number=1),
        Slot.objects.create(
            during=(datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)), words=["a"], made_at=now
        ),
        Highlight.objects.create(post=published, lucky_ptr=tag, review=review, unchecked=article),
        Session.objects.create(account=account, token="t", expires_at=now),
        HistoricalTag.objects.create(
            id=1, code="red", history_date=now, history_type="+", history_user=account
        ),
        Archived.objects.create(post=post, note="n"),
        Quill.objects.create(length=3),
        Event.objects.create(source=source, account_id=account.pk),
        LateNote.objects.create(post=post),
        PostSummary.objects.get(pk=post.pk),
        PostRow.objects.get(pk=post.pk),
        LogEntry.objects.create(user=account, content_type=kind, action_flag=1),
        WebSession.objects.create(session_key="k", session_data="", expire_date=now),
        SavedView.objects.create(name="v", owner=account, updated_by=account),
        SchemaSnapshot.objects.create(source="registry", document={}, taken_by=account),
        StoredResult.objects.create(kind="diagram", command="c", payload={}),
        CollectionDesign.objects.create(relation="a.B.c", verdict="ask", decided_by=account),
    ]  # fmt: skip
    if HAS_GENERATED:
        rows.append(apps.get_model("blog.Invoice").objects.create())
    if HAS_COMPOSITE_KEYS:
        reaction = apps.get_model("blog.Reaction")
        rows.append(reaction.objects.create(post=post, account=account, emoji="!"))
    for model in apps.get_models(include_auto_created=True):
        if model._meta.auto_created:
            rows.append(model.objects.first())
    return {f"{row._meta.app_label}.{row._meta.object_name}": row for row in rows}
