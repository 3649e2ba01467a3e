from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from modeler.collection_designs import (
    DECIDABLE,
    design_decide,
    design_undecide,
    measures_store,
    newest_measures,
    project_design,
)
from modeler.errors import ConfigurationError, ServerError, UnknownName
from modeler.management.modeler_command import ModelerCommand
from modeler.mongo.design.card import to_json
from modeler.mongo.design.code import to_code
from modeler.mongo.design.design import Design
from modeler.mongo.design.measures import Measures, from_json
from modeler.mongo.design.measuring import SECONDS, measure
from modeler.mongo.design.text import to_text
from modeler.schema.project import read_project, selected
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema


class Command(ModelerCommand):
    help = (
        "Designs MongoDB collections: which tables are embedded, copied and referenced, and why."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "tables whose relations are shown")
        parser.add_argument(
            "--format",
            choices=["text", "json", "code"],
            default="text",
            help="code declares the collections for MODELER['COLLECTIONS'] (default: text)",
        )
        parser.add_argument(
            "--database",
            default=DEFAULT_DB_ALIAS,
            help="alias of the PostgreSQL that is measured, read-only (default: default)",
        )
        parser.add_argument(
            "--no-database", action="store_true", help="from the models alone; nobody is asked"
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=SECONDS,
            help=f"time for measuring (default: {SECONDS:.0f})",
        )
        parser.add_argument(
            "--stored", action="store_true", help="with the newest stored measures, not new ones"
        )
        parser.add_argument(
            "--measures",
            metavar="FILE",
            help="with measures out of a JSON that this command wrote",
        )
        parser.add_argument(
            "--decide",
            metavar="RELATION=VERDICT",
            help=f"decide a relation against the points: {', '.join(DECIDABLE)}",
        )
        parser.add_argument("--undecide", metavar="RELATION", help="take a decision back")
        parser.add_argument("--note", default="", help="with --decide: why")
        self.add_store(parser)
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        schema = read_registry() if options["no_database"] else read_project()
        chosen = selected(schema, options["names"])
        self.say_missing(chosen)
        text = self.design(schema, chosen, options)
        self.put_out(text, options["output"])

    def design(self, schema: Schema, chosen: Schema, options: dict[str, Any]) -> str:
        """Return the design; of the named tables' relations the cards."""
        alias, asked = options["database"], not options["no_database"]
        if alias not in connections:
            raise UnknownName("database", alias, connections)
        measures = self.measures(schema, options)
        if options["store"]:
            if measures is None:
                raise ConfigurationError("--store keeps measures; leave --no-database out.")
            stored = measures_store(measures, schema, command=self.command_line())
            self.stderr.write(f"Stored as number {stored.pk}.")
        if options["decide"]:
            relation, _, verdict = options["decide"].partition("=")
            design_decide(
                schema=schema, relation=relation.strip(), verdict=verdict.strip(),
                note=options["note"], measures=measures, alias=alias,
            )  # fmt: skip
        elif options["note"]:
            raise ConfigurationError("--note says why of a decision; it goes with --decide.")
        if options["undecide"]:
            design_undecide(relation=options["undecide"], alias=alias)
        made = self.decided(schema, measures, alias, asked=asked)
        relations = None
        if options["names"]:
            keys = {table.key for table in chosen.tables}
            relations = [one.relation for one in made.decisions if {one.child, one.parent} & keys]
        if options["format"] == "code":
            wanted = {table.key for table in chosen.tables}
            return to_code(one for one in made.aggregates if one.table in wanted)
        if options["format"] == "json":
            return to_json(made, relations)
        return to_text(made, relations)

    def decided(
        self, schema: Schema, measures: Measures | None, alias: str, *, asked: bool
    ) -> Design:
        """Return the design with what people decided, where that can be read."""
        try:
            return project_design(schema, measures, alias=alias, stored=asked)
        except ServerError as error:
            self.stderr.write(f"Note: {error}")
            return project_design(schema, measures, alias=alias, stored=False)

    def measures(self, schema: Schema, options: dict[str, Any]) -> Measures | None:
        """Return the measures that were asked for: of now, stored, of a file, or none."""
        alias = options["database"]
        if options["measures"]:
            return measures_of_file(options["measures"])
        if options["no_database"]:
            return None
        if options["stored"]:
            found = newest_measures(alias)
            if found is None:
                raise UnknownName(
                    "stored measures of", alias, (),
                    hint="Store some with: manage.py collection_design --store",
                )  # fmt: skip
            return found
        made = measure(
            connections[alias], schema, seconds=options["seconds"], progress=self.progress
        )
        self.clear_progress()
        return made


def measures_of_file(path: str) -> Measures:
    """Read measures, alone or in a design's JSON.

    Raises:
        ConfigurationError: the file cannot be read.
        FormatError: it holds no measures.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}. Name a file that --format json wrote."
        ) from error
    try:
        document = json.loads(text)
    except ValueError:
        return from_json(text)
    if isinstance(document, dict) and document.get("format") == "modeler.design":
        return from_json(json.dumps(document.get("measures")))
    return from_json(text)
