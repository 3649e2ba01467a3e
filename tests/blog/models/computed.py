# ruff: noqa: DJ008 - the models are read, never shown
"""Columns and keys that only newer versions of Django have."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Now, Upper

from tests.blog.versions import HAS_COMPOSITE_KEYS, HAS_DATABASE_DEFAULTS, HAS_GENERATED

__all__ = []

if HAS_GENERATED and HAS_DATABASE_DEFAULTS:

    def colours() -> list[tuple[str, str]]:
        return [("red", "Red")]

    class Invoice(models.Model):
        net = models.DecimalField(max_digits=10, decimal_places=2, db_default=0)
        rate = models.DecimalField(max_digits=4, decimal_places=2, default=0.19)
        word = models.CharField(max_length=20, db_default="none", choices=colours)
        made_at = models.DateTimeField(db_default=Now())
        gross = models.GeneratedField(
            expression=Coalesce(F("net"), 0) * (1 + F("rate")),
            output_field=models.DecimalField(max_digits=14, decimal_places=4),
            db_persist=True,
        )
        loud = models.GeneratedField(
            expression=Upper("word"),
            output_field=models.CharField(max_length=20),
            db_persist=True,
        )

    __all__ += ["Invoice"]

if HAS_COMPOSITE_KEYS:

    class Reaction(models.Model):
        pk = models.CompositePrimaryKey("post_id", "account_id")
        post = models.ForeignKey("blog.Post", models.CASCADE)
        account = models.ForeignKey("blog.Account", models.CASCADE)
        emoji = models.CharField(max_length=4)

    __all__ += ["Reaction"]
