"""Specifications as text, JSON, a script or a module; nothing is spoken to."""

from __future__ import annotations

from modeler.diagrams.outdated import text_changes
from modeler.management.specs.run import SpecsRun
from modeler.mongo.encoding import to_json
from modeler.mongo.mongosh import to_mongosh
from modeler.mongo.service.module import to_pymongo
from modeler.mongo.shard_keys import shard_advice
from modeler.mongo.text import to_text


def write(run: SpecsRun) -> None:
    """Write the specifications, or compare a file with them."""
    text = _written(run)
    if not run.options["check"]:
        run.say(text)
        return
    run.command.check_file(
        text,
        run.options["check"],
        lambda committed: text_changes(committed.decode("utf-8", "replace"), text),
    )


def _written(run: SpecsRun) -> str:
    format, schema, specs = run.options["format"], run.schema, run.specs
    if format == "json":
        return to_json(specs)
    if format == "mongosh":
        advice = [shard_advice(spec, schema.table(spec.table)) for spec in specs]
        return to_mongosh(specs, advice)
    if format == "pymongo":
        return to_pymongo(schema, specs)
    return to_text(specs)
