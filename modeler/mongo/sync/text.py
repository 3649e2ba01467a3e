"""What the synchronisation says in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from modeler.mongo.sync.batch import Step
from modeler.mongo.sync.export import Exported
from modeler.mongo.sync.outages import unclaimed_said
from modeler.mongo.sync.status import SyncStatus
from modeler.mongo.sync.verify import Verification
from modeler.reporting.words import plural, spoken

SHOWN = 10


def status_text(status: SyncStatus) -> str:
    """Return a look at the synchronisation in a few lines."""
    if not status.installed:
        return (
            "Not installed: no changes are queued. Install the triggers with\n"
            "  manage.py sync_collections --install\n"
        )
    lines = []
    if status.silent:
        names = ", ".join(str(place) for place in status.silent)
        lines.append(f"Changes are not seen of: {names} (a trigger is missing or disabled).")
        lines.append("  Put them back with manage.py sync_collections --install, then verify.")
    else:
        lines.append("Every watched table has its triggers.")
    if status.unwatched:
        names = ", ".join(f"the {what} {place}" for what, place in status.unwatched)
        lines.append(f"No trigger can tell of changes of {names}.")
        lines.append("  manage.py sync_collections --verify --repair renews their documents.")
    if status.waiting:
        lines.append(
            f"{plural(status.waiting, 'change')} waiting, the oldest for {spoken(status.lag)}."
        )
        if status.late:
            lines.append("  Is a worker at work? Start manage.py sync_collections.")
    else:
        lines.append("Nothing waits.")
    if status.low:
        lines.append(f"{plural(status.low, 'entry', 'entries')} behind them, of many or retried.")
    if status.unclaimed:
        lines.append(unclaimed_said(status.unclaimed))
    for collection, name in status.targets:
        lines.append(f"{collection} is being rebuilt as {name}.")
    if status.dead_count:
        lines.append(f"{plural(status.dead_count, 'document')} could not be written:")
        for one in status.dead[:SHOWN]:
            lines.append(f"  {one.collection} {', '.join(one.key)}: {one.reason}")
        if status.dead_count > SHOWN:
            lines.append(f"  … and {status.dead_count - SHOWN} more.")
        lines.append("  Mend the rows, which queues them again; or all with --retry-dead.")
    return "\n".join(lines) + "\n"


def status_document(status: SyncStatus) -> dict[str, Any]:
    """Return the same as what ``json`` can write."""
    return {
        "installed": status.installed,
        "healthy": status.healthy,
        "silent": [str(place) for place in status.silent],
        "waiting": status.waiting,
        "lag_seconds": round(status.lag, 3),
        "late": status.late,
        "low": status.low,
        "epoch": status.epoch,
        "targets": [list(pair) for pair in status.targets],
        "unclaimed": dict(status.unclaimed),
        "unwatched": [str(place) for _, place in status.unwatched],
        "dead_count": status.dead_count,
        "dead": [
            {
                "collection": one.collection,
                "key": list(one.key),
                "reason": one.reason,
                "attempts": one.attempts,
                "at": one.at.isoformat(),
            }
            for one in status.dead
        ],
    }


def verification_text(found: Iterable[Verification]) -> str:
    """Return what differs, a paragraph a collection."""
    lines: list[str] = []
    for one in found:
        compared = f", {one.compared:,} compared" if one.compared else ""
        if one.equal:
            lines.append(f"{one.collection}: equal ({plural(one.rows, 'document')}{compared}).")
            continue
        lines.append(
            f"{one.collection}: differs. {plural(one.rows, 'row')}, "
            f"{plural(one.documents, 'document')}{compared}."
        )
        if one.sharing:
            lines.append(
                f"  {plural(one.sharing, 'row')} with a key that another row has, or none: "
                "of them no document is made (collection_specs --preflight names them)"
            )
        for name, rows, documents in one.sums:
            lines.append(f"  the sum of {name} is {rows} over rows, {documents} over documents")
        for difference in one.differences[:SHOWN]:
            detail = f": {difference.detail}" if difference.detail else ""
            lines.append(f"  {difference.fault} {', '.join(difference.key)}{detail}")
        more = len(one.differences) - SHOWN + one.more
        if more > 0:
            lines.append(f"  … and {more:,} more")
    return "\n".join(lines) + "\n"


def verification_document(found: Iterable[Verification]) -> dict[str, Any]:
    """Return the same as what ``json`` can write."""
    return {
        "collections": [
            {
                "name": one.collection,
                "equal": one.equal,
                "rows": one.rows,
                "documents": one.documents,
                "sharing": one.sharing,
                "compared": one.compared,
                "sums": [list(each) for each in one.sums],
                "differences": [
                    {"fault": str(each.fault), "key": list(each.key), "detail": each.detail}
                    for each in one.differences
                ],
                "more": one.more,
            }
            for one in found
        ]
    }


def export_text(name: str, done: Exported, elapsed: float) -> str:
    """Return what became of one collection's export."""
    rate = done.documents / elapsed if elapsed else 0.0
    lines = [
        f"{name}: {plural(done.documents, 'document')}, {done.bytes / 2**20:.1f} MiB, "
        f"in {spoken(elapsed)} ({rate:,.0f} a second)."
    ]
    lines += [f"  refused {', '.join(key)}: {reason}" for key, reason in done.refused[:SHOWN]]
    if done.left:
        lines.append(
            f"  {plural(done.left, 'document')} left to workers: others hold values of theirs"
        )
    if len(done.refused) > SHOWN:
        lines.append(f"  … and {len(done.refused) - SHOWN:,} more refused")
    return "\n".join(lines)


def steps_text(steps: Sequence[Step]) -> str:
    """Return a second of a worker's life in one line."""
    lags = sorted(lag for step in steps for lag in step.lags)
    written = sum(step.written for step in steps)
    deleted = sum(step.deleted for step in steps)
    parts = [f"{plural(written, 'document')} written"]
    if deleted:
        parts.append(f"{deleted:,} deleted")
    if lags:
        half, most = lags[len(lags) // 2], lags[min(len(lags) - 1, int(len(lags) * 0.99))]
        parts.append(f"half within {spoken(half)}, 99 % within {spoken(most)}")
    retried = sum(step.retried for step in steps)
    if retried:
        parts.append(f"{retried:,} to be tried again")
    if dead := [one for step in steps for one in step.dead]:
        name, key, reason = dead[0]
        parts.append(f"{len(dead):,} given up, such as {name} {', '.join(key)}: {reason}")
    return ", ".join(parts)
