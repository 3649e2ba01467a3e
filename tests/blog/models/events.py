# ruff: noqa: DJ008 - the models are read, never shown
"""What lies in the second database."""

from __future__ import annotations

from django.db import models


class EventSource(models.Model):
    name = models.CharField(max_length=20)


class Event(models.Model):
    source = models.ForeignKey(EventSource, models.CASCADE)
    # No database holds a key to another one.
    account = models.ForeignKey("blog.Account", models.DO_NOTHING, db_constraint=False)
