from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from modeler.management.modeler_command import ModelerCommand
from modeler.management.specs import rows, server, writing
from modeler.management.specs.options import add_options, chosen_verb, want_sense
from modeler.management.specs.run import SpecsRun
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.server_facts import served_version
from modeler.mongo.server_features import Version, read_version
from modeler.schema.project import read_project, selected

DOES: dict[str, Callable[[SpecsRun], None]] = {
    "apply": server.apply,
    "drift": server.drift,
    "preflight": rows.preflight,
    "prove": rows.prove,
    "samples": rows.samples,
    "write": writing.write,
}


class Command(ModelerCommand):
    help = (
        "Specifies MongoDB collections for tables: validators, indexes, and what is not carried. "
        "Applies them, and finds where a server differs from them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "tables to specify")
        add_options(parser)
        self.add_store(parser)
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        want_sense(options)
        schema = read_project()
        specs = chosen_specs(schema, options["names"], _version(options))
        self.say_missing(selected(schema, [spec.table for spec in specs]))
        DOES[chosen_verb(options)](SpecsRun(self, schema, specs, options))


def _version(options: dict[str, Any]) -> Version | None:
    """Return the version to specify for: as asked for, or of the server that is spoken to."""
    if options["server"]:
        return read_version(options["server"])
    return served_version() if options["apply"] or options["drift"] else None
