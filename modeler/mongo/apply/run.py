"""Doing the steps of a plan, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from modeler.mongo.apply.offenders import Offenders, count_offenders
from modeler.mongo.apply.progress import Outcome, Progress
from modeler.mongo.apply.step import Plan, Step, StepKind
from modeler.mongo.extended import codec_options, to_bson, to_extended
from modeler.mongo.server import operation_said, said_clearly
from modeler.mongo.state import hidden_command, shown_command, step_command

if TYPE_CHECKING:
    from pymongo.database import Database

# Codes of the server (src/mongo/base/error_codes.yml): what a step finds already done.
NAMESPACE_EXISTS, INDEX_NOT_FOUND = 48, 27
DUPLICATE_KEY, CANNOT_BE_UNIQUE = 11000, 359
BROKEN_BY_STORED = frozenset({121, 12370902})


def apply(
    plan: Plan, database: Database[dict[str, Any]], allowed: Callable[[], None] = lambda: None
) -> Iterator[Progress]:
    """Do the steps and yield what became of each; the iterator may be left after any.

    Args:
        plan: of this database.
        database: of MongoDB.
        allowed: called before each step; what it raises ends the apply there.

    Where documents stand against a step, the collection's further steps are left for the next
    run, and other collections go on. Done steps are found done by the next plan.

    Raises:
        ServerError: the connection was lost; run again.
    """
    exact = database.with_options(codec_options=codec_options())
    halted: set[str] = set()
    for step in plan.steps:
        if step.collection in halted:
            yield Progress(step, Outcome.LEFT)
            continue
        with said_clearly():
            allowed()
            progress = _done(exact, step)
            if progress.outcome is Outcome.DONE and not step.kind.reads:
                _note(exact, step)
        if progress.outcome is Outcome.STOPPED:
            halted.add(step.collection)
        yield progress


def _done(database: Any, step: Step) -> Progress:
    from pymongo.errors import OperationFailure

    try:
        if step.kind is StepKind.COUNT_OFFENDERS:
            return _offenders(database, step)
        if step.kind is StepKind.COUNT_DUPLICATES:
            return _duplicates(database, step)
        answer = database.command(to_bson(step.command))
    except OperationFailure as error:
        return _refused(step, error)
    if failed := answer.get("writeErrors"):
        return Progress(step, Outcome.STOPPED, str(failed[0].get("errmsg")), "Run the plan again.")
    return Progress(step, Outcome.DONE)


def _offenders(database: Any, step: Step) -> Progress:
    validator = step.command["pipeline"][0]["$match"]["$nor"][0]
    found = count_offenders(database, step.collection, validator, step.conditions)
    if not found.count and not found.failure:
        return Progress(step, Outcome.DONE, "None would be refused.")
    many = f"{found.count:,} documents" if found.count != 1 else "1 document"
    # What follows the value on which an expression failed was not looked at.
    least = "At least " if found.failure else ""
    said = f"{least}{many} of {step.collection} would be refused"
    if found.failure:
        said += f"; {found.failure}"
    return Progress(
        step,
        Outcome.STOPPED,
        f"{said}.",
        f"Mend them, or the rule, and apply again. Until then {step.collection} warns, no more.",
        found,
    )


def _duplicates(database: Any, step: Step) -> Progress:
    batch = database.command(to_bson(step.command))["cursor"]["firstBatch"]
    if not batch:
        return Progress(step, Outcome.DONE, "There are none.")
    return _twins(step, batch[0]["count"], batch[0]["ids"])


def _twins(step: Step, count: int, groups: list[list[Any]]) -> Progress:
    values = f"{count:,} values are" if count != 1 else "1 value is"
    return Progress(
        step,
        Outcome.STOPPED,
        f"{values} in several documents of {step.collection}, and the index {step.index} is "
        "unique.",
        "Keep one document of each group of _id, or give the rule up, and apply again.",
        Offenders(count, tuple(to_extended(groups)), ("unique",)),
    )


def _refused(step: Step, error: Any) -> Progress:
    details = error.details or {}
    if (step.kind, error.code) == (StepKind.DROP_INDEX, INDEX_NOT_FOUND):
        return Progress(step, Outcome.DONE, "It was gone already.")
    if (step.kind, error.code) == (StepKind.CREATE, NAMESPACE_EXISTS):
        return Progress(
            step, Outcome.STOPPED, f"Somebody created {step.collection} meanwhile.",
            "Apply again: the next plan starts from what is there.",
        )  # fmt: skip
    if error.code == CANNOT_BE_UNIQUE:
        groups = [violation["ids"] for violation in details.get("violations", ())]
        return _twins(step, len(groups), groups)
    if error.code == DUPLICATE_KEY and step.kind is StepKind.BUILD_INDEX:
        return Progress(
            step, Outcome.STOPPED,
            f"A duplicate was met while {step.index} was built: {details.get('keyValue')}.",
            "Keep one document of it and apply again; duplicates are counted first.",
        )  # fmt: skip
    if error.code in BROKEN_BY_STORED:
        return Progress(
            step, Outcome.STOPPED,
            f"A stored document of {step.collection} breaks the rules; it came before they were "
            "enforced, or past them.",
            f"Let {step.collection} warn (collMod, validationAction warn) and apply again: the "
            "documents are then counted.",
        )  # fmt: skip
    return Progress(
        step, Outcome.STOPPED, operation_said(error),
        "Mend what it names and apply again; what was done so far stays and is not repeated.",
    )  # fmt: skip


def _note(database: Any, step: Step) -> None:
    """Write down what the next run should know."""
    if step.kind is StepKind.HIDE_INDEX:
        database.command(to_bson(hidden_command(step.collection, step.index)))
    elif step.kind in (StepKind.SHOW_INDEX, StepKind.DROP_INDEX):
        database.command(to_bson(shown_command(step.collection, step.index)))
    database.command(to_bson(step_command(step.collection, step.sentence)))
