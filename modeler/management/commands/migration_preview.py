from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from modeler.errors import ConfigurationError, UnknownName
from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.previews.encoding import to_document, to_json
from modeler.previews.options import STATIC, TRACED
from modeler.previews.preview import Preview
from modeler.previews.rehearsal import preview_of
from modeler.previews.steps import (
    Steps,
    all_steps,
    load,
    pending_steps,
    range_steps,
    unwritten_steps,
)
from modeler.previews.text import to_text
from modeler.results import result_store
from modeler.schema.encoding import fingerprint


class Command(ModelerCommand):
    help = (
        "Runs pending migrations on a shadow PostgreSQL and shows what each operation does, "
        "forward and backward. Your database is read, never changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "app", nargs="?", metavar="APP", help="an app, instead of what is pending"
        )
        parser.add_argument(
            "range",
            nargs="?",
            default="",
            metavar="FROM..TO",
            help="migrations of that app: 0003..0007, ..0007, 0003.., or one name",
        )
        parser.add_argument(
            "--from-zero", action="store_true", help="the whole history, without asking a database"
        )
        parser.add_argument(
            "--changes",
            action="store_true",
            help="changes of models that no migration holds yet",
        )
        parser.add_argument(
            "--renames",
            action="store_true",
            help="with --changes: what looks like a rename is one",
        )
        parser.add_argument(
            "--trace",
            action="store_true",
            help="measure every statement, undo each migration and do it again",
        )
        parser.add_argument(
            "--rows",
            type=int,
            default=TRACED.rows,
            metavar="N",
            help="with --trace: generated rows an empty table gets (default: %(default)s)",
        )
        parser.add_argument(
            "--last",
            type=int,
            default=5,
            metavar="N",
            help="how many applied ones to show when nothing is pending (default: 5)",
        )
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="alias to preview for (default: default)"
        )
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="(default: text)"
        )
        self.add_output(parser)
        self.add_store(parser)

    def run(self, **options: Any) -> None:
        alias = options["database"]
        if alias not in connections:
            raise UnknownName("database", alias, connections)
        if sum(map(bool, (options["from_zero"], options["app"], options["changes"]))) > 1:
            raise ConfigurationError("Name an app, --from-zero or --changes; only one of them.")
        if options["rows"] < 0:
            raise ConfigurationError("--rows must be 0 or more.")
        if options["last"] < 1:
            raise ConfigurationError("--last must be 1 or more.")
        offline = options["from_zero"]
        preview = preview_of(
            self.steps(alias, **options),
            alias,
            options=replace(TRACED, rows=options["rows"]) if options["trace"] else STATIC,
            progress=self.progress,
            offline=offline,
        )
        self.clear_progress()
        if options["store"]:
            self.store(preview, **options)
        if options["output"] != "-" or not options["store"]:
            text = to_json(preview) if options["format"] == "json" else to_text(preview)
            self.put_out(text, options["output"])

    def steps(self, alias: str, **options: Any) -> Steps:
        loader = load(
            alias,
            offline=options["from_zero"],
            next_step="Start it, or preview the whole history without it: "
            "manage.py migration_preview --from-zero",
        )
        if options["from_zero"]:
            return all_steps(loader)
        if options["changes"]:
            return unwritten_steps(loader, renames=options["renames"])
        if options["app"]:
            return range_steps(loader, options["app"], options["range"])
        return pending_steps(loader, last=options["last"])

    def store(self, preview: Preview, **options: Any) -> None:
        result_store(
            kind=StoredResult.Kind.PREVIEW,
            subject=" ".join(filter(None, [options["app"], options["range"]])),
            command=self.command_line(),
            fingerprint=fingerprint(preview),
            payload=to_document(preview),
        )
        self.stderr.write("Stored for the page in admin.")
