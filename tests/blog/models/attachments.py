# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from tests.blog.money import MoneyField


class Attachment(models.Model):
    kind = models.ForeignKey(ContentType, models.CASCADE)
    number = models.PositiveBigIntegerField()
    target = GenericForeignKey("kind", "number")
    price = MoneyField(max_digits=8, decimal_places=2, default=0)


class Star(models.Model):
    """A generic key that may be empty."""

    kind = models.ForeignKey(ContentType, models.CASCADE, null=True)
    number = models.PositiveBigIntegerField(null=True)
    target = GenericForeignKey("kind", "number")
