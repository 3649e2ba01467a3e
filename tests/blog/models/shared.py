# ruff: noqa: DJ008 - the models are read, never shown
"""Unmanaged models: a view, a second model of one table, a table of another schema."""

from __future__ import annotations

from django.db import models


class PostSummary(models.Model):
    post = models.OneToOneField("blog.Post", models.DO_NOTHING, primary_key=True)
    comments = models.IntegerField()

    class Meta:
        managed = False
        db_table = "blog_post_summary"


class PostRow(models.Model):
    title = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "blog_post"


class Archived(models.Model):
    # With a constraint, Django's flush would fail: it cannot see tables of other schemas.
    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="+", db_constraint=False)
    note = models.CharField(max_length=20, unique=True)

    class Meta:
        db_table = '"archive"."entry"'
