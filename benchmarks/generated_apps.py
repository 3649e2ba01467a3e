"""Apps and models made from ``benchmarks.diagrams.generated``; ``GENERATED_MODELS`` says how many.

None of the models has a table in the database. Each app makes its models when Django asks for
them, as an app with files would.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.db import models

from benchmarks.diagrams import generated
from modeler.diagrams.graph import Box, Edge

GRAPH = generated(int(os.environ.get("GENERATED_MODELS", "1000")))
BOXES: dict[str, list[Box]] = defaultdict(list)
EDGES: dict[str, list[Edge]] = defaultdict(list)
for _box in GRAPH.boxes:
    BOXES[_box.app].append(_box)
for _edge in GRAPH.edges:
    EDGES[_edge.source].append(_edge)
LABELS = tuple(sorted(BOXES))

KINDS = {
    "bigint": models.BigIntegerField,
    "timestamptz": models.DateTimeField,
    "boolean": models.BooleanField,
    "jsonb": models.JSONField,
    "text": models.TextField,
}


class GeneratedApp(AppConfig):
    """An app without files."""

    path = str(Path(__file__).parent)

    def import_models(self) -> None:
        for box in BOXES[self.label]:
            make_model(box, self.name)
        super().import_models()


def make_model(box: Box, package: str) -> None:
    """Make the model that a box shows."""
    fields: dict[str, object] = {}
    optional = {row.name: row.null for row in box.rows}
    for edge in EDGES[box.key]:
        (column,) = edge.columns
        fields[column.removesuffix("_id")] = models.ForeignKey(
            edge.target,
            models.SET_NULL if optional[column] else models.CASCADE,
            null=optional[column],
            related_name="+",
            help_text=f"Refers to {edge.target}.",
        )
    for row in box.rows:
        if row.primary or row.foreign:
            continue
        if row.type == "numeric(12,2)":
            fields[row.name] = models.DecimalField(max_digits=12, decimal_places=2)
        elif row.type in KINDS:
            fields[row.name] = KINDS[row.type]()
        else:
            fields[row.name] = models.CharField(max_length=64, help_text="Words of the record.")
    meta = type("Meta", (), {"app_label": box.app})
    type(box.title, (models.Model,), {"__module__": f"{package}.models", "Meta": meta, **fields})


for _label in LABELS:
    _name = f"generated_{_label}"
    _package = ModuleType(_name)
    _package.__path__ = []
    sys.modules[_name] = _package
    globals()[_label] = type(_label, (GeneratedApp,), {"name": _name, "label": _label})
