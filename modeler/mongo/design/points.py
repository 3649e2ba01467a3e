"""Vetoes, and signed points: each with the number that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modeler.mongo.design.amounts import counted, number, share, size
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.weights import Weights

PROTECTING = frozenset({"PROTECT", "RESTRICT"})
CASCADING = frozenset({"CASCADE", "DB_CASCADE"})
EMPTYING = frozenset({"SET_NULL", "DB_SET_NULL"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a relation is more or less to be embedded.

    Attributes:
        points: signed; 0 for what was asked and decides nothing.
        text: a clause with the number behind it.
        slug: which rule, an attribute of Weights.
    """

    points: int
    text: str
    slug: str = ""


def children(count: float) -> str:
    """Return a number of children."""
    return counted(count, "child", "children")


class Vetoes:
    """Slugs of what forbids embedding."""

    BARRED = "barred"
    SELF = "self reference"
    ROWS = "rows"
    DOCUMENT = "document"
    P99 = "p99"
    SHARED = "shared"


# Those that only a few huge documents may be to blame for.
BY_LARGEST = frozenset({Vetoes.ROWS, Vetoes.DOCUMENT})
BY_AMOUNT = BY_LARGEST | {Vetoes.P99}


@dataclass(frozen=True, slots=True)
class Veto:
    slug: str
    text: str


def vetoes(inputs: Inputs, weights: Weights) -> tuple[Veto, ...]:
    """Return what forbids that the parent's document holds all children."""
    return tuple(_vetoes(inputs, weights))


def _vetoes(inputs: Inputs, weights: Weights) -> Iterator[Veto]:
    if inputs.self_reference:
        yield Veto(Vetoes.SELF, "the table refers to itself, so documents would lie in themselves")
    if inputs.barred:
        yield Veto(Vetoes.BARRED, inputs.barred)
    if inputs.referenced_by > 1:
        yield Veto(
            Vetoes.SHARED,
            f"{inputs.referenced_by} other tables refer to the child, so it stays a collection",
        )
    if inputs.maximum is not None and inputs.maximum > weights.veto_rows:
        yield Veto(
            Vetoes.ROWS,
            f"one parent has {children(inputs.maximum)}, more than {number(weights.veto_rows)}",
        )
    sizes = inputs.sizes
    if sizes is None or inputs.junction:
        return
    if sizes.maximum > weights.veto_document:
        yield Veto(
            Vetoes.DOCUMENT,
            f"the largest document would have {size(sizes.maximum)}, more than "
            f"{size(weights.veto_document)}",
        )
    if sizes.p99 > weights.veto_p99:
        yield Veto(
            Vetoes.P99,
            f"one document in a hundred would have {size(sizes.p99)} or more, beyond "
            f"{size(weights.veto_p99)}",
        )


def reasons(inputs: Inputs, weights: Weights) -> tuple[Reason, ...]:
    """Return what speaks for and against embedding, in the order of the rules."""
    return (
        *_declared(inputs, weights),
        *_amounts(inputs, weights),
        *_company(inputs, weights),
        *_traffic(inputs, weights),
    )


def _declared(inputs: Inputs, weights: Weights) -> Iterator[Reason]:
    if inputs.one_to_one:
        yield Reason(weights.one_to_one, "one child a parent at most", "one_to_one")
    if inputs.in_key:
        text = "the reference is part of the child's key: a row has its identity in its parent"
        yield Reason(weights.in_key, text, "in_key")
    if inputs.inline:
        yield Reason(weights.inline, "edited in the parent's admin page", "inline")
    if inputs.on_delete in CASCADING:
        yield Reason(weights.cascade, "deleted with its parent", "cascade")
    elif inputs.on_delete in PROTECTING:
        yield Reason(weights.protect, f"{inputs.on_delete}: the parent may not go", "protect")
    elif inputs.on_delete in EMPTYING:
        yield Reason(weights.set_null, "outlives its parent (SET_NULL)", "set_null")
    if inputs.null:
        yield Reason(weights.nullable, "may have no parent", "nullable")
    else:
        yield Reason(weights.required, "has a parent always", "required")


def _amounts(inputs: Inputs, weights: Weights) -> Iterator[Reason]:
    p95 = inputs.p95
    if p95 is None:
        text = "no rows yet" if inputs.child_rows == 0 else "nobody counted children a parent"
        yield Reason(0, text, "array_few")
    else:
        text = f"{children(p95)} a parent at the 95th percentile, up to {{}}"
        if p95 <= weights.few:
            yield Reason(weights.array_few, text.format(number(weights.few)), "array_few")
        elif p95 <= weights.some:
            yield Reason(weights.array_some, text.format(number(weights.some)), "array_some")
        elif p95 <= weights.many:
            yield Reason(weights.array_many, text.format(number(weights.many)), "array_many")
        else:
            text = f"{children(p95)} a parent at the 95th percentile"
            yield Reason(weights.array_more, text, "array_more")
    if (sizes := inputs.sizes) is None:
        return
    if sizes.p99 <= weights.small_document:
        text = f"documents of {size(sizes.p99)} at the 99th percentile"
        yield Reason(weights.document_small, text, "document_small")
    elif sizes.p99 > weights.large_document:
        text = f"documents of {size(sizes.p99)} at the 99th percentile"
        yield Reason(weights.document_large, text, "document_large")


def _company(inputs: Inputs, weights: Weights) -> Iterator[Reason]:
    if inputs.named_after:
        yield Reason(weights.named_after, "named after its parent", "named_after")
    if inputs.referenced_by == 1:
        text = "another table refers to the child"
        yield Reason(weights.referenced_once, text, "referenced_once")
    elif inputs.referenced_by > 1:
        text = f"{inputs.referenced_by} other tables refer to the child"
        yield Reason(weights.referenced_more, text, "referenced_more")
    if inputs.other_keys:
        points = max(weights.other_key * inputs.other_keys, weights.other_keys_most)
        what = "reference" if inputs.other_keys == 1 else "references"
        yield Reason(points, f"{inputs.other_keys} other {what} of the child", "other_key")
    if inputs.own_admin:
        yield Reason(weights.own_admin, "has an admin page of its own", "own_admin")
    if inputs.own_page:
        yield Reason(weights.own_page, "has a web page of its own", "own_page")


def _traffic(inputs: Inputs, weights: Weights) -> Iterator[Reason]:
    # Where even the largest has few, late ones do not make documents grow without bound.
    unbounded = inputs.maximum is None or inputs.maximum > weights.few
    if unbounded and inputs.late is not None and inputs.late > weights.late_share:
        text = f"{share(inputs.late)} of the children come more than a day after their parent"
        yield Reason(weights.late, text, "late")
    updates = inputs.updates_per_insert
    if updates is not None and updates > weights.updates_per_insert:
        text = f"a child is updated {counted(updates, 'time', 'times')}"
        yield Reason(weights.updated, text, "updated")
    if is_lookup(inputs, weights):
        text = (
            f"the parent is a lookup: {counted(inputs.parent_rows or 0, 'row', 'rows')} with "
            f"{children(inputs.lookup_children or 0)} each"
        )
        yield Reason(weights.lookup, text, "lookup")
    if inputs.read_together:
        yield Reason(inputs.read_together, "the project reads both together", "read_together")
    if inputs.written_alone:
        text = "the project writes the child alone"
        yield Reason(-inputs.written_alone, text, "written_alone")


def is_lookup(inputs: Inputs, weights: Weights) -> bool:
    """Tell whether the parent has few rows that many children share."""
    each = inputs.lookup_children
    return (
        inputs.parent_rows is not None
        and each is not None
        and inputs.parent_rows <= weights.lookup_rows
        and each > weights.lookup_children
    )
