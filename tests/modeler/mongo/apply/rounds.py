"""Plans and applies on a real database, as the command makes them."""

from __future__ import annotations

from modeler.mongo.apply.plan import plan
from modeler.mongo.apply.run import apply
from modeler.mongo.drift.collection import collection_drift
from modeler.mongo.drift.reader import read_collections
from modeler.mongo.server_facts import read_facts
from modeler.mongo.state import read_state


def planned(targets, database, **options):
    names = [target.name for target in targets]
    facts = read_facts(database.client, database.name)
    live = read_collections(database, names, facts)
    return plan(targets, live, read_state(database, names), facts, **options)


def applied(targets, database, **options):
    return list(apply(planned(targets, database, **options), database))


def drift(targets, database):
    facts = read_facts(database.client, database.name)
    live = read_collections(database, [target.name for target in targets], facts)
    return [f for t in targets for f in collection_drift(t, live.get(t.name))]
