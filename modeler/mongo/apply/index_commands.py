"""Steps on one index: each a value, with the command that the server takes.

Source: MongoDB manual, "createIndexes", "collMod", "Hidden Indexes", "dropIndexes".
"""

from __future__ import annotations

from typing import Any

from modeler.mongo.apply.duplicates import duplicates_command
from modeler.mongo.apply.step import INSTANT, Step, StepKind, reading
from modeler.mongo.drift.live import LiveCollection, LiveIndex
from modeler.mongo.drift.normal_index import NEVER
from modeler.mongo.index_spec import IndexSpec

SIMPLE = {"locale": "simple"}


def described(index: IndexSpec) -> str:
    """Return an index in words: ``(customer 1, created -1), unique, from orders_recent``."""
    keys = ", ".join(f"{name} {direction}" for name, direction in index.keys)
    unique = ", unique" if index.unique else ""
    return f"({keys}){unique}, from {index.source}"


def build_step(live: LiveCollection | None, name: str, index: IndexSpec, called: str) -> Step:
    """Return the step that builds an index.

    Args:
        live: its collection; None where that is still to be created.
        name: of the collection.
        index: as specified.
        called: the name it gets, which the specified one is not where that is taken.
    """
    options = dict(index.options)
    if live is not None and live.collation and "collation" not in options:
        options["collation"] = SIMPLE  # or it would inherit the collection's
    documents = live.documents if live else 0
    expiry = options.get("expireAfterSeconds")
    deletes = f" The server then deletes {_expired(index, expiry)}." if expiry is not None else ""
    return Step(
        name, StepKind.BUILD_INDEX,
        f"Build the index {described(index)}.{deletes}",
        {
            "createIndexes": name,
            "indexes": [{"key": dict(index.keys), "name": called, **options}],
        },
        reading(documents, "; writes go on meanwhile"),
        "drop the index",
        {"dropIndexes": name, "index": called},
        called,
    )  # fmt: skip


def count_step(live: LiveCollection, index: IndexSpec, called: str) -> Step:
    """Return the step that counts what a unique index would refuse."""
    return Step(
        live.name, StepKind.COUNT_DUPLICATES,
        f"Count duplicates under the unique index {described(index)}; with any, stop here.",
        duplicates_command(live.name, index),
        reading(live.documents),
        "changes nothing",
        index=called,
    )  # fmt: skip


def unique_steps(live: LiveCollection, held: LiveIndex, index: IndexSpec) -> list[Step]:
    """Return the steps that make a plain index of ours unique, without building it anew."""
    name = live.name
    prepare = {"collMod": name, "index": {"name": held.name, "prepareUnique": True}}
    release = {"collMod": name, "index": {"name": held.name, "prepareUnique": False}}
    steps = [count_step(live, index, held.name)]
    if not held.prepared:
        steps.append(
            Step(
                name, StepKind.PREPARE_UNIQUE,
                f"Prepare the index {held.name} to become unique: new duplicates are refused.",
                prepare, INSTANT, "let duplicates in again", release, held.name,
            )
        )  # fmt: skip
    steps.append(
        Step(
            name, StepKind.MAKE_UNIQUE,
            f"Make the index {held.name} unique: {described(index)}.",
            {"collMod": name, "index": {"name": held.name, "unique": True}},
            reading(live.documents),
            "build a plain index beside it, then drop this one",
            index=held.name,
        )
    )  # fmt: skip
    return steps


def release_step(live: LiveCollection, held: LiveIndex) -> Step:
    """Return the step that lets duplicates in again: the index is not to become unique."""
    return Step(
        live.name, StepKind.RELEASE_UNIQUE,
        f"Take back the preparation of the index {held.name}: it is not to become unique.",
        {"collMod": live.name, "index": {"name": held.name, "prepareUnique": False}},
        INSTANT,
        "prepare it again",
        {"collMod": live.name, "index": {"name": held.name, "prepareUnique": True}},
        held.name,
    )  # fmt: skip


def expiry_step(live: LiveCollection, held: LiveIndex, index: IndexSpec | None) -> Step:
    """Return the step that changes when an index deletes documents; without a spec: never."""
    wanted = dict(index.options).get("expireAfterSeconds") if index else None
    had = held.normal().expires
    if index is None or wanted is None:
        sentence = f"The index {held.name} deletes no documents any more."
    else:
        sentence = f"By the index {held.name} the server deletes {_expired(index, wanted)}."
    return Step(
        live.name, StepKind.SET_EXPIRY, sentence,
        _expiry(live.name, held.name, NEVER if wanted is None else wanted),
        INSTANT,
        "set the former time; what was deleted stays deleted",
        _expiry(live.name, held.name, NEVER if had is None else had),
        held.name,
    )  # fmt: skip


def hide_step(live: LiveCollection, held: LiveIndex, days: int, *, replaced: bool = False) -> Step:
    """Return the step that hides an index of ours; queries do not use it, writes keep it."""
    if replaced:
        why = "the server allows no second one beside it, so that it is replaced at once"
    else:
        why = f"the specification no longer has it. It is dropped after {days} days"
    still = " It refuses duplicates until then." if held.normal().unique and not replaced else ""
    return Step(
        live.name, StepKind.HIDE_INDEX,
        f"Hide the index {held.name}: {why}.{still}",
        _hidden(live.name, held.name, hidden=True),
        INSTANT,
        "show it again, which takes an instant",
        _hidden(live.name, held.name, hidden=False),
        held.name,
    )  # fmt: skip


def show_step(live: LiveCollection, held: LiveIndex) -> Step:
    """Return the step that lets queries use a hidden index of ours again."""
    return Step(
        live.name, StepKind.SHOW_INDEX,
        f"Show the index {held.name} again: the specification has it.",
        _hidden(live.name, held.name, hidden=False),
        INSTANT,
        "hide it again",
        _hidden(live.name, held.name, hidden=True),
        held.name,
    )  # fmt: skip


def drop_step(live: LiveCollection, held: LiveIndex, why: str) -> Step:
    """Return the step that drops a hidden index of ours."""
    definition = {
        name: value for name, value in held.definition.items() if name not in ("v", "ns")
    }
    return Step(
        live.name, StepKind.DROP_INDEX,
        f"Drop the index {held.name}: {why}.",
        {"dropIndexes": live.name, "index": held.name},
        INSTANT,
        "build it again",
        {"createIndexes": live.name, "indexes": [definition]},
        held.name,
    )  # fmt: skip


def _expired(index: IndexSpec, seconds: Any) -> str:
    return f"documents whose {index.keys[0][0]} is more than {seconds} seconds past"


def _expiry(name: str, index: str, seconds: Any) -> dict[str, Any]:
    return {"collMod": name, "index": {"name": index, "expireAfterSeconds": seconds}}


def _hidden(name: str, index: str, *, hidden: bool) -> dict[str, Any]:
    return {"collMod": name, "index": {"name": index, "hidden": hidden}}
