"""Who refers to a child from elsewhere than the document that would hold it."""

from __future__ import annotations

from modeler.mongo.design.facts import LOGS
from modeler.mongo.design.ground import Ground, Homes, above, root_of
from modeler.mongo.design.keys import is_same_row
from modeler.mongo.design.points import CASCADING
from modeler.mongo.design.stored import Stored
from modeler.mongo.design.verdict import Verdict
from modeler.schema.relation import Relation
from modeler.schema.table import TableKind


def referrers(
    ground: Ground, homes: Homes, relation: Relation, before: dict[str, Relation]
) -> int:
    """Count the tables that refer to the child from other documents than its own would be.

    Not counted: what lies in the same document, or may (its points ask); and what the parent
    takes with it when it goes, itself or what holds it: parts of one whole refer to each other.
    """
    stored = ground.stored
    child, parent = stored.child(relation), stored.parent(relation)
    if is_same_row(child, relation):
        return 0
    known = before | homes.of
    root = root_of(stored, known, parent.key)
    found = set()
    for other in stored.leading_to.get(child.key, ()):
        owner = stored.tables[other.owner]
        # A record of changes follows every table, and no other key says where a row lies.
        if owner.kind is TableKind.HISTORY or owner.key in LOGS:
            continue
        if owner.key in (child.key, parent.key):
            continue
        if owner.key in known and child.key in above(stored, known, owner.key):
            continue
        if root_of(stored, known, owner.key) == root:
            continue
        said = homes.judgements.get(other.key)
        if said is not None and (said.verdict.embeds or said.verdict is Verdict.ASK):
            continue
        holders = (owner.key, *above(stored, known, owner.key)[:1])
        if any(_belongs(stored, holder, parent.key) for holder in holders):
            continue
        found.add(owner.key)
    return len(found)


def _belongs(stored: Stored, key: str, parent: str) -> bool:
    """Tell whether a table's rows always have that parent, and go with it."""
    return any(
        relation.owner == key
        and relation.on_delete in CASCADING
        and not any(stored.tables[key].column(name).null for name in relation.columns)
        for relation in stored.leading_to.get(parent, ())
    )
