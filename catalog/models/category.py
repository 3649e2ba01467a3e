"""The tree of categories."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q

from catalog.querysets import CategoryQuerySet
from catalog.record import Record
from catalog.triggers import Refusal, Rule, Stamp

# Any number will do, as long as nothing else in this database uses it as an advisory lock.
TREE_LOCK = 20_240_117

CYCLE_MESSAGE = "A category cannot lie below itself, at any depth."


class Category(Record):
    """A node of the tree in which products are filed."""

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        # The index below leads with it.
        db_index=False,
        db_comment="The category above; empty at the top.",
    )
    name = models.CharField(max_length=100, db_comment="What people read.")
    slug = models.SlugField(
        max_length=110,
        # The unique constraint below has its index.
        db_index=False,
        db_comment="Name in web addresses; unique.",
    )
    description = models.TextField(blank=True, default="", db_comment="Text of its page.")
    is_active = models.BooleanField(
        "active", default=True, db_default=True, db_comment="Shown to customers."
    )
    sort_order = models.IntegerField(
        default=0, db_default=0, db_comment="Place among its siblings, the smallest first."
    )

    objects: Any = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["sort_order", "name", "id"]
        db_table_comment = "Tree of categories; no cycles at any depth."
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="category_slug_unique",
                violation_error_message="Another category has this slug.",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="category_not_own_parent",
                violation_error_message="A category cannot be its own parent.",
            ),
        ]
        indexes = [
            # Children of one category in the order they are shown; covers the foreign key.
            models.Index(fields=["parent", "sort_order", "name"], name="category_children"),
        ]
        triggers = [
            Stamp(),
            # Before any row is locked, so that two who change parents wait here and not for each
            # other. In READ COMMITTED the one who waited then sees what the other did.
            Rule(
                name="one_at_a_time",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("parent_id"),
                func=f"PERFORM pg_advisory_xact_lock({TREE_LOCK}); RETURN NULL;",
            ),
            # FOR SHARE makes the walk safe under REPEATABLE READ too, where the snapshot is older
            # than the lock: an ancestor that moved since then is a serialization failure.
            Refusal(
                name="acyclic",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "id"),
                condition=pgtrigger.Condition(
                    "NEW.parent_id IS NOT NULL AND NEW.parent_id <> NEW.id"
                ),
                constraint="category_acyclic",
                message=CYCLE_MESSAGE,
                declare=[("ancestor", "uuid := NEW.parent_id")],
                test="""
                    WHILE ancestor IS NOT NULL AND ancestor <> NEW.id LOOP
                        SELECT parent_id INTO ancestor FROM catalog_category
                            WHERE id = ancestor FOR SHARE;
                    END LOOP;
                    IF ancestor IS NOT NULL THEN
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name
