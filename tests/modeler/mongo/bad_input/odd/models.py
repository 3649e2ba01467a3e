"""Models as bad as they come; nobody reads their rows by name."""

# ruff: noqa: DJ008

from __future__ import annotations

from django.db import models


class Amount(models.Model):
    """numeric(10,2) holds NaN in PostgreSQL."""

    value = models.DecimalField(max_digits=10, decimal_places=2, null=True)


class Digits(models.Model):
    """More digits than the 34 of BSON."""

    value = models.DecimalField(max_digits=40, decimal_places=4)


class Twin(models.Model):
    """Moments a few microseconds apart, under a unique rule."""

    moment = models.DateTimeField(unique=True)


class Large(models.Model):
    """Over 16 MiB."""

    text = models.TextField()


class Named(models.Model):
    """Columns called as MongoDB calls what is its own."""

    key = models.CharField(max_length=20, db_column="_id")
    path = models.CharField(max_length=20, db_column="a.b")
    money = models.IntegerField(db_column="$x")


class Hen(models.Model):
    """Hens lay eggs, and an egg becomes a hen."""

    name = models.CharField(max_length=20)
    egg = models.ForeignKey("Egg", models.CASCADE, null=True)
    above = models.ForeignKey("self", models.SET_NULL, null=True)


class Egg(models.Model):
    hen = models.ForeignKey(Hen, models.CASCADE, null=True)


class Empty(models.Model):
    name = models.CharField(max_length=20)


class Keyless(models.Model):
    """A table without a primary key, as ``inspectdb`` writes it: with one that is none."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "odd_keyless"
