from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from modeler.diagrams.site.folder import write_site
from modeler.diagrams.site.pages import pages_of
from modeler.management.modeler_command import ModelerCommand
from modeler.schema.registry import read_registry


class Command(ModelerCommand):
    help = (
        "Writes a static site about the data model: a page a table with a picture, an index of "
        "tables and columns, search."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", metavar="DIR", help="new, empty, or made by this command before"
        )
        self.add_names(parser, "what to write about")
        parser.add_argument("--title", default="", help="of the site (default: Data model)")

    def run(self, **options: Any) -> None:
        schema = read_registry().select(options["names"])
        self.say_missing(schema)
        count = write_site(pages_of(schema, title=options["title"]), Path(options["folder"]))
        self.stderr.write(f"Wrote {count} files into {options['folder']}.")
