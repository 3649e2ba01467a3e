from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.management.base import CommandError

from modeler.diagrams.comparison.marks import Overlay, to_document
from modeler.diagrams.comparison.overlay import overlay
from modeler.diagrams.comparison.text import to_text
from modeler.diagrams.drawing import drawing_of
from modeler.diagrams.export import DOCUMENTS, RASTER, Format, exported, selection_for, shrunk
from modeler.diagrams.graph import ColumnMode
from modeler.diagrams.outdated import picture_changes, text_changes
from modeler.diagrams.selection.query import from_query
from modeler.diagrams.selection.selection import HUB_DEGREE, MOST_HOPS, Selection, Show
from modeler.errors import ConfigurationError
from modeler.hubs import hubs_of
from modeler.management.modeler_command import OUT_OF_DATE, ModelerCommand
from modeler.models import SavedView
from modeler.saved_views import named_view, notes_of, positions_of
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from modeler.sources import changes_since, read_comparison

EVERY = 1_000_000
TEXT = "text"  # of a comparison alone
COMPARED = (TEXT, Format.SVG, Format.PNG, Format.PDF, Format.JSON)


class Command(ModelerCommand):
    help = (
        "Draws the data model: tables, columns and relations of apps, of what is around a table, "
        "of the ways between two tables, or of what changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "what to draw")
        parser.add_argument(
            "--format",
            choices=[*Format, TEXT],
            help="svg needs nothing; png and pdf need Graphviz; text is the list of a comparison "
            "(default: svg, of a comparison text)",
        )
        what = parser.add_argument_group("what is drawn")
        what.add_argument(
            "--columns",
            choices=[str(mode) for mode in ColumnMode],
            help="columns shown in a box (default: all)",
        )
        what.add_argument(
            "--show",
            nargs="+",
            choices=[*Show, "all"],
            metavar="KIND",
            help=f"hidden kinds to draw as well: {', '.join(Show)}, or all; json, sql and dbml "
            "always have all",
        )
        what.add_argument("--open", nargs="+", metavar="TABLE", help="tables with all columns")
        what.add_argument("--closed", nargs="+", metavar="TABLE", help="tables without columns")
        what.add_argument("--fold", nargs="+", metavar="APP", help="apps drawn as one box")
        what.add_argument("--without", nargs="+", metavar="NAME", help="apps and tables left out")
        what.add_argument("--text", metavar="WORDS", help="only tables that say these words")
        what.add_argument("--focus", nargs="+", metavar="TABLE", help="what is around a table")
        what.add_argument(
            "--hops", type=int, choices=range(MOST_HOPS + 1), help="how far around (default: 1)"
        )
        what.add_argument(
            "--hubs",
            type=int,
            metavar="N",
            help="go no further from a table with more neighbours than that; 0 for never "
            f"(default: {HUB_DEGREE})",
        )
        what.add_argument(
            "--grow", nargs="+", metavar="RELATION", help="app.Model.field to follow"
        )
        what.add_argument("--path", nargs=2, metavar="TABLE", help="the ways between two tables")
        what.add_argument("--avoid", nargs="+", metavar="NAME", help="tables no way leads through")
        what.add_argument("--view", metavar="NAME", help="a saved view: its tables and places")
        changes = parser.add_argument_group("changes")
        changes.add_argument(
            "--compare",
            metavar="A..B",
            help="what changed between two of registry, database[:ALIAS], "
            "migrations[:APP[.NAME]], expected[:ALIAS], snapshot:NAME and file:PATH",
        )
        changes.add_argument(
            "--only-changed", action="store_true", help="what changed, and one relation around it"
        )
        changes.add_argument(
            "--exit-code",
            action="store_true",
            help="end with 1 where the comparison finds changes",
        )
        changes.add_argument(
            "--check",
            metavar="FILE",
            help="write nothing; end with 1 and the list of changes where FILE is not what would "
            "be written",
        )
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        if options["compare"]:
            self.compare(**options)
            return
        if options["format"] == TEXT or options["only_changed"] or options["exit_code"]:
            raise ConfigurationError(
                "--format text, --only-changed and --exit-code speak of a comparison; add "
                "--compare registry..database, or leave them out."
            )
        format = Format(options["format"] or Format.SVG)
        schema = read_registry()
        selection, view = self.selection(schema, **options)
        self.say_missing(schema.select(options["names"]))
        result = self.drawn(format, schema, selection, view)
        if options["check"]:
            self.check_picture(format, result, options["check"], schema.select(options["names"]))
        else:
            self.put_out(result, options["output"])

    def selection(self, schema: Schema, **options: Any) -> tuple[Selection, SavedView | None]:
        """Return the view's selection with what the options say instead."""
        schema.select(options["names"])  # refuses names that are not there
        view = named_view(options["view"]) if options["view"] else None
        base = Selection(columns=ColumnMode.ALL)
        if view is not None:
            base, said = from_query(view.selection)
            for sentence in said:
                self.stderr.write(f"Note: {sentence}")
        labels = {app.label for app in schema.apps} | {table.app for table in schema.tables}
        names = options["names"]
        show = options["show"] or ()
        said_by: dict[str, Any] = {
            "apps": tuple(name for name in names if name in labels),
            "tables": tuple(name for name in names if name not in labels),
            "columns": options["columns"] and ColumnMode(options["columns"]),
            "show": tuple(Show) if "all" in show else tuple(s for s in Show if s in show),
            "open": tuple(options["open"] or ()),
            "closed": tuple(options["closed"] or ()),
            "fold": tuple(options["fold"] or ()),
            "without": tuple(options["without"] or ()),
            "text": options["text"],
            "focus": tuple(options["focus"] or ()),
            "hops": options["hops"],
            "hub_degree": options["hubs"],
            "grow": tuple(options["grow"] or ()),
            "avoid": tuple(options["avoid"] or ()),
        }
        given = {name: value for name, value in said_by.items() if value not in (None, (), "")}
        if options["path"]:
            given["path_from"], given["path_to"] = options["path"]
        return replace(base, **given), view

    def drawn(
        self, format: Format, schema: Schema, selection: Selection, view: SavedView | None
    ) -> str | bytes:
        drawing = drawing_of(
            schema,
            selection_for(format, selection),
            hubs=hubs_of(schema),
            fixed=positions_of(view) if view else None,
            notes=notes_of(view) if view else (),
            # A file may take its time, and a document is not laid out for its looks.
            most=0 if format in DOCUMENTS else EVERY,
        )
        if drawing.chosen.unknown and view is None:
            raise drawing.chosen.unknown[0]
        notes = [*map(str, drawing.chosen.unknown), *drawing.notices]
        notes += filter(None, [shrunk(format, drawing)])
        for sentence in notes if format not in DOCUMENTS else ():
            self.stderr.write(f"Note: {sentence}")
        return exported(format, schema, drawing, columns=selection.columns)

    def compare(self, **options: Any) -> None:
        format = options["format"] or TEXT
        if format not in COMPARED or options["check"]:
            raise ConfigurationError(
                f"A comparison is written as {', '.join(COMPARED)}, and has no --check: its "
                "--exit-code says whether there are changes."
            )
        changes = overlay(*read_comparison(options["compare"], files=True), models=read_registry())
        self.say_missing(changes.schema)
        self.put_out(self.compared(format, changes, options), options["output"])
        if options["exit_code"] and changes.marks:
            raise CommandError("", returncode=OUT_OF_DATE)

    def compared(self, format: str, changes: Overlay, options: dict[str, Any]) -> str | bytes:
        if format == TEXT:
            return to_text(changes)
        if format == Format.JSON:
            document = {"compared": options["compare"], **to_document(changes)}
            return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        selection, view = self.selection(changes.schema, **options)
        drawing = drawing_of(
            changes.schema,
            selection,
            hubs=hubs_of(changes.schema),
            fixed=positions_of(view) if view else None,
            notes=notes_of(view) if view else (),
            overlay=changes,
            only_changed=options["only_changed"],
        )
        return exported(Format(format), changes.schema, drawing)

    def check_picture(
        self, format: Format, result: str | bytes, file: str, schema: Schema
    ) -> None:
        """End with 1 and the changes where a committed file is not what was drawn now."""

        def changes(committed: bytes) -> Iterable[str]:
            if format is Format.JSON:
                return map(str, changes_since(committed, schema))
            if format in RASTER:
                return ()
            find = picture_changes if format is Format.SVG else text_changes
            return find(committed.decode("utf-8", "replace"), str(result))

        self.check_file(result, file, changes)
