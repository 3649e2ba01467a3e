"""Triggers that queue what changes: into PostgreSQL, and out of it."""

from __future__ import annotations

from modeler.management.sync.run import SyncRun


def install(run: SyncRun) -> None:
    """Put the triggers into PostgreSQL, or write what would."""
    from modeler.mongo.sync.install import install, statements_for

    if run.options["migration"]:
        from modeler.mongo.sync.migration import write_migration

        path = write_migration(run.connection, run.schema, run.specs, run.options["migration"])
        run.write(f"Wrote {path}. Run migrate; take it back by migrating backwards.")
    elif run.options["sql"]:
        text = ";\n\n".join(statements_for(run.connection, run.schema, run.specs)) + ";\n"
        run.command.put_out(text, run.options["output"])
    else:
        from modeler.reporting.words import plural

        tables = install(run.connection, run.schema, run.specs)
        run.write(
            f"Changes of {plural(len(tables), 'table')} are queued from now on. Next: "
            "manage.py sync_collections --export, with workers running beside."
        )


def uninstall(run: SyncRun) -> None:
    """Take triggers and queue away."""
    from modeler.mongo.sync.install import uninstall
    from modeler.reporting.words import plural

    tables = uninstall(run.connection)
    run.write(
        f"Triggers of {plural(len(tables), 'table')} and the queue are gone; documents stay."
    )
