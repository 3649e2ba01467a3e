from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from modeler.diagrams.comparison.sources import FORMS, Source, SourceKind, read_source_name
from modeler.errors import ConfigurationError
from modeler.management.modeler_command import ModelerCommand
from modeler.models import SchemaSnapshot
from modeler.previews.expected import expected_of
from modeler.schema.encoding import to_json
from modeler.snapshots import schema_of, snapshot_store, snapshots
from modeler.sources import known_alias, snapshot_take


class Command(ModelerCommand):
    help = (
        "Keeps the schema as it is now, to compare with later. With --source expected, runs the "
        "applied migrations on a shadow PostgreSQL and keeps what a database must hold after them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source",
            default="registry",
            metavar="SOURCE",
            help=f"what to read: {', '.join(FORMS)} (default: registry)",
        )
        parser.add_argument(
            "--name", default="", metavar="NAME", help="such as the release's; kept for ever"
        )
        parser.add_argument("--list", action="store_true", help="list what is kept, and end")
        parser.add_argument(
            "--output", metavar="FILE", help="write its JSON as well; - for the terminal"
        )

        parser.add_argument(
            "--pending",
            action="store_true",
            help="with --source expected: run what is not applied yet as well",
        )

    def run(self, **options: Any) -> None:
        if options["list"]:
            self.stdout.write("\n".join(listed(snapshots())) or "No snapshots are kept.")
            return
        source = read_source_name(options["source"])
        if source.kind is SourceKind.EXPECTED:
            taken = self.expected(source, name=options["name"], pending=options["pending"])
        elif options["pending"]:
            raise ConfigurationError("--pending runs migrations; it goes with --source expected.")
        else:
            taken = snapshot_take(source=source, name=options["name"], files=True)
        schema = schema_of(taken)
        self.say_missing(schema)
        if options["output"]:
            self.put_out(to_json(schema), options["output"])
        tables = len(schema.tables)
        self.stderr.write(f"Kept as snapshot:{taken.name or taken.pk} ({tables} tables).")

    def expected(self, source: Source, *, name: str, pending: bool) -> SchemaSnapshot:
        """Work out what migrations make; this runs them, on the shadow."""
        alias = known_alias(source.alias)
        found = expected_of(alias, pending=pending, progress=self.progress)
        self.clear_progress()
        for note in found.notes:
            self.stderr.write(f"Note: {note}")
        rest = f", {found.pending} pending left out" if found.pending else ""
        self.stderr.write(f"Ran {found.migrations} migrations of {alias!r} on the shadow{rest}.")
        return snapshot_store(source=str(source), schema=found.schema, name=name)


def listed(found: tuple[SchemaSnapshot, ...]) -> list[str]:
    """Return one line a snapshot, in columns."""
    rows = [
        (
            str(snapshot.pk),
            snapshot.name,
            snapshot.source,
            f"{timezone.localtime(snapshot.taken_at):%Y-%m-%d %H:%M}",
            snapshot.fingerprint,
        )
        for snapshot in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
