"""The child process of a rehearsal: ``python -m modeler.previews.child FD``.

Reads one JSON object from standard input and writes events, one JSON object a line, to the file
descriptor that its argument names; migrations may print what they like.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from modeler.previews.isolation import cut_network, repoint_settings, scrub_environment


def main() -> int:
    order = json.load(sys.stdin)
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as stream:
        rehearse(order, stream)
    return 0


def rehearse(order: dict[str, Any], stream: TextIO) -> None:
    def say(event: str, **facts: Any) -> None:
        stream.write(json.dumps({"event": event, **facts}) + "\n")
        stream.flush()

    alias = order["alias"]
    # Only a socket in the file system can be reached from a namespace without network.
    by_socket = all(entry["HOST"].startswith("/") for entry in order["databases"].values())
    refused = cut_network() if by_socket else "the shadow is reached over the network"
    say("isolation", network=refused)
    repoint_settings(order["databases"])
    scrub_environment()

    import django

    django.setup()

    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    from modeler.previews.options import Options
    from modeler.previews.rehearse import Rehearsal
    from modeler.previews.words import in_words
    from modeler.schema.encoding import decode, encode

    loader = MigrationLoader(None)
    for app, name, source in order["written"]:
        loader.disk_migrations[app, name] = migration_of(app, name, source)
    rehearsal = Rehearsal(connections[alias], loader, decode(Options, order["options"]))
    try:
        done = order["done"]
        if not done:
            rehearsal.make_unmigrated_apps()
        shown_ones = [
            loader.disk_migrations[app, name] for app, name, shown in order["steps"] if shown
        ]
        begun = not order["together"]
        with rehearsal.watching():
            for position, (app, name, shown) in enumerate(order["steps"]):
                say("step", position=position, app=app, name=name)
                # Replaced migrations are in the disk set, though not in the graph.
                migration = loader.disk_migrations[app, name]
                if position < done:
                    rehearsal.pass_over(migration)
                    continue
                if not shown:
                    rehearsal.run_unseen(migration)
                    continue
                if not begun:
                    rehearsal.begin_release(shown_ones)
                    begun = True
                preview = rehearsal.run_shown(migration, final=migration is shown_ones[-1])
                say("migration", preview=encode(preview))
                if preview.error:
                    break
            else:
                say("release", replay=encode(rehearsal.end_release()))
            if rehearsal.chain and rehearsal.chain.links:
                say("chain", reversal=encode(rehearsal.chain.there_and_back()))
            say("missed", sentences=list(rehearsal.missed))
            stock = rehearsal.stock
            say("rows", tables=len(stock.filled), unfilled=list(stock.unfilled))
    except (Exception, SystemExit) as error:  # the project's code may raise anything
        say("failed", error=in_words(error))
    say("end")


def migration_of(app: str, name: str, source: str) -> Any:
    """Return the migration that a source makes, which is in no file."""
    facts: dict[str, Any] = {"__name__": f"{app}.migrations.{name}"}
    exec(compile(source, f"{name}.py", "exec"), facts)
    return facts["Migration"](name, app)


if __name__ == "__main__":
    sys.exit(main())
