# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

from django.db import models


class LateNote(models.Model):
    """Made when the URLs are imported, in no migration."""

    post = models.ForeignKey("blog.Post", models.CASCADE)

    class Meta:
        app_label = "blog"
        managed = False
