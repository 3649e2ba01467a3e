"""The queue of changes: what waits in it, and what is put there by hand."""

from __future__ import annotations

from django.core.management.base import CommandError

from modeler.management.sync.run import SyncRun

DIFFERS = 1  # exit code: not all is well


def status(run: SyncRun) -> None:
    """Say what waits, what was given up, and whether changes are seen."""
    from modeler.mongo.sync.status import sync_status
    from modeler.mongo.sync.text import status_document, status_text

    status = sync_status(run.connection, run.schema, run.specs)
    run.say(status_text(status), status_document(status))
    if run.options["check"] and not status.healthy:
        raise CommandError("Not all is well; see above.", returncode=DIFFERS)


def retry_dead(run: SyncRun) -> None:
    """Queue again what was given up."""
    from modeler.mongo.sync.status import revive
    from modeler.reporting.words import plural

    run.want_installed()
    run.write(f"Queued {plural(revive(run.connection), 'document')} again.")


def new_epoch(run: SyncRun) -> None:
    """Let new versions win over all stored ones, and queue everything."""
    from modeler.mongo.sync.status import queue_all, raise_epoch

    run.want_installed()
    epoch = raise_epoch(run.connection)
    queue_all(run.connection, [spec.name for spec in run.specs])
    run.write(
        f"Versions are of epoch {epoch} now, and every document is queued to be written anew."
    )
