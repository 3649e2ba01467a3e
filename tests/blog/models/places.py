# ruff: noqa: DJ008 - the models are read, never shown
from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models


class Category(models.Model):
    parent = models.ForeignKey("self", models.RESTRICT, null=True, related_name="children")
    name = models.CharField(max_length=60)
    # Unique alone by a constraint that leaves no row out.
    leader = models.ForeignKey("blog.Account", models.SET_NULL, null=True)
    deputy = models.ForeignKey("blog.Account", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leader"], name="category_leader_once"),
            models.UniqueConstraint(
                fields=["deputy"],
                condition=models.Q(name__gt=""),
                name="category_deputy_once_if_named",
            ),
        ]


class Seat(models.Model):
    room = models.CharField(max_length=10)
    number = models.IntegerField()

    class Meta:
        unique_together = [("room", "number")]


class Booking(models.Model):
    """Refers to a seat by two columns that no foreign key of Django's can hold."""

    room = models.CharField(max_length=10)
    number = models.IntegerField()
    seat = models.ForeignObject(
        Seat, models.CASCADE, from_fields=["room", "number"], to_fields=["room", "number"],
        related_name="bookings",
    )  # fmt: skip


class Slot(models.Model):
    during = DateRangeField()
    words = ArrayField(models.CharField(max_length=12), size=4, default=list)
    grid = ArrayField(ArrayField(models.IntegerField()), null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="slot_words", fastupdate=False),
            BrinIndex(fields=["made_at"], name="slot_made", pages_per_range=16),
        ]
        constraints = [
            ExclusionConstraint(
                name="slot_no_overlap", expressions=[("during", RangeOperators.OVERLAPS)]
            ),
        ]
