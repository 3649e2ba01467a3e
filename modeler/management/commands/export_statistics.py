from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from modeler.errors import UnknownName
from modeler.management.modeler_command import ModelerCommand
from modeler.postgres.production.encoding import to_json
from modeler.postgres.production.export import read_figures


class Command(ModelerCommand):
    help = (
        "Writes what PostgreSQL knows of its tables as JSON: sizes, column statistics and "
        "traffic, for previews that plan like production. Reads only, waits for nobody, and "
        "takes no values of rows unless --values is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="alias to read (default: default)"
        )
        parser.add_argument(
            "--values",
            action="store_true",
            help="take most common values and histograms of columns too. These are REAL DATA out "
            "of your rows (names, addresses); keep the file as you keep a backup",
        )
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        alias = options["database"]
        if alias not in connections:
            raise UnknownName("database", alias, connections)
        figures = read_figures(connections[alias], values=options["values"])
        self.put_out(to_json(figures), options["output"])
        for subject, reason in figures.unread:
            self.stderr.write(f"Note: {subject}: {reason}.")
        if figures.standby:
            self.stderr.write(
                "Note: this server is a standby; its counters of traffic are its own, not those "
                "of the primary."
            )
        if options["values"]:
            self.stderr.write(
                "Note: this export holds values out of your rows. Keep it as you keep a backup."
            )
        self.stderr.write(f"{len(figures.tables)} tables of {alias!r}.")
