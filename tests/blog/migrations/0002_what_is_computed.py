from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import tests.blog.models.computed
from tests.blog.versions import HAS_COMPOSITE_KEYS, HAS_GENERATED

operations = []
if HAS_GENERATED:
    operations.append(
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("net", models.DecimalField(db_default=0, decimal_places=2, max_digits=10)),
                ("rate", models.DecimalField(decimal_places=2, default=0.19, max_digits=4)),
                (
                    "word",
                    models.CharField(
                        choices=tests.blog.models.computed.colours,
                        db_default="none",
                        max_length=20,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "gross",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.comparison.Coalesce(models.F("net"), 0),
                            "*",
                            django.db.models.expressions.CombinedExpression(
                                models.Value(1), "+", models.F("rate")
                            ),
                        ),
                        output_field=models.DecimalField(decimal_places=4, max_digits=14),
                    ),
                ),
                (
                    "loud",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper("word"),
                        output_field=models.CharField(max_length=20),
                    ),
                ),
            ],
        )
    )
if HAS_COMPOSITE_KEYS:
    operations.append(
        migrations.CreateModel(
            name="Reaction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "post_id",
                        "account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("emoji", models.CharField(max_length=4)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="blog.post"),
                ),
            ],
        )
    )


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_what_people_write")]
    operations = operations
