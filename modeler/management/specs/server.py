"""Collections of a server: brought to their specifications, and compared with them."""

from __future__ import annotations

from functools import partial

from django.core.management.base import CommandError

from modeler.management.specs.run import REFUSED, SpecsRun
from modeler.models import StoredResult
from modeler.mongo.apply import encoding as apply_json
from modeler.mongo.apply import text as apply_text
from modeler.mongo.apply.hold import Hold, held, holder
from modeler.mongo.apply.look import Look, look
from modeler.mongo.apply.progress import Progress, stopped
from modeler.mongo.apply.run import apply as apply_plan
from modeler.mongo.apply.step import Plan
from modeler.mongo.drift import report
from modeler.postgres.clock import server_clock

INTERRUPTED = 130  # as shells say it of SIGINT


def apply(run: SpecsRun) -> None:
    """Bring the server's collections to the specifications, or say what that would do."""
    targets = run.targets
    see = partial(look, targets, database=run.options["database"], postgres_clock=server_clock)
    found = see()
    plan = found.plan(targets)
    for warning in found.facts.warnings:
        run.note(warning)
    try:
        if plan.steps and not run.options["dry_run"]:
            with held(found.database, run.note) as hold:
                # Another apply may have done all of it since.
                found = see()
                plan = found.plan(targets)
                _climb(run, plan, found, hold)
        else:
            if other := holder(found.database):
                run.note(f"an apply is at work here: {other.said}.")
            _show(run, plan, found)
    except KeyboardInterrupt as interrupt:
        raise CommandError(
            "Interrupted. Run the same again: it goes on from what was done.",
            returncode=INTERRUPTED,
        ) from interrupt
    if plan.blocked:
        raise CommandError("Something stands in the way; see above.", returncode=REFUSED)


def _show(run: SpecsRun, plan: Plan, found: Look) -> None:
    """Say what an apply would do."""
    details = run.options["verbosity"] > 1
    run.say(
        apply_json.plan_json(plan, found)
        if run.as_json
        else apply_text.plan_text(plan, found, len(run.specs), details=details)
    )


def _climb(run: SpecsRun, plan: Plan, found: Look, hold: Hold) -> None:
    """Do the steps, and say of each what became of it."""
    if not plan.steps:
        _show(run, plan, found)
        return
    progress: list[Progress] = []
    lines = [f"Applying to {apply_text.heading(found)}."]
    for one in apply_plan(plan, found.database, hold.renew):
        progress.append(one)
        lines += apply_text.progress_lines(one)
        if run.live:
            run.say_now("\n".join(lines) + "\n")
            lines = []
    lines += [*apply_text.note_lines(plan.notes), "", apply_text.closing(progress)]
    run.say(apply_json.progress_json(progress, plan, found) if run.as_json else "\n".join(lines))
    if stopped(progress):
        raise CommandError("Not all could be applied; see above.", returncode=REFUSED)


def drift(run: SpecsRun) -> None:
    """Say where the server differs; anything to be done ends with 1."""
    targets, names = run.targets, run.options["names"]
    found = look(targets, database=run.options["database"], writes=False)
    differs = report.drift(targets, found.live, found.state, whole=not names)
    if run.options["store"]:
        payload = report.to_collections(differs, [target.name for target in targets])
        run.store(StoredResult.Kind.DRIFT, payload)
    run.say(
        report.to_json(differs, found.database.name) if run.as_json else report.to_text(differs)
    )
    if differs.fails:
        raise CommandError("The collections differ; see above.", returncode=REFUSED)
