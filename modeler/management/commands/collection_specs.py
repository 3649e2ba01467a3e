from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from modeler.diagrams.outdated import text_changes
from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.mongo.apply import encoding as apply_json
from modeler.mongo.apply import text as apply_text
from modeler.mongo.apply.hold import Hold, held, holder
from modeler.mongo.apply.look import Look, look
from modeler.mongo.apply.progress import Progress, stopped
from modeler.mongo.apply.run import apply
from modeler.mongo.apply.step import Plan
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.drift import report
from modeler.mongo.drift.target import Target, targets_of
from modeler.mongo.encoding import to_json
from modeler.mongo.mongosh import to_mongosh
from modeler.mongo.preflight.run import SECONDS, preflight, probes, probes_of_rows
from modeler.mongo.preflight.text import to_json as preflight_json
from modeler.mongo.preflight.text import to_text as preflight_text
from modeler.mongo.server import require_pymongo
from modeler.mongo.server_facts import served_version
from modeler.mongo.server_features import Version, read_version
from modeler.mongo.service.module import to_pymongo
from modeler.mongo.shard_keys import shard_advice
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.text import to_text
from modeler.postgres.clock import server_clock
from modeler.postgres.connections import postgres_alias, require_answer
from modeler.reporting.finding import Level
from modeler.results import result_store
from modeler.schema.encoding import fingerprint
from modeler.schema.project import read_project
from modeler.schema.schema import Schema

REFUSED = 1  # exit code: documents or the server stand against a step, or drift was found
WRITTEN = {"mongosh": "a script", "pymongo": "a module"}
VERBS = ("apply", "drift", "preflight", "prove", "samples")
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
        verbs.add_argument(
            "--preflight",
            action="store_true",
            help="look at the rows for what MongoDB cannot hold as it is; nothing is written",
        )
        verbs.add_argument(
            "--prove",
            action="store_true",
            help="build every document and say which the rules would refuse; nothing is written",
        )
        verbs.add_argument(
            "--samples", type=int, metavar="N",
            help="show so many documents of each: of rows, sensitive values masked, or made up",
        )  # fmt: skip
        parser.add_argument(
            "--workers", type=int, default=2, metavar="N", help="with --prove: processes"
        )
        parser.add_argument(
            "--seconds", type=float, default=SECONDS, metavar="S",
            help="with --preflight: for one query",
        )  # fmt: skip
        parser.add_argument(
            "--alias", default=DEFAULT_DB_ALIAS, help="of DATABASES, whose rows are looked at"
        )
        parser.add_argument(
            "--server", metavar="VERSION",
            help="of MongoDB, such as 7.0, that indexes are specified for (default: with --apply "
            "and --drift that of the server, else MODELER['MONGO_VERSION'] or 6.0)",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="with --apply: say what would be done, no more"
        )
        parser.add_argument(
            "--database", metavar="NAME", help="of MongoDB (default: the one that MONGO_URL names)"
        )
        parser.add_argument(
            "--check",
            metavar="FILE",
            help="write nothing; end with 1 and what changed where FILE is not what would be "
            "written",
        )
        self.add_store(parser)
        self.add_output(parser)

    def run(self, **options: Any) -> None:
        if options["dry_run"] and not options["apply"]:
            raise ConfigurationError("--dry-run says what --apply would do. Name both, or none.")
        verb = next((name for name in VERBS if options[name] not in (False, None)), "")
        if options["format"] in WRITTEN and verb:
            what = WRITTEN[options["format"]]
            raise ConfigurationError(f"--format {options['format']} writes {what}; it goes alone.")
        if options["store"] and verb in ("", "apply"):
            raise ConfigurationError(
                "--store goes with --drift, --preflight, --prove or --samples."
            )
        if options["check"] and verb:
            raise ConfigurationError("--check compares a file with the specs; it goes alone.")
        if options["database"] and not (options["apply"] or options["drift"]):
            raise ConfigurationError("--database is for --apply and --drift. Name one of them.")
        schema = read_project()
        specs = chosen_specs(schema, options["names"], self.server(options))
        self.say_missing(schema.select([spec.table for spec in specs]))
        if options["apply"]:
            self.apply(targets_of(specs), options)
        elif options["drift"]:
            self.drift(schema, targets_of(specs), options)
        elif options["preflight"]:
            self.preflight(schema, specs, options)
        elif options["prove"]:
            self.prove(schema, specs, options)
        elif options["samples"] is not None:
            self.samples(schema, specs, options)
        else:
            text = self.written(schema, specs, options["format"])
            if options["check"]:
                self.check_file(
                    text,
                    options["check"],
                    lambda committed: text_changes(committed.decode("utf-8", "replace"), text),
                )
                return
            self.put_out(text, options["output"])

    @staticmethod
    def server(options: dict[str, Any]) -> Version | None:
        """Return the version to specify for: as asked for, or of the server that is spoken to."""
        if options["server"]:
            return read_version(options["server"])
        return served_version() if options["apply"] or options["drift"] else None

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
        see = partial(look, targets, database=options["database"], postgres_clock=server_clock)
        found = see()
        plan = found.plan(targets)
        for warning in found.facts.warnings:
            self.stderr.write(f"Note: {warning}")
        try:
            if plan.steps and not options["dry_run"]:
                with held(found.database, lambda said: self.stderr.write(f"Note: {said}")) as hold:
                    # Another apply may have done all of it since.
                    found = see()
                    plan = found.plan(targets)
                    self.climb(plan, found, len(targets), hold, options)
            else:
                if other := holder(found.database):
                    self.stderr.write(f"Note: an apply is at work here: {other.said}.")
                self.show_plan(plan, found, len(targets), options)
        except KeyboardInterrupt as interrupt:
            raise CommandError(
                "Interrupted. Run the same again: it goes on from what was done.",
                returncode=INTERRUPTED,
            ) from interrupt
        if plan.blocked:
            raise CommandError("Something stands in the way; see above.", returncode=REFUSED)

    def show_plan(self, plan: Plan, found: Look, count: int, options: dict[str, Any]) -> None:
        """Say what an apply would do."""
        text = (
            apply_json.plan_json(plan, found)
            if options["format"] == "json"
            else apply_text.plan_text(plan, found, count, details=options["verbosity"] > 1)
        )
        self.put_out(text, options["output"])

    def climb(
        self, plan: Plan, found: Look, count: int, hold: Hold, options: dict[str, Any]
    ) -> None:
        """Do the steps, and say of each what became of it."""
        if not plan.steps:
            self.show_plan(plan, found, count, options)
            return
        as_json = options["format"] == "json"
        live = not as_json and options["output"] == "-"
        progress: list[Progress] = []
        lines = [f"Applying to {apply_text.heading(found)}."]
        for one in apply(plan, found.database, hold.renew):
            progress.append(one)
            lines += apply_text.progress_lines(one)
            if live:
                self.put_out("\n".join(lines) + "\n", "-")
                self.stdout.flush()
                lines = []
        lines += [*apply_text.note_lines(plan.notes), "", apply_text.closing(progress)]
        text = apply_json.progress_json(progress, plan, found) if as_json else "\n".join(lines)
        self.put_out(text, options["output"])
        if stopped(progress):
            raise CommandError("Not all could be applied; see above.", returncode=REFUSED)

    def preflight(
        self, schema: Schema, specs: Sequence[CollectionSpec], options: dict[str, Any]
    ) -> None:
        """Say what rows hold that MongoDB cannot; errors among it end with 1."""
        alias = postgres_alias(options["alias"])
        require_answer(connections[alias])
        asked = [one for one in probes(schema, specs) if one.table.alias == alias]
        asked += probes_of_rows(connections[alias], schema, specs, options["seconds"])
        found = preflight(
            connections[alias], asked, seconds=options["seconds"], progress=self.progress
        )
        self.clear_progress()
        text = preflight_json(found) if options["format"] == "json" else preflight_text(found)
        if options["store"]:
            payload = json.loads(preflight_json(found))
            self.store(StoredResult.Kind.PREFLIGHT, schema, options, payload)
        self.put_out(text, options["output"])
        if any(one.level is Level.ERROR for one in found):
            raise CommandError("Rows stand in the way; see above.", returncode=REFUSED)

    def prove(
        self, schema: Schema, specs: Sequence[CollectionSpec], options: dict[str, Any]
    ) -> None:
        """Say which documents would be refused; any ends with 1."""
        require_pymongo()
        from modeler.mongo.proof.processes import prove_collections
        from modeler.mongo.proof.text import to_document, to_text

        alias = postgres_alias(options["alias"])
        require_answer(connections[alias])
        keyed = [
            spec
            for spec in specs
            if spec.key and (place := schema.table(spec.table).location) and place.alias == alias
        ]
        live = options["format"] == "text" and options["output"] == "-"
        found = []
        for one in prove_collections(
            dict(connections[alias].settings_dict), alias, schema, keyed,
            workers=options["workers"], progress=self.progress,
        ):  # fmt: skip
            self.clear_progress()
            found.append(one)
            if live:
                self.put_out(to_text([one]), "-")
                self.stdout.flush()
        if not live:
            as_json = options["format"] == "json"
            text = json.dumps(to_document(found), indent=1) + "\n" if as_json else to_text(found)
            self.put_out(text, options["output"])
        if options["store"]:
            self.store(StoredResult.Kind.PROOF, schema, options, to_document(found))
        if not all(one.holds for one in found):
            raise CommandError("Not every row can be a document; see above.", returncode=REFUSED)

    def samples(
        self, schema: Schema, specs: Sequence[CollectionSpec], options: dict[str, Any]
    ) -> None:
        """Show documents of every collection."""
        if options["samples"] < 1:
            raise ConfigurationError("--samples takes a number of documents, at least 1.")
        require_pymongo()
        from modeler.mongo.mongosh import literal
        from modeler.mongo.samples.reading import samples
        from modeler.mongo.samples.samples import to_document
        from modeler.mongo.samples.text import to_text

        found = to_document(samples(schema, specs, options["samples"]))
        as_json = options["format"] == "json"
        text = (
            json.dumps(found, ensure_ascii=False, indent=1) + "\n" if as_json else to_text(found)
        )
        if options["store"]:
            # As text too: a database may not keep the order of fields.
            written = [
                {**one, "texts": [literal(document) for document in one["documents"]]}
                for one in found["collections"]
            ]
            payload = {**found, "collections": written}
            self.store(StoredResult.Kind.SAMPLES, schema, options, payload)
        self.put_out(text, options["output"])

    def store(
        self, kind: StoredResult.Kind, schema: Schema, options: dict[str, Any], payload: Any
    ) -> None:
        """Keep a result for the pages."""
        result_store(
            kind=kind,
            subject=" ".join(options["names"]),
            command=self.command_line(),
            fingerprint=fingerprint(schema),
            payload=payload,
        )
        self.stderr.write("Stored for the pages.")

    def drift(self, schema: Schema, targets: Sequence[Target], options: dict[str, Any]) -> None:
        found = look(targets, database=options["database"], writes=False)
        differs = report.drift(targets, found.live, found.state, whole=not options["names"])
        text = (
            report.to_json(differs, found.database.name)
            if options["format"] == "json"
            else report.to_text(differs)
        )
        if options["store"]:
            payload = report.to_collections(differs, [target.name for target in targets])
            self.store(StoredResult.Kind.DRIFT, schema, options, payload)
        self.put_out(text, options["output"])
        if differs.fails:
            raise CommandError("The collections differ; see above.", returncode=REFUSED)
