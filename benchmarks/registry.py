"""How long reading the app registry of a 150-model project takes, after ``django.setup()``.

Run: ``python -m benchmarks.registry``. No database is needed. Beside the time stands its ratio
to rendering the same models from a migration state in the same run, so that figures of different
machines compare.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

APPS, MODELS, ROUNDS, GOAL = 10, 15, 9, 0.060

HEADER = """
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
"""
MODEL = '''
class Model{number}(models.Model):
    """A model of the usual size."""

    name = models.CharField("name", max_length=100, validators=[MinLengthValidator(2)])
    slug = models.SlugField(unique=True)
    status = models.CharField(max_length=10, choices=[("a", "A"), ("b", "B"), ("c", "C")])
    text = models.TextField(blank=True, help_text="Say <em>more</em>.")
    price = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    amount = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    near = models.ForeignKey("{near}", models.CASCADE, null=True, related_name="+")
    far = models.ForeignKey("{far}", models.PROTECT, related_name="+")
    {many}

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["status", "-made_at"], name="{app}_{number}_a"),
            models.Index(Lower("name"), name="{app}_{number}_b", condition=Q(active=True)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["name", "near"], name="{app}_{number}_c"),
        ]
'''


def write_project(folder: Path) -> list[str]:
    """Write the apps; return their names."""
    labels = [f"bench{position}" for position in range(APPS)]
    for position, label in enumerate(labels):
        package = folder / label
        package.mkdir()
        (package / "__init__.py").touch()
        text = HEADER
        for number in range(MODELS):
            other = labels[(position + 1) % APPS]
            many = f'many = models.ManyToManyField("{other}.Model{number}")' if not number else ""
            text += MODEL.format(
                number=number, near=f"Model{(number + 1) % MODELS}", app=label, many=many,
                far=f"{other}.Model{number}",
            )  # fmt: skip
        (package / "models.py").write_text(text)
    return labels


def main() -> None:
    """Print the figures; exit with 1 where reading took longer than the goal."""
    import django
    from django.conf import settings

    with tempfile.TemporaryDirectory() as name:
        sys.path.insert(0, name)
        settings.configure(
            INSTALLED_APPS=write_project(Path(name)),
            DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "none"}},
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()
        from modeler.schema.registry import read_registry

        started = time.perf_counter()
        schema = read_registry()
        first = time.perf_counter() - started
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            read_registry()
            times.append(time.perf_counter() - started)
        rendered = rendering_time()
    typical = statistics.median(times)
    columns = sum(len(table.columns) for table in schema.tables)
    models = sum(1 for table in schema.tables if table.kind == "model")
    print(f"{models} models, {len(schema.tables)} tables, {columns} columns")
    print(f"read_registry: first {first * 1000:.1f} ms, then {typical * 1000:.1f} ms (median)")
    print(
        f"rendering a migration state of the same: {rendered * 1000:.1f} ms, "
        f"{rendered / first:.1f} times the first reading"
    )
    print(f"goal {GOAL * 1000:.0f} ms: {'held' if first <= GOAL else 'missed'}")
    sys.exit(first > GOAL)


def rendering_time() -> float:
    """Return the seconds that ``state.apps`` takes for the same models."""
    from django.apps import apps
    from django.db.migrations.state import ProjectState

    state = ProjectState.from_apps(apps)
    started = time.perf_counter()
    assert state.apps
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
