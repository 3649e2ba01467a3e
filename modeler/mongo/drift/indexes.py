"""Where the indexes of a live collection differ from those that are specified. Pure."""

from __future__ import annotations

import json

from modeler.mongo.drift import codes
from modeler.mongo.drift.live import LiveCollection, LiveIndex, matching
from modeler.mongo.drift.normal_index import NormalIndex, normal_index_spec
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.reporting.finding import Finding, Level

APPLY = "Run collection_specs --apply, which builds it beside what is there."


def index_findings(target: Target, live: LiveCollection) -> list[Finding]:
    """Return what differs: indexes are the same where they do the same, whatever their names."""
    held = [index for index in live.indexes if not index.of_key]
    used: set[str] = set()
    found: list[Finding] = []
    missing: list[tuple[IndexSpec, NormalIndex]] = []
    for index in target.indexes:
        normal = normal_index_spec(index)
        match = matching(held, normal)
        if match is None:
            missing.append((index, normal))
            continue
        used.add(match.name)
        found += _state_findings(live, match, index)
    for index, normal in missing:
        near = _near(held, used, index, normal)
        if near is None:
            found.append(_missing(live, index))
        else:
            used.add(near.name)
            found.append(_differs(live, near, index, normal))
    for one in held:
        if one.name not in used:
            known = (
                codes.old_index(live, one, None) if one.ours else codes.foreign_index(live, one)
            )
            found.append(known)
    return found


def _near(
    held: list[LiveIndex], used: set[str], index: IndexSpec, normal: NormalIndex
) -> LiveIndex | None:
    """What was meant: the index of that name, else one on the same key."""
    free = [one for one in held if one.name not in used]
    named = next((one for one in free if one.name == index.name), None)
    return named or next(
        (one for one in free if one.ours and one.normal().keys == normal.keys), None
    )


def _missing(live: LiveCollection, index: IndexSpec) -> Finding:
    keys = _keys(normal_index_spec(index))
    unique = "unique index" if index.unique else "index"
    level = Level.ERROR if index.unique else Level.WARNING
    return Finding(
        "MS306", level, f"{live.name}.{index.name}",
        f"The {unique} on ({keys}), from {index.source}, is missing in {live.name}.", APPLY,
        docs=codes.DOCS,
    )  # fmt: skip


def _differs(
    live: LiveCollection, near: LiveIndex, index: IndexSpec, normal: NormalIndex
) -> Finding:
    other = near.normal()
    evidence = []
    if other.keys != normal.keys:
        evidence += [("specified keys", _keys(normal)), ("live keys", _keys(other))]
    wanted, has = dict(normal.options), dict(other.options)
    for name in sorted({*wanted, *has}):
        if wanted.get(name) != has.get(name):
            evidence.append(
                (name, f"specified {wanted.get(name, '–')}, live {has.get(name, '–')}")
            )
    parts = ["keys"] if other.keys != normal.keys else []
    parts += [name for name in sorted({*wanted, *has}) if wanted.get(name) != has.get(name)]
    return Finding(
        "MS307", Level.ERROR if index.unique else Level.WARNING, f"{live.name}.{near.name}",
        f"The index {near.name} of {live.name}, from {index.source}, differs in "
        f"{', '.join(parts)}.",
        APPLY,
        evidence=tuple(evidence),
        docs=codes.DOCS,
    )  # fmt: skip


def _state_findings(live: LiveCollection, match: LiveIndex, index: IndexSpec) -> list[Finding]:
    states = []
    if match.building:
        states.append("is still being built")
    if match.hidden:
        states.append("is hidden, so that no query uses it")
    if match.prepared and not index.unique:
        states.append("refuses duplicates, since it is prepared to become unique")
    return [
        Finding(
            "MS308", Level.WARNING, f"{live.name}.{match.name}",
            f"The index {match.name} of {live.name} {state}.",
            "Run collection_specs --apply, which waits for it or takes that back.",
            docs=codes.DOCS,
        )
        for state in states
    ]  # fmt: skip


def _keys(normal: NormalIndex) -> str:
    return ", ".join(
        f"{name} {kind if isinstance(kind, str) else json.dumps(kind)}"
        for name, kind in normal.keys
    )
