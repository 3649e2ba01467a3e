"""From what collections are to what they are to be: the steps, in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from modeler.mongo.apply.index_steps import index_steps
from modeler.mongo.apply.step import NOTHING, Plan, Step, StepKind
from modeler.mongo.apply.validator_steps import climb_steps, create_step, set_steps
from modeler.mongo.drift import codes
from modeler.mongo.drift.live import LiveCollection, LiveKind
from modeler.mongo.drift.target import Target, to_json
from modeler.mongo.server_facts import ServerFacts
from modeler.mongo.state import COLLECTION, RESERVED, Standing, applied_command
from modeler.reporting.finding import Finding

UNKNOWN = Standing()


def plan(
    targets: Iterable[Target],
    live: Mapping[str, LiveCollection],
    state: Mapping[str, Standing],
    facts: ServerFacts,
    *,
    hidden_days: int = 7,
    guarantee: bool = True,
) -> Plan:
    """Return the steps that bring collections to their specifications; none where they are.

    Every step can be repeated. The plan is made from what the server has, so that a run that was
    killed goes on with the next plan; of the state only the times of hidden indexes matter.

    Args:
        targets: what collections are to be; others are not looked at.
        live: what is there, by name.
        state: what is known from earlier runs, by name.
        facts: of the server.
        hidden_days: that an old index stays hidden before it is dropped.
        guarantee: climb to the level ``constraint`` where the server has it.
    """
    steps: list[Step] = []
    notes: list[Finding] = []
    for target in targets:
        held = live.get(target.name)
        standing = state.get(target.name, UNKNOWN)
        if target.name in RESERVED:
            notes.append(codes.reserved(target.name))
            continue
        if held is not None and held.kind is not LiveKind.COLLECTION:
            notes.append(codes.not_a_collection(held))
            continue
        if held is not None and held.capped:
            notes.append(codes.capped(held))
        indexes = index_steps(target, held, standing, facts.now, hidden_days)
        steps += [create_step(target)] if held is None else set_steps(target, held)
        steps += indexes.steps
        steps += climb_steps(target, held, guarantee=guarantee and facts.has_constraint)
        notes += indexes.notes
        if standing.applied is None or to_json(standing.applied) != to_json(target):
            steps.append(_record_step(target))
    return Plan(tuple(steps), tuple(notes))


def _record_step(target: Target) -> Step:
    return Step(
        target.name, StepKind.RECORD,
        f"Note in {COLLECTION} what {target.name} was specified as.",
        applied_command(target),
        NOTHING,
        "the next apply notes anew",
    )  # fmt: skip
