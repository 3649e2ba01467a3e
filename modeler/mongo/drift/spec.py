"""What the models changed since a collection was applied. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from modeler.mongo.drift import codes
from modeler.mongo.drift.normal_index import normal_index_spec
from modeler.mongo.drift.rules import rule_differences
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.reporting.finding import Finding, Level, in_order

APPLY = "Run collection_specs --apply --dry-run, and apply when the plan is right."


def spec_drift(applied: Target | None, today: Target) -> tuple[Finding, ...]:
    """Return the rules and indexes in which what was applied differs from today's models.

    Args:
        applied: what was applied last, None where nothing was.
        today: what the models give now.
    """
    name = today.name
    if applied is None:
        return (
            Finding(
                "MS323", Level.WARNING, name,
                f"{name} was never applied, or not noted in this database.", APPLY,
                docs=codes.DOCS,
            ),
        )  # fmt: skip
    named = applied.named | today.named
    found = [
        Finding(
            "MS321", Level.WARNING, f"{name}.{one.path}" if one.path else name,
            f"The models or their database changed a rule since {name} was applied: "
            f"{one.rule(named)}.",
            APPLY,
            evidence=(("applied", one.old or "–"), ("models", one.new or "–")),
            docs=codes.DOCS,
        )
        for one in rule_differences(applied.validator, today.validator)
    ]  # fmt: skip
    before = {normal_index_spec(index): index for index in applied.indexes}
    after = {normal_index_spec(index): index for index in today.indexes}
    found += [_index(name, after[new], "added") for new in after if new not in before]
    found += [_index(name, before[old], "removed") for old in before if old not in after]
    return in_order(found)


def left_over(applied: Mapping[str, Target], names: Iterable[str]) -> tuple[Finding, ...]:
    """Return the collections that were applied and that the models give no more.

    Args:
        applied: by name, all of the database.
        names: of the collections that the models give now, all of them.
    """
    gone = sorted(set(applied) - set(names))
    return tuple(
        Finding(
            "MS324", Level.INFO, name,
            f"{name} was applied once, and no model gives it any more; it is left as it is.",
            "Drop the collection by hand when nobody reads it.",
            docs=codes.DOCS,
        )
        for name in gone
    )  # fmt: skip


def _index(name: str, index: IndexSpec, what: str) -> Finding:
    keys = ", ".join(f"{field} {direction}" for field, direction in index.keys)
    unique = "unique index" if index.unique else "index"
    return Finding(
        "MS322", Level.WARNING, f"{name}.{index.name}",
        f"The models {what} the {unique} on ({keys}) since {name} was applied, "
        f"from {index.source}.",
        APPLY,
        docs=codes.DOCS,
    )  # fmt: skip
