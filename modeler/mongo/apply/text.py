"""A plan and its progress as calm text for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from modeler.mongo.apply.look import Look
from modeler.mongo.apply.progress import Outcome, Progress
from modeler.mongo.apply.step import INSTANT, NOTHING, Plan, Step
from modeler.reporting.finding import Finding
from modeler.reporting.formats.text import one_line

TRIVIAL = (NOTHING, INSTANT)
MOST_RULES = 8  # what is named of many; JSON has all
MARKS = {Outcome.DONE: "done", Outcome.STOPPED: "STOP", Outcome.LEFT: "left"}


def heading(look: Look) -> str:
    """Return where it happens: the database and its server."""
    version = ".".join(map(str, look.facts.version))
    return f"database {look.database.name} on MongoDB {version} ({look.facts.topology})"


def plan_text(plan: Plan, look: Look, count: int, *, details: bool = False) -> str:
    """Return what would be done, collection by collection.

    Args:
        plan: the steps.
        look: that the plan was made from.
        count: of collections that were asked for.
        details: every step with what it holds up and how it is undone.
    """
    if not plan.steps:
        lines = [_nothing(count, plan, look)]
        return "\n".join([*lines, *note_lines(plan.notes)]) + "\n"
    lines = [f"Plan for {heading(look)}: {_steps(plan.steps)}, nothing done yet."]
    number = 0
    for name in plan.collections:
        lines += ["", name]
        for step in plan.of(name):
            number += 1
            lines.append(f"  {number}. {one_line(step.sentence)}")
            if details:
                lines.append(f"     Waits for or holds up: {one_line(step.waits)}.")
            elif step.waits not in TRIVIAL:
                lines.append(f"     It {one_line(step.waits)}.")
            if details:
                lines.append(f"     To go back: {one_line(step.back)}.")
    lines += note_lines(plan.notes)
    lines += ["", "Run the same with --apply and without --dry-run to do it."]
    return "\n".join(lines) + "\n"


def progress_lines(progress: Progress) -> Iterable[str]:
    """Return the lines that tell what became of a step."""
    step = progress.step
    said = f" {one_line(progress.said)}" if progress.said else ""
    if progress.outcome is not Outcome.STOPPED:
        yield f"{MARKS[progress.outcome]}  {one_line(step.sentence)}{said}"
        return
    yield f"{MARKS[progress.outcome]}  {one_line(step.sentence)}"
    yield f"     {said.strip()}"
    if found := progress.offenders:
        if found.rules and found.rules != ("unique",):
            yield f"     They break: {one_line(_listed(found.rules))}."
        if found.ids:
            ids = ", ".join(map(short_id, found.ids))
            yield f"     _id of some: {one_line(ids)}"
    if progress.next_step:
        yield f"     → {one_line(progress.next_step)}"


def closing(progress: Sequence[Progress]) -> str:
    """Return how it ended, in one or two sentences."""
    names = dict.fromkeys(one.step.collection for one in progress)
    stopped = [one.step.collection for one in progress if one.outcome is Outcome.STOPPED]
    done = len(names) - len(stopped)
    text = f"{done} collection{' is' if done == 1 else 's are'} as specified now."
    if stopped:
        text += (
            f" {len(stopped)} stopped: {', '.join(stopped)}. What was done stays; apply again "
            "after mending what is named above."
        )
    return text + "\n"


def note_lines(notes: Iterable[Finding]) -> list[str]:
    """Return what is left alone or in the way, a line or two a note."""
    lines = [""] if notes else []
    for note in notes:
        lines.append(f"{note.level}: {one_line(note.message)} [{note.code}]")
        lines.append(f"  → {one_line(note.hint)}")
    return lines


def short_id(value: object) -> str:
    """Return an ``_id`` in Extended JSON as a person would write it."""
    if isinstance(value, list):  # documents that share a value
        return "[" + ", ".join(map(short_id, value)) + "]"
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        if name in ("$numberInt", "$numberLong", "$numberDouble", "$numberDecimal"):
            return str(inner)
        if name == "$oid":
            return f"ObjectId({inner})"
    if isinstance(value, dict) and set(value) == {"$binary"}:
        return json.dumps(value["$binary"]["base64"])
    return json.dumps(value, ensure_ascii=False)


def _listed(rules: Sequence[str]) -> str:
    more = f"; {len(rules) - MOST_RULES} more" if len(rules) > MOST_RULES else ""
    return "; ".join(rules[:MOST_RULES]) + more


def _nothing(count: int, plan: Plan, look: Look) -> str:
    if plan.blocked:
        return f"Nothing more can be done in {heading(look)} before this is decided:"
    many = "The collection is" if count == 1 else f"All {count} collections are"
    return f"{many} as specified in {heading(look)}. Nothing to do."


def _steps(steps: Sequence[Step]) -> str:
    many = f"{len(steps)} steps" if len(steps) != 1 else "1 step"
    names = len({step.collection for step in steps})
    return f"{many} on {names} collection{'' if names == 1 else 's'}"
