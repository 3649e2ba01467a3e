"""A card as what ``json`` can write: a decision with all it rests on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from modeler.mongo.design.decision import Decision
from modeler.mongo.design.design import Design
from modeler.mongo.design.examples import Build, example
from modeler.mongo.design.measures import to_document as measures_document
from modeler.mongo.design.verdict import Verdict
from modeler.schema.encoding import encode

FORMAT = "modeler.design"
VERSION = 1


def to_document(
    design: Design, relations: Iterable[str] | None = None, build: Build | None = None
) -> dict[str, Any]:
    """Return a design as what ``json`` can write.

    Args:
        design: the whole.
        relations: keys of those whose cards are wanted; all if not given.
        build: makes example documents of real rows.
    """
    wanted = None if relations is None else set(relations)
    return {
        "format": FORMAT,
        "version": VERSION,
        "measures": measures_document(design.measures) if design.measures else None,
        "weights": asdict(design.weights),
        "collections": [
            {
                "aggregate": encode(aggregate),
                "bytes": {
                    "mean": round(size.bytes.mean),
                    "p99": round(size.bytes.p99),
                    "max": round(size.bytes.maximum),
                    "whole": size.whole,
                },
            }
            for aggregate, size in zip(design.aggregates, design.sizes, strict=True)
        ],
        "cards": [
            card(design, decision, build)
            for decision in design.decisions
            if wanted is None or decision.relation in wanted
        ],
        "findings": [
            {**encode(finding), "fingerprint": finding.fingerprint} for finding in design.findings
        ],
    }


def to_json(
    design: Design, relations: Iterable[str] | None = None, build: Build | None = None
) -> str:
    """Return a design as JSON; equal designs give equal bytes."""
    return json.dumps(to_document(design, relations, build), ensure_ascii=False, indent=1) + "\n"


def card(design: Design, decision: Decision, build: Build | None = None) -> dict[str, Any]:
    """Return one card."""
    judgement, sizes = decision.judgement, decision.sizes
    return {
        "relation": decision.relation,
        "child": decision.child,
        "parent": decision.parent,
        "verdict": str(decision.verdict),
        "also": [str(pattern) for pattern in decision.also],
        "because": decision.because,
        "origin": str(decision.origin),
        "measured": decision.measured,
        "sampled": decision.sampled,
        "points_say": str(judgement.verdict),
        "score": judgement.score,
        "reasons": [
            {"points": one.points, "text": one.text, "rule": one.slug} for one in judgement.reasons
        ],
        "vetoes": [{"text": one.text, "rule": one.slug} for one in judgement.vetoes],
        "held_back": judgement.held_back,
        "bytes": sizes
        and {
            "p50": round(sizes.p50),
            "p99": round(sizes.p99),
            "max": round(sizes.maximum),
        },
        "full_on": decision.projection.on or None,
        "growth": decision.projection.text,
        "flips": [
            {"if": one.text, "verdict": str(one.verdict), "factor": round(one.factor, 2) or None}
            for one in decision.flips(design.weights)
        ],
        "note": decision.override.note if decision.override else "",
        "decided_by": decision.override.who if decision.override else "",
        "decided_at": decision.override.when if decision.override else "",
        "moved": list(decision.moved),
        "refused": decision.refused,
        "notes": list(decision.notes),
        "documents": documents(design, decision, build),
    }


def documents(
    design: Design, decision: Decision, build: Build | None = None
) -> dict[str, dict[str, Any] | None]:
    """Return both documents of a card, in Extended JSON: together, and the two apart.

    None where a side does not exist: what refers to itself never lies in itself.
    """
    nothing: dict[str, dict[str, Any] | None] = {"together": None, "parent": None, "child": None}
    relation = next((one for one in design.schema.relations if one.key == decision.relation), None)
    if relation is None or not decision.parent:
        return nothing
    together, parent, child = design.shapes.pair(relation)
    can_embed = not (decision.inputs.self_reference or decision.inputs.impossible)
    shown = can_embed and decision.verdict is not Verdict.PATH
    return {
        "together": example(design.schema, together, build) if shown else None,
        "parent": example(design.schema, parent, build),
        "child": example(design.schema, child, build),
    }
