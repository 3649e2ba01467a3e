"""What a proof says: in a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from modeler.mongo.proof.proved import LIMITS, MIB, Proved
from modeler.reporting.words import plural

SHOWN = 10


def to_text(found: Iterable[Proved]) -> str:
    """Return a paragraph a collection."""
    return "".join(f"{_collection(one)}\n" for one in found)


def _collection(one: Proved) -> str:
    many = plural(one.documents, "document")
    lines = [f"{one.collection}: {one.rejected:,} of {many} would be refused."]
    for rejection in sorted(one.rejections.values(), key=lambda each: -each.count):
        keys = "; ".join(", ".join(key) for key in rejection.samples)
        alone = " (held by Django alone)" if rejection.held_by == "application" else ""
        lines.append(f"  {rejection.rule}{alone}: {rejection.count:,}, such as {keys}")
        if rejection.reason:
            lines.append(f"    {rejection.reason}")
    if one.unbuildable:
        lines.append(f"  {plural(len(one.unbuildable), 'row')} cannot become a document:")
        lines += [f"    {', '.join(key)}: {why}" for key, why in one.unbuildable[:SHOWN]]
        if len(one.unbuildable) > SHOWN:
            lines.append(f"    … and {len(one.unbuildable) - SHOWN:,} more")
    if one.sharing:
        lines.append(
            f"  {plural(one.sharing, 'row')} more with a key that another row has, or none: of "
            "them no document is made (--preflight names them)"
        )
    if one.sizes:
        lines.append(
            f"  half have at most {size(one.size(0.5))}, 99 % at most {size(one.size(0.99))}, "
            f"the largest has {size(max(one.sizes))}"
        )
    for limit in reversed(LIMITS):
        if over := one.over(limit):
            refused = ", which MongoDB refuses" if limit == LIMITS[-1] else ""
            lines.append(f"  {plural(over, 'document')} over {limit // MIB} MiB{refused}")
            break
    return "\n".join(lines)


def to_document(found: Iterable[Proved]) -> dict[str, Any]:
    """Return the same as what ``json`` can write."""
    return {
        "format": "modeler.proof",
        "version": 1,
        "collections": [
            {
                "name": one.collection,
                "documents": one.documents,
                "rejected": one.rejected,
                "holds": one.holds,
                "rules": [
                    {
                        "rule": each.rule,
                        "held_by": each.held_by,
                        "count": each.count,
                        "samples": [list(key) for key in each.samples],
                        "reason": each.reason,
                    }
                    for each in one.rejections.values()
                ],
                "sharing": one.sharing,
                "unbuildable": len(one.unbuildable),
                "unbuildable_samples": [
                    {"key": list(key), "reason": why} for key, why in one.unbuildable[:SHOWN]
                ],
                "bytes": {
                    "p50": one.size(0.5),
                    "p99": one.size(0.99),
                    "max": max(one.sizes, default=0),
                    "over": {str(limit): one.over(limit) for limit in LIMITS},
                },
            }
            for one in found
        ],
    }


def size(count: int) -> str:
    """Return bytes as people say them."""
    if count < 1024:
        return f"{count} bytes"
    return f"{count / 1024:.1f} KiB" if count < MIB else f"{count / MIB:.1f} MiB"
