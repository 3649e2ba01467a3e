"""Workers that follow the queue."""

from __future__ import annotations

import time
from typing import Any

from modeler.management.sync.run import SyncRun

REPORT_SECONDS = 1.0


def once(run: SyncRun) -> None:
    """Work until the queue is empty."""
    from modeler.mongo.sync.processes import work
    from modeler.mongo.sync.text import steps_text

    run.want_installed()

    def told(said: Any) -> None:
        run.command.stdout.write(said if isinstance(said, str) else f"{steps_text([said])}.")

    job = run.job()
    run.want_collections(job)
    work(job, told, drain=True)


def work(run: SyncRun) -> None:
    """Work until stopped."""
    from modeler.mongo.sync.processes import run_workers
    from modeler.mongo.sync.text import steps_text

    run.want_installed()
    job = run.job()
    run.want_collections(job)
    names = ", ".join(spec.name for spec in run.specs)
    run.write(f"Following {names} into {job.database}. Stop with Ctrl-C.")
    steps: list[Any] = []
    last = time.monotonic()

    def told(said: Any, *, at_once: bool = False) -> None:
        nonlocal last
        if isinstance(said, str):
            run.command.stderr.write(f"{time.strftime('%H:%M:%S')}  {said}")
            return
        if said is not None:
            steps.append(said)
        if steps and (at_once or time.monotonic() - last >= REPORT_SECONDS):
            run.write(f"{time.strftime('%H:%M:%S')}  {steps_text(steps)}")
            run.command.stdout.flush()
            steps.clear()
            last = time.monotonic()

    run.command.stdout.flush()
    run_workers(job, run.options["workers"], told)
    told(None, at_once=True)
    run.write("Stopped. What changes now waits in the queue.")
