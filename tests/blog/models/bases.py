"""Abstract models, one on the other."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Stamped(models.Model):
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Owned(Stamped):
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(app_label)s_%(class)s_owned"
    )

    class Meta:
        abstract = True
