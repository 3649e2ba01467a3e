"""Counting the documents that a validator would refuse, and naming the rules that they break."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modeler.mongo.apply.rules import rules
from modeler.mongo.apply.validator_steps import SAMPLES, offenders_command
from modeler.mongo.extended import codec_options, to_bson, to_extended

if TYPE_CHECKING:
    from pymongo.database import Database

BATCHES = (10_000, 100, 10)


@dataclass(frozen=True, slots=True)
class Offenders:
    """What a count found.

    Attributes:
        count: documents, or keys that several documents have.
        ids: ``_id`` of some, in canonical Extended JSON.
        rules: what those break, in words, each once.
        failure: why not all could be counted; ``""`` where they could.
    """

    count: int
    ids: tuple[Any, ...] = ()
    rules: tuple[str, ...] = ()
    failure: str = ""


def count_offenders(
    database: Database[dict[str, Any]],
    name: str,
    validator: dict[str, Any],
    conditions: Sequence[str] = (),
) -> Offenders:
    """Count the documents of a collection that a validator in Extended JSON refuses.

    An expression of the validator may fail on a value of a wrong type, and the whole count with
    it. Then the documents that break ``$jsonSchema`` are counted alone, since a wrong type is
    said there; without any, the expression that fails is looked for, and the first document.

    Args:
        database: where the collection is.
        name: of the collection.
        validator: in Extended JSON.
        conditions: what the parts of its ``$expr`` are called, in their order.

    Raises:
        OperationFailure: the count fails for another reason than a document's value.
    """
    from pymongo.errors import OperationFailure

    exact = database.with_options(codec_options=codec_options())
    try:
        count, ids = _counted(exact, name, validator)
    except OperationFailure as error:
        if "$expr" not in validator or not of_a_value(error):
            raise
        return _counted_apart(exact, name, validator, error, conditions)
    broken = _broken(exact, name, rules(validator, conditions), ids)
    return Offenders(count, _extended(ids), broken)


def of_a_value(error: Any) -> bool:
    """Whether an aggregation failed on what a document holds, not on the command itself.

    The server has no code for it: operators fail with one of their own, and it says that the
    execution failed, not the reading of the command.
    """
    said = str((error.details or {}).get("errmsg", ""))
    return "PlanExecutor error" in said or "Executor error" in said


def _counted(database: Any, name: str, validator: dict[str, Any]) -> tuple[int, list[Any]]:
    command = to_bson(offenders_command(name, validator))
    batch = database.command(command)["cursor"]["firstBatch"]
    return (batch[0]["count"], batch[0]["ids"]) if batch else (0, [])


def _counted_apart(
    database: Any, name: str, validator: dict[str, Any], error: Any, conditions: Sequence[str]
) -> Offenders:
    from pymongo.errors import OperationFailure

    said = str(error.details.get("errmsg", error)).rpartition(" :: caused by :: ")[2]
    plain = {key: value for key, value in validator.items() if key != "$expr"}
    count, ids = _counted(database, name, plain) if plain else (0, [])
    if count:
        failure = f"an expression fails on some of them ({said}); mend these first"
        return Offenders(
            count, _extended(ids), _broken(database, name, rules(plain), ids), failure
        )
    for label, rule in rules({"$expr": validator["$expr"]}, conditions):
        try:
            _counted(database, name, rule)
        except OperationFailure as failed:
            if not of_a_value(failed):
                raise
            first = _first_failing(database, name, rule)
            failure = f"{label} of the validator cannot be evaluated: {said}"
            return Offenders(1, _extended(first), (label,), failure)
    failure = f"the validator's expression cannot be evaluated: {said}"
    return Offenders(0, (), (), failure)


def _first_failing(database: Any, name: str, rule: dict[str, Any]) -> list[Any]:
    """Walk over the documents, ordered by key, until an expression fails; return its ``_id``.

    A failed batch says nothing of which document it was, and the server looks further ahead than
    it answers, so that the walk goes on from there in smaller batches, at last one by one.
    """
    from pymongo.errors import OperationFailure

    ordered, held = {"$sort": {"_id": 1}}, {"$project": {"held": to_bson(rule["$expr"])}}
    collection, good = database[name], 0
    for batch in BATCHES:
        walked = 0
        try:
            for _ in collection.aggregate([ordered, {"$skip": good}, held], batchSize=batch):
                walked += 1
        except OperationFailure:
            good += walked
        else:
            return []  # mended meanwhile
    for place in range(good, good + 2 * BATCHES[-1] + 1):
        at = [ordered, {"$skip": place}, {"$limit": 1}]
        try:
            list(collection.aggregate([*at, held]))
        except OperationFailure:
            return [one["_id"] for one in collection.aggregate([*at, {"$project": {"_id": 1}}])]
    return []


def _broken(
    database: Any, name: str, named: Iterable[tuple[str, dict[str, Any]]], ids: Sequence[Any]
) -> tuple[str, ...]:
    """The rules that these documents break; each is asked alone."""
    from pymongo.errors import OperationFailure

    if not ids:
        return ()
    found = []
    for label, rule in named:
        try:
            if database[name].find_one(
                {"_id": {"$in": list(ids)}, "$nor": [to_bson(rule)]}, {"_id": 1}
            ):
                found.append(label)
        except OperationFailure:
            found.append(f"{label}, which cannot be evaluated on them")
    return tuple(found)


def _extended(ids: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(to_extended(list(ids)[:SAMPLES]))
