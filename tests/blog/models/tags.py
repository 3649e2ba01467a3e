# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

from django.conf import settings
from django.db import models


class Tag(models.Model):
    code = models.CharField(max_length=20, unique=True, db_collation="C")
    label = models.CharField(max_length=40, db_index=True)


class PostTag(models.Model):
    """A join table with two keys to accounts and one to a code instead of the primary key."""

    post = models.ForeignKey("blog.Post", models.CASCADE)
    tag = models.ForeignKey(Tag, models.CASCADE, to_field="code")
    suggested = models.ForeignKey(
        Tag, models.SET_NULL, null=True, related_name="suggestions", to_field="code"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)

    class Meta:
        unique_together = [("post", "tag")]


# A class without source: libraries make such at run time.
Badge = type(
    "Badge",
    (models.Model,),
    {
        "__module__": "tests.blog.models.made_at_run_time",
        "tag": models.ForeignKey(Tag, models.CASCADE),
        "Meta": type("Meta", (), {"app_label": "blog"}),
    },
)
