"""What rows say of specifications: before, as a proof, and as samples. Nothing is written."""

from __future__ import annotations

import json

from django.core.management.base import CommandError
from django.db import connections

from modeler.management.specs.run import REFUSED, SpecsRun
from modeler.models import StoredResult
from modeler.mongo.preflight.run import preflight as look_at_rows
from modeler.mongo.preflight.run import probes, probes_of_rows
from modeler.mongo.preflight.text import to_json as preflight_json
from modeler.mongo.preflight.text import to_text as preflight_text
from modeler.mongo.server import require_pymongo
from modeler.mongo.spec import CollectionSpec
from modeler.postgres.connections import postgres_alias, require_answer
from modeler.reporting.finding import Level


def preflight(run: SpecsRun) -> None:
    """Say what rows hold that MongoDB cannot; errors among it end with 1."""
    alias, seconds = postgres_alias(run.options["alias"]), run.options["seconds"]
    connection = connections[alias]
    require_answer(connection)
    asked = [one for one in probes(run.schema, run.specs) if one.table.alias == alias]
    asked += probes_of_rows(connection, run.schema, run.specs, seconds)
    found = look_at_rows(connection, asked, seconds=seconds, progress=run.command.progress)
    run.command.clear_progress()
    if run.options["store"]:
        looked_at = _of_alias(run, alias)
        run.store(StoredResult.Kind.PREFLIGHT, json.loads(preflight_json(found)), looked_at)
    run.say(preflight_json(found) if run.as_json else preflight_text(found))
    if any(one.level is Level.ERROR for one in found):
        raise CommandError("Rows stand in the way; see above.", returncode=REFUSED)


def prove(run: SpecsRun) -> None:
    """Say which documents would be refused; any ends with 1."""
    require_pymongo()
    from modeler.mongo.proof.processes import prove_collections
    from modeler.mongo.proof.text import to_document, to_text

    alias = postgres_alias(run.options["alias"])
    require_answer(connections[alias])
    keyed = [spec for spec in _of_alias(run, alias) if spec.key]
    found = []
    for one in prove_collections(
        dict(connections[alias].settings_dict), alias, run.schema, keyed,
        workers=run.options["workers"], progress=run.command.progress,
    ):  # fmt: skip
        run.command.clear_progress()
        found.append(one)
        if run.live:
            run.say_now(to_text([one]))
    if not run.live:
        as_json = json.dumps(to_document(found), indent=1) + "\n"
        run.say(as_json if run.as_json else to_text(found))
    if run.options["store"]:
        run.store(StoredResult.Kind.PROOF, to_document(found), keyed)
    if not all(one.holds for one in found):
        raise CommandError("Not every row can be a document; see above.", returncode=REFUSED)


def samples(run: SpecsRun) -> None:
    """Show documents of every collection."""
    require_pymongo()
    from modeler.mongo.mongosh import literal
    from modeler.mongo.samples.reading import samples
    from modeler.mongo.samples.samples import to_document
    from modeler.mongo.samples.text import to_text

    found = to_document(samples(run.schema, run.specs, run.options["samples"]))
    as_json = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if run.options["store"]:
        # As text too: a database may not keep the order of fields.
        written = [
            {**one, "texts": [literal(document) for document in one["documents"]]}
            for one in found["collections"]
        ]
        run.store(StoredResult.Kind.SAMPLES, {**found, "collections": written})
    run.say(as_json if run.as_json else to_text(found))


def _of_alias(run: SpecsRun, alias: str) -> list[CollectionSpec]:
    """Return the specifications whose rows lie in one database."""
    return [
        spec
        for spec in run.specs
        if (place := run.schema.table(spec.table).location) and place.alias == alias
    ]
