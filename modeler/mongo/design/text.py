"""A design as calm text for a terminal: the collections, then a card a decision."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Any

from modeler.mongo.aggregate import Part, PartKind
from modeler.mongo.design.amounts import number, size
from modeler.mongo.design.card import documents
from modeler.mongo.design.decision import Decision, Origin
from modeler.mongo.design.design import CollectionSize, Design
from modeler.mongo.design.verdict import Verdict

WIDTH = 96
KINDS = {
    PartKind.ARRAY: "array",
    PartKind.ONE: "document",
    PartKind.VALUES: "array of values",
    PartKind.COPY: "copy",
    PartKind.PATH: "array of ancestors",
}
# What a person wants to read first.
ORDER = (
    Verdict.ASK, Verdict.EMBED_ONE, Verdict.EMBED_ARRAY, Verdict.IDS, Verdict.OUTLIER,
    Verdict.SUBSET, Verdict.BUCKET, Verdict.PATH, Verdict.COPY, Verdict.COMPUTED,
    Verdict.REFERENCE,
)  # fmt: skip


def to_text(
    design: Design, relations: Iterable[str] | None = None, *, with_documents: bool = True
) -> str:
    """Return the collections, and the cards of a design.

    Args:
        design: the whole.
        relations: keys of those whose cards are wanted; all if not given.
        with_documents: show both documents of what is to be decided or embedded.
    """
    wanted = None if relations is None else set(relations)
    shown = [
        decision
        for decision in sorted(
            design.decisions, key=lambda one: (ORDER.index(one.verdict), one.relation)
        )
        if wanted is None or decision.relation in wanted
    ]
    tables = None if wanted is None else {key for one in shown for key in (one.child, one.parent)}
    lines = [*_about(design), "", *_collections(design, tables), ""]
    for decision in shown:
        lines += [*_card(design, decision, with_documents), ""]
    lines += [f"{one.level}: {one.message} [{one.code}]" for one in design.findings]
    return "\n".join(lines).rstrip() + "\n"


def _about(design: Design) -> Iterator[str]:
    measures = design.measures
    if measures is None:
        yield "From the models alone: no database was asked, so nobody counted any rows."
    else:
        yield (
            f"Measured in {measures.alias!r} (PostgreSQL {measures.server}) "
            f"on {measures.read_at:%Y-%m-%d %H:%M} UTC."
        )
        yield from (f"Note: {note}." for note in measures.notes)
    asked = sum(decision.verdict is Verdict.ASK for decision in design.decisions)
    tables = len({table for one in design.decisions for table in (one.child, one.parent)} - {""})
    yield (
        f"{tables} tables with relations, {len(design.decisions)} relations, "
        f"{len(design.aggregates)} collections"
        + (f"; {asked} to be decided by you." if asked else ".")
    )


def _collections(design: Design, tables: set[str] | None) -> Iterator[str]:
    yield "Collections"
    for aggregate, bytes_ in zip(design.aggregates, design.sizes, strict=True):
        if tables is not None and aggregate.table not in tables:
            continue
        yield f"  {aggregate.table}{_size(design, bytes_)}"
        yield from _parts(aggregate.parts, "    ")
        for computed in aggregate.computed:
            yield f"    {computed.field}: {computed.measure} of {computed.relation}"


def _size(design: Design, one: CollectionSize) -> str:
    if design.measures is None:
        return ""
    least = "" if one.whole else "at least "
    return (
        f"  ({least}{size(one.bytes.mean)} on average, {size(one.bytes.p99)} at the 99th "
        f"percentile, {size(one.bytes.maximum)} at most)"
    )


def _parts(parts: Iterable[Part], indent: str) -> Iterator[str]:
    for part in parts:
        first = f", the first {part.first} by {', '.join(part.order)}" if part.first else ""
        named = f" of {', '.join(part.columns)}" if part.columns else ""
        yield f"{indent}{part.field}: {KINDS[part.kind]}{named} ({part.relation}{first})"
        yield from _parts(part.parts, indent + "  ")


def _card(design: Design, decision: Decision, with_documents: bool) -> Iterator[str]:
    judgement = decision.judgement
    also = "".join(f", {pattern}" for pattern in decision.also)
    arrow = f" → {decision.parent}" if decision.parent else ""
    yield f"{decision.relation}{arrow}: {decision.verdict}{also}"
    if decision.origin is not Origin.CODE:
        yield from _wrapped(f"because: {decision.because}")
    if decision.origin is Origin.PERSON and decision.override is not None:
        who = f" by {decision.override.who}" if decision.override.who else ""
        yield f"  decided{who} {decision.override.when}; the points say {judgement.verdict}"
    elif decision.origin is Origin.CODE:
        yield from _wrapped(f"{decision.because}; the points say {judgement.verdict}")
    if decision.refused:
        yield from _wrapped(f"a decision is not followed: {decision.refused}")
    for moved in decision.moved:
        yield from _wrapped(f"decide again, {moved}")
    if judgement.reasons:
        yield f"  {judgement.score:+} points"
        for reason in judgement.reasons:
            yield f"    {reason.points:+3}  {reason.text}" if reason.points else (
                f"      0  {reason.text}"
            )  # fmt: skip
    for veto in judgement.vetoes:
        yield from _wrapped(f"veto: {veto.text}")
    inputs = decision.inputs
    if inputs.p50 is not None and not inputs.one_to_one and inputs.p95 is not None:
        yield (
            f"  children a parent: {number(inputs.p50)} (median), {number(inputs.p95)} (95 %), "
            f"{number(inputs.p99 or 0)} (99 %), {number(inputs.maximum or 0)} (most)"
            + (", of a sample" if decision.sampled else "")
        )
    sizes = decision.sizes
    if sizes is not None and not inputs.junction and not inputs.self_reference:
        about = "" if decision.measured else ", by the types of the columns"
        yield (
            f"  parent with its children: {size(sizes.p50)} (median), {size(sizes.p99)} (99 %), "
            f"{size(sizes.maximum)} (largest){about}"
        )
        on = f" on {decision.projection.on}" if decision.projection.on else ""
        yield from _wrapped(f"16 MiB{on}: {decision.projection.text}")
    for flip in decision.flips(design.weights):
        yield from _wrapped(f"{flip.verdict} if {flip.text}")
    yield from (f"  note: {note}" for note in decision.notes if design.measures is not None)
    if with_documents and (decision.verdict is Verdict.ASK or decision.verdict.embeds):
        yield from _both(design, decision)


def _both(design: Design, decision: Decision) -> Iterator[str]:
    made = documents(design, decision)
    if made["together"] is None:
        return
    yield "  together:"
    yield from _json(made["together"])
    yield "  apart:"
    yield from _json(made["parent"])
    yield from _json(made["child"])


def _json(document: Any) -> Iterator[str]:
    # One line a field, each document in braces of its own.
    rows = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in document.items()]
    for position, row in enumerate(rows):
        opening = "{" if not position else " "
        closing = "," if position < len(rows) - 1 else "}"
        cut = row if len(row) <= WIDTH else f"{row[: WIDTH - 1]}…"
        yield f"    {opening}{cut}{closing}"


def _wrapped(text: str) -> Iterator[str]:
    for position, line in enumerate(wrap(text, WIDTH - 4, break_long_words=False)):
        yield f"  {line}" if not position else f"    {line}"
