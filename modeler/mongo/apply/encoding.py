"""A plan and its progress as JSON, with a format version (docs/collections.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modeler.mongo.apply.look import Look
from modeler.mongo.apply.offenders import Offenders
from modeler.mongo.apply.progress import Progress
from modeler.mongo.apply.step import Plan, Step
from modeler.reporting.finding import Finding
from modeler.schema.encoding import encode

VERSION = 1


def plan_json(plan: Plan, look: Look) -> str:
    """Return a plan; commands are Extended JSON, as ``db.runCommand(EJSON.parse(…))`` takes."""
    return _written("modeler.plan", look, [_step(step) for step in plan.steps], plan.notes)


def progress_json(progress: Iterable[Progress], plan: Plan, look: Look) -> str:
    """Return what became of each step."""
    steps = [
        {
            **_step(one.step),
            "outcome": str(one.outcome),
            "said": one.said,
            "next_step": one.next_step,
            "offenders": None if one.offenders is None else _offenders(one.offenders),
        }
        for one in progress
    ]
    return _written("modeler.apply", look, steps, plan.notes)


def _written(name: str, look: Look, steps: list[dict[str, Any]], notes: Iterable[Finding]) -> str:
    document = {
        "format": name,
        "version": VERSION,
        "database": look.database.name,
        "server": {
            "version": list(look.facts.version),
            "compatibility": list(look.facts.compatibility),
            "topology": str(look.facts.topology),
        },
        "steps": steps,
        "notes": [{**encode(note), "fingerprint": note.fingerprint} for note in notes],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _offenders(found: Offenders) -> dict[str, Any]:
    return {
        "count": found.count,
        "ids": list(found.ids),
        "rules": list(found.rules),
        "failure": found.failure,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "collection": step.collection,
        "kind": str(step.kind),
        "sentence": step.sentence,
        "command": step.command,
        "waits": step.waits,
        "back": step.back,
        "undo": step.undo,
        "index": step.index,
    }
