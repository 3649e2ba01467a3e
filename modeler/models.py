from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modeler import permissions


class StoredResult(models.Model):
    """What a command worked out, for the pages to show."""

    class Kind(models.TextChoices):
        DIAGRAM = "diagram", _("ER diagram")
        PREVIEW = "preview", _("migration preview")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, editable=False)
    subject = models.CharField(
        _("subject"),
        max_length=255,
        blank=True,
        editable=False,
        help_text=_("Apps, tables or migrations that were asked for; empty for all."),
    )
    command = models.CharField(
        _("command"),
        max_length=500,
        editable=False,
        help_text=_("What makes this result again."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    fingerprint = models.CharField(
        _("fingerprint"),
        max_length=16,
        editable=False,
        help_text=_("Of the schema that it was made from."),
    )
    payload = models.JSONField(_("payload"), editable=False)

    class Meta:
        verbose_name = _("stored result")
        verbose_name_plural = _("stored results")
        ordering = ("-created_at", "-pk")
        default_permissions = ("view", "delete")
        permissions = permissions.DECLARED
        indexes = (
            # The pages ask for the newest of a kind, with or without a subject.
            models.Index(fields=("kind", "subject", "-created_at"), name="modeler_result_newest"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}".strip()
