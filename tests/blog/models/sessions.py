# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tests.blog.versions import CHECK


class Session(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey("blog.Account", models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True)
    data = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                **{CHECK: Q(data__device="phone") | Q(data__device__isnull=True)},
                name="session_device_known",
            ),
        ]
