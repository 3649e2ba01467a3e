"""Models of the ``pets`` app that cases of rules start from."""

from __future__ import annotations

from django.db import migrations, models

PET = migrations.CreateModel(
    "Pet",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=20)),
        ("age", models.IntegerField(null=True)),
    ],
)
OWNER = migrations.CreateModel(
    "Owner",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("email", models.CharField(max_length=50, db_index=True)),
        ("since", models.DateTimeField()),
        ("balance", models.DecimalField(max_digits=8, decimal_places=2)),
    ],
)


def owner(**options: object) -> models.ForeignKey:
    """Return a foreign key to the owner."""
    return models.ForeignKey("pets.owner", models.CASCADE, **options)  # type: ignore[arg-type]


OWNED = [PET, OWNER, migrations.AddField("pet", "owner", owner(null=True))]
