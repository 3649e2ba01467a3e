from __future__ import annotations

from argparse import ArgumentParser
from collections import defaultdict
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from modeler.errors import UnknownName
from modeler.management.modeler_command import ModelerCommand
from modeler.postgres.production.encoding import to_json
from modeler.postgres.production.export import read_figures
from modeler.postgres.production.figures import Figures

SHOWN = 5


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
        for line in unread(figures):
            self.stderr.write(f"Note: {line}")
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


def unread(figures: Figures) -> list[str]:
    """Return one line a reason, with the first few of those it is about."""
    subjects: defaultdict[str, list[str]] = defaultdict(list)
    for subject, reason in figures.unread:
        subjects[reason].append(subject)
    lines = []
    for reason, names in subjects.items():
        rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        lines.append(f"{', '.join(names[:SHOWN])}{rest}: {reason}.")
    return lines
