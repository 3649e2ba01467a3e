"""Rows of the blog that hang together in every way."""

from __future__ import annotations

import pytest
from django.utils import timezone


@pytest.fixture
def some_rows(db):
    from tests.blog import models as blog

    ann, bob, cy = (
        blog.Account._base_manager.create(email=f"{name}@example.org", password="x")
        for name in ("ann", "bob", "cy")
    )
    root = blog.Category.objects.create(name="all", leader=ann)
    leaf = blog.Category.objects.create(name="some", parent=root, leader=bob, deputy=ann)
    red, blue = (blog.Tag.objects.create(code=code, label=code) for code in ("red", "blue"))
    blog.Badge.objects.create(tag=red)
    blog.Badge.objects.create(tag=blue)
    facts = {"published_from": timezone.now()}
    first = blog.Review.objects.create(
        title="first", slug="first", owner=ann, category=leaf, score=3, **facts
    )
    second = blog.Post.objects.create(title="second", slug="second", owner=bob)
    third = blog.Article.objects.create(title="third", slug="third", owner=bob, category=root)
    for post, tag, suggested in ((first, red, None), (first, blue, red), (second, red, blue)):
        blog.PostTag.objects.create(post_id=post.pk, tag=tag, suggested=suggested, by=cy)
    second.readers.add(ann, cy)
    second.similar.add(third.post_ptr)
    third.post_ptr.answers.add(second)
    answer = blog.Comment.objects.create(post=second, text="a")
    blog.Comment.objects.create(post=second, text="b", answer_to=answer)
    blog.Highlight.objects.create(
        post=blog.PublishedPost.objects.get(pk=second.pk), lucky_ptr=red, review=first
    )
    blog.Visit.objects.create(person=ann, invited_by=bob, guide=cy)
    blog.Visit.objects.create(person=bob)
    seat = blog.Seat.objects.create(room="A", number=1)
    blog.Booking.objects.create(room=seat.room, number=seat.number)
