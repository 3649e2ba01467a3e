"""The ladder of a validator: warn, count, enforce, guarantee.

Source: MongoDB manual, "collMod", "Specify Validation Level for Existing Documents" (9.0).
"""

from __future__ import annotations

from typing import Any

from modeler.mongo.apply.step import INSTANT, NOTHING, Step, StepKind, reading
from modeler.mongo.drift.live import LiveCollection
from modeler.mongo.drift.rules import rule_differences
from modeler.mongo.drift.target import Target

GUARANTEED = "constraint"
# Actions under which a document that breaks the rules is refused.
REFUSING = frozenset({"error", "errorAndLog"})
SAMPLES = 10
NAMED = 5  # changed rules that a sentence names


def create_step(target: Target) -> Step:
    """Return the step that makes a collection; it only warns as yet."""
    return Step(
        target.name, StepKind.CREATE,
        f"Create the collection {target.name} with its validator, which only warns as yet.",
        {
            "create": target.name,
            "validator": target.validator,
            "validationLevel": "strict",
            "validationAction": "warn",
        },
        NOTHING,
        "drop the collection while it is empty",
    )  # fmt: skip


def set_steps(target: Target, live: LiveCollection) -> list[Step]:
    """Return the steps that put the specified validator in place, as a warning at first."""
    if is_set(target, live):
        return []
    name, steps = target.name, []
    if live.level == GUARANTEED:
        steps.append(
            Step(
                name, StepKind.LOWER,
                f"Lower the level of {name} from constraint to strict: at constraint, rules "
                "cannot change.",
                {"collMod": name, "validationLevel": "strict"},
                INSTANT,
                "the steps that follow climb to constraint again",
            )
        )  # fmt: skip
    elif live.prepared:
        steps.append(
            Step(
                name, StepKind.LOWER,
                f"Take back the preparation of {name} for constraint: its rules change.",
                {"collMod": name, "prepareConstraintValidationLevel": False},
                INSTANT,
                "the steps that follow prepare it again",
            )
        )  # fmt: skip
    steps.append(
        Step(
            name, StepKind.SET_VALIDATOR,
            f"Set the validator of {name}, as a warning for now: {_changes(target, live)}.",
            {
                "collMod": name,
                "validator": target.validator,
                "validationLevel": "strict",
                "validationAction": "warn",
            },
            INSTANT,
            "set the former validator",
            {
                "collMod": name,
                "validator": live.validator or {},
                "validationLevel": "strict" if live.level == GUARANTEED else live.level,
                "validationAction": live.action,
            },
        )
    )  # fmt: skip
    return steps


def _changes(target: Target, live: LiveCollection) -> str:
    """Return which rules change, in words."""
    if not live.validator:
        return "it had none"
    named = target.named
    changed = rule_differences(live.validator, target.validator)
    rules = list(dict.fromkeys(one.rule(named) for one in changed))
    if not rules:
        return f"the same rules, at level strict instead of {live.level}"
    more = f" and {len(rules) - NAMED} more" if len(rules) > NAMED else ""
    return ", ".join(rules[:NAMED]) + more + (" change" if len(rules) > 1 else " changes")


def climb_steps(target: Target, live: LiveCollection | None, *, guarantee: bool) -> list[Step]:
    """Return the steps from warning to refusing, and to the guarantee where there is one.

    Args:
        target: what the collection is to be.
        live: what it is, None where it is still to be created.
        guarantee: the server has the level ``constraint``, and it is wanted.
    """
    name, steps = target.name, []
    kept = live is not None and is_set(target, live)
    refuses = live is not None and kept and live.action in REFUSING
    documents = live.documents if live else 0
    if not refuses:
        steps += [
            Step(
                name, StepKind.COUNT_OFFENDERS,
                f"Count the documents of {name} that its rules would refuse; with any, stop here.",
                offenders_command(name, target.validator),
                reading(documents),
                "changes nothing",
                conditions=target.conditions,
            ),
            Step(
                name, StepKind.ENFORCE,
                f"From now on, {name} refuses documents that break its rules.",
                {"collMod": name, "validationAction": "error"},
                INSTANT,
                "let it warn again",
                {"collMod": name, "validationAction": "warn"},
            ),
        ]  # fmt: skip
    guaranteed = kept and live is not None and live.level == GUARANTEED
    if guarantee and not guaranteed:
        if not (kept and live is not None and live.prepared):
            steps.append(
                Step(
                    name, StepKind.PREPARE_CONSTRAINT,
                    f"Prepare {name} for the level constraint: nobody can bypass its rules now.",
                    {"collMod": name, "prepareConstraintValidationLevel": True},
                    INSTANT,
                    "take the preparation back",
                    {"collMod": name, "prepareConstraintValidationLevel": False},
                )
            )  # fmt: skip
        steps.append(
            Step(
                name, StepKind.CONSTRAIN,
                f"Raise {name} to the level constraint: the server guarantees every document.",
                {"collMod": name, "validationLevel": GUARANTEED},
                reading(documents),
                "lower the level",
                {"collMod": name, "validationLevel": "strict"},
            )
        )  # fmt: skip
    return steps


def is_set(target: Target, live: LiveCollection) -> bool:
    """Whether the validator is the specified one and asks every write."""
    if live.level not in ("strict", GUARANTEED):
        return False
    return not rule_differences(live.validator, target.validator)


def offenders_command(name: str, validator: dict[str, Any]) -> dict[str, Any]:
    """Return the aggregation that counts the documents a validator refuses, with some keys."""
    return {
        "aggregate": name,
        "pipeline": [
            {"$match": {"$nor": [validator]}},
            {
                "$group": {
                    "_id": None,
                    "count": {"$sum": 1},
                    "ids": {"$firstN": {"input": "$_id", "n": SAMPLES}},
                }
            },
        ],
        "cursor": {},
    }
