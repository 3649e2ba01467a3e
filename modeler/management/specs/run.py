"""One run of ``collection_specs``: what its verbs are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from modeler.management.modeler_command import ModelerCommand
from modeler.models import StoredResult
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.drift.target import Target, targets_of
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.spec import CollectionSpec
from modeler.results import result_store
from modeler.schema.encoding import fingerprint
from modeler.schema.schema import Schema

REFUSED = 1  # exit code: documents or the server stand against a step, or drift was found


@dataclass(frozen=True, slots=True)
class SpecsRun:
    """A run.

    Attributes:
        command: that writes what is said.
        schema: that the specifications were made from.
        specs: of the collections that were asked for.
        options: as they were parsed.
    """

    command: ModelerCommand
    schema: Schema
    specs: Sequence[CollectionSpec]
    options: dict[str, Any]

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the collections are to be."""
        return targets_of(self.specs)

    @property
    def as_json(self) -> bool:
        return bool(self.options["format"] == "json")

    @property
    def live(self) -> bool:
        """Whether each part is said as soon as it is known."""
        return not self.as_json and self.options["output"] == "-"

    def say(self, text: str) -> None:
        """Write a result as ``--output`` wants it."""
        self.command.put_out(text, self.options["output"])

    def say_now(self, text: str) -> None:
        """Write a part of a result to standard output."""
        self.command.put_out(text, "-")
        self.command.stdout.flush()

    def note(self, text: str) -> None:
        """Say on standard error what is no part of the result."""
        self.command.stderr.write(f"Note: {text}")

    def store(
        self,
        kind: StoredResult.Kind,
        payload: Any,
        looked_at: Sequence[CollectionSpec] | None = None,
    ) -> None:
        """Keep a result for the pages.

        Args:
            kind: of the result.
            payload: what is kept.
            looked_at: of the specifications, those that it speaks of; all if not given.
        """
        names = [spec.name for spec in (self.specs if looked_at is None else looked_at)]
        # As pages have them: made for the version of the settings, not for that of the server.
        specs = chosen_specs(self.schema, names) if names else ()
        result_store(
            kind=kind,
            subject=" ".join(self.options["names"]),
            command=self.command.command_line(),
            fingerprint=fingerprint(self.schema),
            payload=payload,
            specifications=fingerprints(specs),
        )
        self.command.stderr.write("Stored for the pages.")
