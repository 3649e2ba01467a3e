"""All documents at once: written, compared with their rows, built anew."""

from __future__ import annotations

from django.core.management.base import CommandError

from modeler.management.sync.run import SyncRun
from modeler.models import StoredResult
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.server import mongo_client
from modeler.results import result_store
from modeler.schema.encoding import fingerprint

DIFFERS = 1  # exit code: documents differ, or were refused


def export(run: SyncRun) -> None:
    """Write all documents."""
    from modeler.mongo.sync.exporting import export_collections
    from modeler.mongo.sync.text import export_text

    job = run.job()
    run.want_collections(job)
    refused = 0
    for name, done, elapsed in export_collections(
        job, run.options["workers"], again=run.options["again"], progress=run.command.progress
    ):
        run.command.clear_progress()
        run.write(export_text(name, done, elapsed))
        refused += len(done.refused)
    if refused:
        raise CommandError("Not every row became a document; see above.", returncode=DIFFERS)


def verify(run: SyncRun) -> None:
    """Compare documents with rows."""
    from modeler.mongo.sync.comparing import verify_collections
    from modeler.mongo.sync.text import verification_document, verification_text

    if run.options["repair"]:
        run.want_installed()
    job = run.job()
    found = []
    for one in verify_collections(
        job, mongo_client(job.url), run.options["depth"], repair=run.options["repair"],
        progress=run.command.progress, said=run.say_beside,
    ):  # fmt: skip
        run.command.clear_progress()
        found.append(one)
        if run.options["format"] == "text" and run.options["output"] == "-":
            run.command.stdout.write(verification_text([one]), ending="")
    if run.options["format"] == "json" or run.options["output"] != "-":
        run.say(verification_text(found), verification_document(found))
    if run.options["store"]:
        result_store(
            kind=StoredResult.Kind.VERIFICATION,
            subject=" ".join(run.options["names"]),
            command=run.command.command_line(),
            fingerprint=fingerprint(run.schema),
            payload=verification_document(found),
            specifications=fingerprints(run.specs),
        )
        run.command.stderr.write("Stored for the pages.")
    if not all(one.equal for one in found):
        raise CommandError("Documents differ; see above.", returncode=DIFFERS)


def rebuild(run: SyncRun) -> None:
    """Build a collection anew beside the old one and put it in its place."""
    from modeler.mongo.sync.rebuilding import rebuild_collection
    from modeler.reporting.words import plural

    run.want_installed()
    job = run.job()
    run.want_collections(job)
    found = rebuild_collection(
        job, mongo_client(job.url), run.connection, run.options["workers"], run.command.progress,
        run.say_beside,
    )  # fmt: skip
    run.command.clear_progress()
    run.write(
        f"{run.specs[0].name} is built anew: {plural(found.documents, 'document')}, "
        "compared with their rows before it took its place."
    )
