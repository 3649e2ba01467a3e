from __future__ import annotations

import sys
from argparse import ArgumentParser, BooleanOptionalAction
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from modeler.errors import ConfigurationError, UnknownName
from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.postgres.preflight.check import preflight
from modeler.previews.encoding import to_document, to_json
from modeler.previews.estimates.estimating import with_estimates
from modeler.previews.estimates.markdown import estimates_markdown
from modeler.previews.estimates.production import (
    Production,
    exported_production,
    live_production,
)
from modeler.previews.hazards.rules import pack_names
from modeler.previews.judgement import judgement, sizes_in
from modeler.previews.options import STATIC, TRACED
from modeler.previews.preview import Preview
from modeler.previews.rehearsal import preview_of
from modeler.previews.remedies.offer import offer
from modeler.previews.safely.obstacles import preview_intents
from modeler.previews.steps import (
    Steps,
    all_steps,
    load,
    pending_steps,
    range_steps,
    unwritten_steps,
)
from modeler.previews.text import to_text
from modeler.reporting.baseline import read_baseline, write_baseline
from modeler.reporting.finding import Level
from modeler.reporting.formats import FORMATS
from modeler.reporting.report import Report
from modeler.reporting.waiver import Waiver
from modeler.results import result_store
from modeler.schema.encoding import fingerprint

NO_ESTIMATES = (
    "There are no estimates, since the sizes of the live tables could not be read. Name an export "
    "with --statistics FILE."
)
FINDINGS = 1  # exit code when a finding is as grave as --fail-on says


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
            "--estimates",
            action=BooleanOptionalAction,
            help="measure what grows with large tables, and say how long it takes on the live "
            "database and how many queries would queue (default: with --trace, for what is not "
            "applied)",
        )
        parser.add_argument(
            "--statistics",
            metavar="FILE",
            help="sizes and traffic from export_statistics, instead of asking the live database",
        )
        parser.add_argument(
            "--remedies",
            action="store_true",
            help="propose safe migrations instead, each proven on the shadow",
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help="put proven remedies into the apps; implies --remedies",
        )
        parser.add_argument(
            "--preflight",
            action="store_true",
            help="ask the live server as well what stands in the way now; it is only read",
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
            "--format",
            choices=sorted({"text", "json", *FORMATS}),
            default="text",
            help="text and json hold everything, the others the findings (default: text)",
        )
        parser.add_argument(
            "--fail-on",
            choices=[*map(str, Level), "never"],
            default=str(Level.ERROR),
            help="exit with 1 when a finding of a pending migration is as grave (default: error)",
        )
        parser.add_argument(
            "--pack",
            action="append",
            default=[],
            choices=pack_names(),
            help="rules of taste that are asked for by name; may be repeated",
        )
        parser.add_argument(
            "--baseline", metavar="FILE", help="findings that were accepted when it was written"
        )
        parser.add_argument(
            "--write-baseline", metavar="FILE", help="accept all findings and write them there"
        )
        self.add_output(parser)
        self.add_store(parser)

    def run(self, **options: Any) -> None:
        alias = options["database"]
        if alias not in connections:
            raise UnknownName("database", alias, connections)
        if sum(map(bool, (options["from_zero"], options["app"], options["changes"]))) > 1:
            raise ConfigurationError("Name an app, --from-zero or --changes; only one of them.")
        if options["preflight"] and options["from_zero"]:
            raise ConfigurationError(
                "--preflight asks the live server, which --from-zero leaves alone; drop one."
            )
        if options["write"] and options["from_zero"]:
            raise ConfigurationError(
                "--write changes what is not applied yet, and --from-zero does not ask what is; "
                "drop one."
            )
        if options["rows"] < 0:
            raise ConfigurationError("--rows must be 0 or more.")
        if options["last"] < 1:
            raise ConfigurationError("--last must be 1 or more.")
        offline = options["from_zero"]
        if options["estimates"] and offline and not options["statistics"]:
            raise ConfigurationError(
                "--estimates needs to know how large tables are, and --from-zero asks no "
                "database; add --statistics FILE, written by manage.py export_statistics."
            )
        production = self.production(alias, options["statistics"], offline=offline)
        waivers = self.baseline(options["baseline"])
        loader = self.loader(alias, offline=offline)
        steps = self.steps(loader, **options)
        preview = preview_of(
            steps,
            alias,
            options=replace(TRACED, rows=options["rows"]) if options["trace"] else STATIC,
            progress=self.progress,
            offline=offline,
        )
        facts = {}
        wanted = options["trace"] if options["estimates"] is None else options["estimates"]
        if wanted and production is not None:
            estimated = with_estimates(
                preview,
                steps,
                production,
                now=datetime.now(UTC),
                applied=bool(options["estimates"]),
                offline=offline,
                progress=self.progress,
            )
            preview, facts = estimated.preview, {"estimates": estimated.changed}
        elif wanted and not offline:
            preview = replace(preview, notes=(*preview.notes, NO_ESTIMATES))
        self.clear_progress()
        judged = judgement(
            preview,
            steps,
            loader,
            sizes=None if production is None else sizes_in(production.figures),
            waivers=waivers,
            packs=options["pack"],
            today=timezone.localdate() if settings.USE_TZ else date.today(),
            facts=facts,
        )
        preview, report, remedies = judged.preview, judged.report, ""
        if options["remedies"] or options["write"]:
            offered = offer(
                judged,
                steps,
                loader,
                alias,
                write=options["write"],
                offline=offline,
                progress=self.progress,
            )
            self.clear_progress()
            preview, remedies = offered.preview, offered.text
            report = replace(report, findings=preview.findings)
        if options["preflight"]:
            found = preflight(connections[alias], preview_intents(preview))
            preview = replace(preview, obstacles=found)
        if options["write_baseline"]:
            self.put_out(write_baseline(preview.findings), options["write_baseline"])
        if options["store"]:
            self.store(preview, **options)
        if options["output"] != "-" or not options["store"]:
            text = self.written(preview, report, options["format"])
            if remedies and options["format"] == "text":
                text += f"\n{remedies}"
            elif remedies:
                self.stderr.write(remedies)
            self.put_out(text, options["output"])
        if self.fails(preview, report, options["fail_on"]):
            sys.exit(FINDINGS)

    @staticmethod
    def written(preview: Preview, report: Report, format: str) -> str:
        if format == "json":
            return to_json(preview)
        if format == "markdown":
            return FORMATS[format](report) + estimates_markdown(preview)
        return to_text(preview) if format == "text" else FORMATS[format](report)

    @staticmethod
    def fails(preview: Preview, report: Report, level: str) -> bool:
        """Tell whether CI should stop; what is applied already cannot be stopped any more."""
        if level == "never" or preview.nothing_pending:
            return False
        return report.fails(Level(level))

    @staticmethod
    def production(alias: str, file: str | None, *, offline: bool) -> Production | None:
        """Return the figures of the live database, None where it is not asked or does not say."""
        if file:
            return exported_production(file)
        return None if offline else live_production(alias)

    @staticmethod
    def baseline(file: str | None) -> tuple[Waiver, ...]:
        if not file:
            return ()
        try:
            return read_baseline(Path(file).read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"The baseline {file} cannot be read: {error}. Write one with --write-baseline."
            ) from error

    def loader(self, alias: str, *, offline: bool) -> MigrationLoader:
        return load(
            alias,
            offline=offline,
            next_step="Start it, or preview the whole history without it: "
            "manage.py migration_preview --from-zero",
        )

    def steps(self, loader: MigrationLoader, **options: Any) -> Steps:
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
