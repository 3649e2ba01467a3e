"""Where a live collection differs from what it is specified to be. Pure."""

from __future__ import annotations

from modeler.mongo.drift import codes
from modeler.mongo.drift.indexes import index_findings
from modeler.mongo.drift.live import LiveCollection, LiveKind
from modeler.mongo.drift.rules import rule_differences
from modeler.mongo.drift.target import Target
from modeler.reporting.finding import Finding, Level, in_order

APPLY = "Run collection_specs --apply, which counts first what the rules would refuse."


def collection_drift(target: Target, live: LiveCollection | None) -> tuple[Finding, ...]:
    """Return what differs, gravest first; nothing right after an apply.

    Args:
        target: what the collection is to be.
        live: what the server has; None where it has no such collection.
    """
    if live is None:
        return (
            Finding(
                "MS301", Level.ERROR, target.name,
                f"The collection {target.name} is not there.",
                "Run collection_specs --apply, which creates it.",
                docs=codes.DOCS,
            ),
        )  # fmt: skip
    if live.kind is not LiveKind.COLLECTION:
        return (codes.not_a_collection(live),)
    found = [*_validator_findings(target, live), *index_findings(target, live)]
    if live.capped:
        found.append(codes.capped(live))
    return in_order(found)


def _validator_findings(target: Target, live: LiveCollection) -> list[Finding]:
    name, named, found = target.name, target.named, []
    if live.validator is None and target.validator:
        found.append(
            Finding(
                "MS303", Level.ERROR, name,
                f"{name} has no validator, so that any document passes.", APPLY, docs=codes.DOCS,
            )
        )  # fmt: skip
    else:
        found += [
            Finding(
                "MS304", Level.ERROR, f"{name}.{one.path}" if one.path else name,
                f"{_what(one.old, one.new)}: {one.rule(named)} in {name}.", APPLY,
                evidence=(("specified", one.old or "–"), ("live", one.new or "–")),
                docs=codes.DOCS,
            )
            for one in rule_differences(target.validator, live.validator)
        ]  # fmt: skip
    if live.level == "off":
        found.append(_weak(name, Level.ERROR, "asks no write at all (level off)"))
    elif live.level not in ("strict", "constraint"):
        said = f"lets updates of documents that break its rules pass (level {live.level})"
        found.append(_weak(name, Level.WARNING, said))
    if live.action not in ("error", "errorAndLog"):
        found.append(_weak(name, Level.WARNING, "warns, and refuses nothing (action warn)"))
    return found


def _weak(name: str, level: Level, said: str) -> Finding:
    return Finding("MS305", level, name, f"{name} {said}.", APPLY, docs=codes.DOCS)


def _what(old: str, new: str) -> str:
    if not new:
        return "A rule is missing"
    return "A rule was added" if not old else "A rule differs"
