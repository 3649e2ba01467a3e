from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from modeler.diagrams.formats.dot import to_dot
from modeler.diagrams.formats.mermaid import to_mermaid
from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.graph import ColumnMode, JoinMode, graph_of
from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.results import result_store
from modeler.schema.encoding import fingerprint, to_json
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

GRAPH_FORMATS = {"svg": to_svg, "dot": to_dot, "mermaid": to_mermaid}


class Command(ModelerCommand):
    help = "Draws the data model: tables, columns and relations of apps or single models."

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "what to draw")
        parser.add_argument(
            "--format",
            choices=[*GRAPH_FORMATS, "json"],
            default="svg",
            help="svg needs Graphviz; dot, mermaid and json need nothing (default: svg)",
        )
        parser.add_argument(
            "--columns",
            choices=[str(mode) for mode in ColumnMode],
            default="all",
            help="columns shown in a box (default: all)",
        )
        parser.add_argument(
            "--joins",
            choices=[str(mode) for mode in JoinMode],
            default="box",
            help="automatic join tables as boxes, or as one edge (default: box)",
        )
        self.add_output(parser)
        self.add_store(parser)

    def run(self, **options: Any) -> None:
        schema = read_registry().select(options["names"])
        self.say_missing(schema)
        text = self.drawn(schema, **options)
        if options["store"]:
            result_store(
                kind=StoredResult.Kind.DIAGRAM,
                subject=" ".join(options["names"]),
                command=self.command_line(),
                fingerprint=fingerprint(schema),
                payload={
                    "svg": text
                    if options["format"] == "svg"
                    else self.drawn(schema, **{**options, "format": "svg"}),
                    "tables": len(schema.tables),
                    "relations": len(schema.relations),
                },
            )
            self.stderr.write("Stored for the page in admin.")
        if options["output"] != "-" or not options["store"]:
            self.put_out(text, options["output"])

    def drawn(self, schema: Schema, **options: Any) -> str:
        if options["format"] == "json":
            return to_json(schema)
        graph = graph_of(
            schema, columns=ColumnMode(options["columns"]), joins=JoinMode(options["joins"])
        )
        return GRAPH_FORMATS[options["format"]](graph)
