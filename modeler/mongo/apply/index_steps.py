"""From the indexes that are there to those that are specified."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from modeler.mongo.apply.index_commands import (
    build_step,
    count_step,
    described,
    drop_step,
    expiry_step,
    hide_step,
    release_step,
    show_step,
    unique_steps,
)
from modeler.mongo.apply.step import NOTHING, Step, StepKind
from modeler.mongo.drift import codes
from modeler.mongo.drift.live import LiveCollection, LiveIndex, matching
from modeler.mongo.drift.normal_index import NormalIndex, normal_index_spec
from modeler.mongo.drift.target import Target
from modeler.mongo.index_spec import IndexSpec
from modeler.mongo.state import Standing, hidden_command
from modeler.reporting.finding import Finding


@dataclass(slots=True)
class IndexSteps:
    """The steps on a collection's indexes, while they are put together."""

    steps: list[Step] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def index_steps(
    target: Target, live: LiveCollection | None, standing: Standing, now: datetime, days: int
) -> IndexSteps:
    """Return what is to be done with the indexes of a collection.

    Args:
        target: what it is to be.
        live: what it is; None where it is still to be created.
        standing: what is known from earlier runs.
        now: the server's time.
        days: that an old index stays hidden.
    """
    made = IndexSteps()
    if live is None:
        made.steps = [build_step(None, target.name, i, i.name) for i in target.indexes]
        return made
    wanted = [(index, normal_index_spec(index)) for index in target.indexes]
    held = [index for index in live.indexes if not index.of_key]
    missing = []
    for index, normal in wanted:
        match = matching(held, normal)
        if match is None:
            missing.append((index, normal))
        else:
            made.used.add(match.name)
            _keep(made, live, match, index)
    specified = {normal for _, normal in wanted}
    for index, normal in missing:
        _make(made, live, held, index, normal, specified, days)
    _leave(made, live, held, standing, now, days)
    _refuse_too_many(made, live)
    return made


def _keep(made: IndexSteps, live: LiveCollection, match: LiveIndex, index: IndexSpec) -> None:
    if match.building:
        made.steps.append(build_step(live, live.name, index, match.name))  # waits for its end
    if match.hidden:
        if match.ours:
            made.steps.append(show_step(live, match))
        else:
            made.notes.append(codes.in_the_way(live, match, described(index)))
    if match.prepared and match.ours and not index.unique:
        made.steps.append(release_step(live, match))


def _make(
    made: IndexSteps,
    live: LiveCollection,
    held: list[LiveIndex],
    index: IndexSpec,
    normal: NormalIndex,
    specified: set[NormalIndex],
    days: int,
) -> None:
    if index.unique and live.shard_key and not _begins(index, live.shard_key):
        made.notes.append(codes.unique_beside_shards(live, index.name))
        return
    free = [i for i in held if i.name not in made.used]
    plain = next((i for i in free if _may_become(i, normal, specified)), None)
    if plain is not None:
        made.used.add(plain.name)
        made.steps += unique_steps(live, plain, index)
        return
    rival = next((i for i in held if i.normal().identity == normal.identity), None)
    if rival is not None and (not rival.ours or rival.name in made.used):
        made.notes.append(codes.in_the_way(live, rival, described(index)))
        return
    if rival is not None and rival.normal().without_expiry == normal.without_expiry:
        made.used.add(rival.name)
        made.steps.append(expiry_step(live, rival, index))
        if rival.hidden:
            made.steps.append(show_step(live, rival))
        return
    if rival is not None:
        made.used.add(rival.name)
        if not rival.hidden:
            made.steps.append(hide_step(live, rival, days, replaced=True))
        made.steps.append(drop_step(live, rival, "another takes its place at once"))
    called = _free_name(index.name, {i.name for i in held if i is not rival})
    if index.unique and live.documents:
        made.steps.append(count_step(live, index, called))
    made.steps.append(build_step(live, live.name, index, called))


def _may_become(held: LiveIndex, normal: NormalIndex, specified: set[NormalIndex]) -> bool:
    """Whether an index of ours is the plain twin of a unique one, and not wanted as it is."""
    return (
        normal.unique
        and held.ours
        and not held.hidden
        and not held.building
        and held.normal() == normal.without_unique
        and held.normal() not in specified
    )


def _begins(index: IndexSpec, shard_key: tuple[str, ...]) -> bool:
    return tuple(name for name, _ in index.keys[: len(shard_key)]) == shard_key


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _leave(
    made: IndexSteps,
    live: LiveCollection,
    held: list[LiveIndex],
    standing: Standing,
    now: datetime,
    days: int,
) -> None:
    """What is not specified: ours is hidden, and dropped later; the others' is told."""
    for index in held:
        if index.name in made.used:
            continue
        if not index.ours:
            made.notes.append(codes.foreign_index(live, index))
            continue
        if index.building:
            made.notes.append(codes.old_index(live, index, None))
            continue
        if index.normal().expires is not None:
            made.steps.append(expiry_step(live, index, None))
        since = standing.hidden_since(index.name) if index.hidden else now
        if not index.hidden:
            made.steps.append(hide_step(live, index, days))
        elif since is None:
            made.steps.append(_note_step(live, index, days))
            since = now
        until = (since or now) + timedelta(days=days)
        if until <= now:
            why = f"it was hidden for {days} days" if days else "it is no longer specified"
            made.steps.append(drop_step(live, index, why))
        elif index.hidden:
            made.notes.append(codes.old_index(live, index, until))


def _note_step(live: LiveCollection, index: LiveIndex, days: int) -> Step:
    return Step(
        live.name, StepKind.NOTE_HIDDEN,
        f"Note that the index {index.name} is hidden; it is dropped after {days} days.",
        hidden_command(live.name, index.name),
        NOTHING,
        "show the index again",
        index=index.name,
    )  # fmt: skip


def _refuse_too_many(made: IndexSteps, live: LiveCollection) -> None:
    names = {index.name for index in live.indexes}
    for step in made.steps:
        if step.kind is StepKind.BUILD_INDEX:
            names.add(step.index)
        elif step.kind is StepKind.DROP_INDEX:
            names.discard(step.index)
    if len(names) > codes.MOST_INDEXES:
        made.notes.append(codes.too_many(live, len(names)))
        building = (StepKind.BUILD_INDEX, StepKind.COUNT_DUPLICATES)
        made.steps = [step for step in made.steps if step.kind not in building]
