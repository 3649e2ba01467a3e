# ruff: noqa: DJ008 - the models are read, never shown
"""A history table of the shape that django-simple-history makes."""

from __future__ import annotations

from django.db import models

from tests.blog.models.tags import Tag


class HistoricalTag(models.Model):
    id = models.BigIntegerField(db_index=True)
    code = models.CharField(max_length=20, db_index=True)
    history_id = models.AutoField(primary_key=True)
    history_date = models.DateTimeField(db_index=True)
    history_type = models.CharField(max_length=1, choices=[("+", "Created"), ("~", "Changed")])
    history_user = models.ForeignKey(
        "blog.Account", models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )

    instance_type = Tag
