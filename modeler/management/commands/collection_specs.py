from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from modeler.management.modeler_command import ModelerCommand
from modeler.mongo.encoding import to_json
from modeler.mongo.spec import collection_specs
from modeler.mongo.text import to_text
from modeler.schema.registry import read_registry


class Command(ModelerCommand):
    help = (
        "Specifies MongoDB collections for tables: validators, indexes, and what is not carried."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "tables to specify")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="(default: text)"
        )
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        schema = read_registry()
        chosen = schema.select(options["names"])
        self.say_missing(chosen)
        specs = collection_specs(schema, chosen.tables)
        text = to_json(specs) if options["format"] == "json" else to_text(specs)
        self.put_out(text, options["output"])
