from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from modeler import permissions


class StoredResult(models.Model):
    """What a command worked out, for the pages to show."""

    class Kind(models.TextChoices):
        PREVIEW = "preview", _("migration preview")
        MEASURES = "measures", _("measures of rows")
        DRIFT = "drift", _("drift of collections")
        PROOF = "proof", _("proof of collections")
        PREFLIGHT = "preflight", _("preflight of collections")
        VERIFICATION = "verification", _("comparison of documents")
        SAMPLES = "samples", _("sample documents")

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
    specifications = models.JSONField(
        _("specifications"),
        null=True,
        editable=False,
        help_text=_("Collection: fingerprint of the specification that it was made for."),
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


class SavedView(models.Model):
    """A diagram that somebody arranged: what is shown, where it stands, and what was noted.

    Positions and notes are in points of the picture, y downwards. Names of tables that have gone
    since then are kept: a table that comes back finds its place again.
    """

    WHOLE = "*"

    name = models.CharField(_("name"), max_length=120)
    selection = models.TextField(
        _("selection"),
        blank=True,
        help_text=_("What is shown, as it stands in the page's address."),
    )
    positions = models.JSONField(
        _("positions"), default=dict, blank=True, help_text=_("Table: left and top, in points.")
    )
    notes = models.JSONField(_("notes"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everybody who may read the data model sees it.")
    )
    default_for = models.CharField(
        _("default for"),
        max_length=100,
        blank=True,
        help_text=_("Label of the app whose picture starts with it; * for the whole project."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("updated by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="modeler_view_own_name"),
            models.UniqueConstraint(
                fields=("default_for",),
                condition=~models.Q(default_for=""),
                name="modeler_view_one_default",
            ),
        )

    def __str__(self) -> str:
        return self.name


class SchemaSnapshot(models.Model):
    """A schema as it was at some time, to compare with."""

    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Such as the release's name.")
    )
    source = models.CharField(
        _("source"),
        max_length=255,
        editable=False,
        help_text=_("What was read: registry, database:default, expected:default …"),
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=16, editable=False)
    taken_at = models.DateTimeField(_("taken at"), auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    document = models.JSONField(
        _("document"), editable=False, help_text=_("The schema, as modeler's JSON.")
    )

    class Meta:
        verbose_name = _("schema snapshot")
        verbose_name_plural = _("schema snapshots")
        ordering = ("-taken_at", "-pk")
        default_permissions = ("view", "delete")
        indexes = (
            # The newest of a source is what drift is measured against.
            models.Index(fields=("source", "-taken_at"), name="modeler_snapshot_newest"),
        )

    def __str__(self) -> str:
        return self.name or f"{self.source} {self.taken_at:%Y-%m-%d %H:%M}"


class CollectionDesign(models.Model):
    """What a person decided of a relation: whether documents embed it, copy it or refer to it.

    It goes before the points, and is asked again when the numbers have moved.
    """

    alias = models.CharField(
        _("database"), max_length=64, editable=False, help_text=_("Alias of the rows' database.")
    )
    relation = models.CharField(
        _("relation"), max_length=255, editable=False, help_text=_("Such as orders.Payment.order.")
    )
    verdict = models.CharField(_("verdict"), max_length=24, editable=False)
    note = models.TextField(_("note"), blank=True, editable=False, help_text=_("Why."))
    measures = models.JSONField(
        _("measures"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Of the relation, when it was decided."),
    )
    decided_at = models.DateTimeField(_("decided at"), auto_now=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("collection design")
        verbose_name_plural = _("collection designs")
        ordering = ("relation", "pk")
        default_permissions = ("view", "delete")
        permissions = (("decide_collections", "Can decide the design of collections"),)
        constraints = (
            models.UniqueConstraint(
                fields=("alias", "relation"), name="modeler_design_one_a_relation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation}: {self.verdict}"
