from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError

from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.mongo.apply import encoding as apply_json
from modeler.mongo.apply import text as apply_text
from modeler.mongo.apply.look import look
from modeler.mongo.apply.progress import Progress, stopped
from modeler.mongo.apply.run import apply
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.drift import report
from modeler.mongo.drift.target import Target, targets_of
from modeler.mongo.encoding import to_json
from modeler.mongo.mongosh import to_mongosh
from modeler.mongo.service.module import to_pymongo
from modeler.mongo.shard_keys import shard_advice
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.text import to_text
from modeler.postgres.clock import server_clock
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema

REFUSED = 1  # exit code: documents or the server stand against a step, or drift was found
WRITTEN = {"mongosh": "a script", "pymongo": "a module"}
INTERRUPTED = 130  # as shells say it of SIGINT


class Command(ModelerCommand):
    help = (
        "Specifies MongoDB collections for tables: validators, indexes, and what is not carried. "
        "Applies them, and finds where a server differs from them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        self.add_names(parser, "tables to specify")
        parser.add_argument(
            "--format",
            choices=["text", "json", "mongosh", "pymongo"],
            default="text",
            help="(default: text)",
        )
        verbs = parser.add_mutually_exclusive_group()
        verbs.add_argument(
            "--apply", action="store_true", help="bring the collections of a MongoDB to the specs"
        )
        verbs.add_argument(
            "--drift", action="store_true", help="say where a MongoDB differs from the specs"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="with --apply: say what would be done, no more"
        )
        parser.add_argument(
            "--database", metavar="NAME", help="of MongoDB (default: the one that MONGO_URL names)"
        )
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        if options["dry_run"] and not options["apply"]:
            raise ConfigurationError("--dry-run says what --apply would do. Name both, or none.")
        if options["format"] in WRITTEN and (options["apply"] or options["drift"]):
            what = WRITTEN[options["format"]]
            raise ConfigurationError(f"--format {options['format']} writes {what}; it goes alone.")
        if options["database"] and not (options["apply"] or options["drift"]):
            raise ConfigurationError("--database is for --apply and --drift. Name one of them.")
        schema = read_registry()
        specs = chosen_specs(schema, options["names"])
        self.say_missing(schema.select([spec.table for spec in specs]))
        if options["apply"]:
            self.apply(targets_of(specs), options)
        elif options["drift"]:
            self.drift(targets_of(specs), options)
        else:
            text = self.written(schema, specs, options["format"])
            self.put_out(text, options["output"])

    @staticmethod
    def written(schema: Schema, specs: Sequence[CollectionSpec], format: str) -> str:
        if format == "json":
            return to_json(specs)
        if format == "mongosh":
            advice = [shard_advice(spec, schema.table(spec.table)) for spec in specs]
            return to_mongosh(specs, advice)
        if format == "pymongo":
            return to_pymongo(schema, specs)
        return to_text(specs)

    def apply(self, targets: Sequence[Target], options: dict[str, Any]) -> None:
        found = look(targets, database=options["database"], postgres_clock=server_clock)
        plan = found.plan(targets)
        as_json = options["format"] == "json"
        for warning in found.facts.warnings:
            self.stderr.write(f"Note: {warning}")
        if options["dry_run"] or not plan.steps:
            text = (
                apply_json.plan_json(plan, found)
                if as_json
                else apply_text.plan_text(
                    plan, found, len(targets), details=options["verbosity"] > 1
                )
            )
            self.put_out(text, options["output"])
        else:
            live = not as_json and options["output"] == "-"
            progress: list[Progress] = []
            lines = [f"Applying to {apply_text.heading(found)}."]
            try:
                for one in apply(plan, found.database):
                    progress.append(one)
                    lines += apply_text.progress_lines(one)
                    if live:
                        self.put_out("\n".join(lines) + "\n", "-")
                        self.stdout.flush()
                        lines = []
            except KeyboardInterrupt as interrupt:
                raise CommandError(
                    "Interrupted. Run the same again: it goes on from what was done.",
                    returncode=INTERRUPTED,
                ) from interrupt
            lines += [*apply_text.note_lines(plan.notes), "", apply_text.closing(progress)]
            text = apply_json.progress_json(progress, plan, found) if as_json else "\n".join(lines)
            self.put_out(text, options["output"])
            if stopped(progress):
                raise CommandError("Not all could be applied; see above.", returncode=REFUSED)
        if plan.blocked:
            raise CommandError("Something stands in the way; see above.", returncode=REFUSED)

    def drift(self, targets: Sequence[Target], options: dict[str, Any]) -> None:
        found = look(targets, database=options["database"], writes=False)
        differs = report.drift(targets, found.live, found.state, whole=not options["names"])
        text = (
            report.to_json(differs, found.database.name)
            if options["format"] == "json"
            else report.to_text(differs)
        )
        self.put_out(text, options["output"])
        if differs.fails:
            raise CommandError("The collections differ; see above.", returncode=REFUSED)
