"""What the declaration of each relation says, as inputs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modeler.mongo.design.copied import copied_columns
from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.junctions import declares, junction_sides
from modeler.mongo.design.keys import in_key, is_one
from modeler.mongo.design.moments import made_at
from modeler.mongo.design.points import EMPTYING
from modeler.mongo.design.stored import Stored
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.table import Table, TableKind

# Rows that Django makes anew in every database: neither their keys nor their text may be part
# of documents, and what hangs on them is theirs.
DJANGO_S_OWN = frozenset(
    {"contenttypes.ContentType", "auth.Permission", "sessions.Session", "sites.Site"}
)
# Records of what happened, kept beside what they speak of: they grow for ever.
LOGS = frozenset({"admin.LogEntry"})
# How a reference to the row above is called.
UPWARDS = re.compile(r"parent|super|above|manager|reports_?to|belongs_?to|part_?of", re.IGNORECASE)
COUNTING = ("count", "number", "num", "total", "nb", "amount")


@dataclass(frozen=True, slots=True)
class Workload:
    """What a project says of one relation's workload: 0 to 3 each."""

    read_together: int = 0
    written_alone: int = 0


def declared_inputs(
    stored: Stored,
    relation: Relation,
    pages: Collection[str] = (),
    workload: Mapping[str, Workload] | None = None,
) -> Inputs:
    """Return the inputs that need no database; who lies in whom is not known yet.

    Args:
        stored: the schema.
        relation: one of its relations.
        pages: keys of tables whose models have ``get_absolute_url``.
        workload: by key of the relation.
    """
    child, parent = stored.child(relation), stored.parent(relation)
    models, of_parent = stored.models_at(child), stored.models_at(parent)
    asked = (workload or {}).get(relation.key, Workload())
    to_itself = child.key == parent.key
    once = 1.0 if is_one(child, relation) else None
    return Inputs(
        one_to_one=is_one(child, relation),
        in_key=in_key(child, relation),
        inline=any(
            models.intersection(facts.inlines)
            for table in stored.schema.tables
            if table.key in of_parent
            for facts in table.admin
        ),
        on_delete=relation.on_delete,
        null=any(child.column(name).null for name in relation.columns),
        enforced=relation.enforced,
        named_after=_named_after(child, parent),
        other_keys=len(
            {r.key for r in stored.relations if r.owner == child.key} - {relation.key}
        ),
        own_admin=any(t.admin for t in stored.schema.tables if t.key in models),
        own_page=bool(models.intersection(pages)),
        counted=counted_as(parent, relation, child) != "",
        timed=made_at(child) is not None,
        junction=junction_sides(stored, child) is not None and not to_itself,
        preferred=declares(stored, relation, child),
        self_reference=to_itself,
        tree=to_itself and _leads_up(stored, child, relation),
        barred=_barred(child, parent),
        generic=_generic(child),
        impossible=_apart(child, parent),
        copyable=_copyable(child, parent),
        sole=not to_itself and _is_sole(stored, child, parent),
        p50=once, p95=once, p99=once, maximum=once, mean=once,
        read_together=asked.read_together,
        written_alone=asked.written_alone,
    )  # fmt: skip


def _is_sole(stored: Stored, child: Table, parent: Table) -> bool:
    return all(
        stored.child(one).key == child.key or stored.child(one).kind is TableKind.HISTORY
        for one in stored.leading_to.get(parent.key, ())
    )


def _generic(child: Table) -> bool:
    may_lack = {column.name for column in child.columns if column.null}
    return any(
        one.kind is RelationKind.GENERIC and not may_lack.intersection(one.columns)
        for one in child.relations
    )


def _copyable(child: Table, parent: Table) -> bool:
    return (
        not ({child.key, parent.key} & DJANGO_S_OWN)
        and TableKind.HISTORY not in (child.kind, parent.kind)
        and not _apart(child, parent)
        and bool(copied_columns(parent))
    )


def _apart(child: Table, parent: Table) -> bool:
    near, far = child.location, parent.location
    return near is not None and far is not None and near.alias != far.alias


def _named_after(child: Table, parent: Table) -> bool:
    near, far = (table.name.casefold().replace("_", "") for table in (child, parent))
    # An app is often called like the thing that all its tables are parts of: order.Line.
    same_app = child.app == parent.app == far
    return near != far and bool(far) and (near.startswith(far) or same_app)


def _barred(child: Table, parent: Table) -> str:
    if _apart(child, parent):
        return "the two tables lie in different databases, which no snapshot reads together"
    if child.kind is TableKind.HISTORY or child.key in LOGS:
        return "the child is a record of what happened, which grows for ever"
    if parent.kind is TableKind.HISTORY:
        return "the parent is a record of what happened, one row a change"
    for table in (child, parent):
        if table.key in DJANGO_S_OWN:
            return f"{table.key} is Django's own: its rows and keys are made anew in each database"
    if TableKind.VIEW in (child.kind, parent.kind):
        return "a view has no rows of its own"
    if child.partition or parent.partition:
        return "a partition is a part of its table"
    return ""


def _leads_up(stored: Stored, table: Table, relation: Relation) -> bool:
    """Tell whether a reference to the same table makes a tree that stands by itself.

    A comment that answers another lies in its article: such a tree is not looked things up in.
    """
    if is_one(table, relation) or len(relation.columns) != 1:
        return False
    if relation.on_delete in EMPTYING or not UPWARDS.search(
        f"{relation.field} {relation.columns[0]}"
    ):
        return False  # alias of, replaced by: no tree
    others = [r for r in stored.relations if r.owner == table.key and r.key != relation.key]
    owned = any(
        stored.parent(r).key != table.key
        and r.on_delete in ("CASCADE", "DB_CASCADE")
        and r.kind is not RelationKind.PARENT_LINK
        and not any(table.column(name).null for name in r.columns)
        for r in others
    )
    several = [r for r in others if stored.parent(r).key == table.key]
    return not owned and (not several or "parent" in relation.field)


def counted_as(parent: Table, relation: Relation, child: Table) -> str:
    """Return the name under which the parent's admin list counts the children, ``""`` if none."""
    singular = child.name.casefold().replace("_", "")
    plural = child.label_plural.casefold().replace(" ", "")
    whose = {name.replace("_", "") for name in (relation.accessor.casefold(), singular, plural)}
    for facts in parent.admin:
        for name in facts.list_display:
            words = name.casefold().split("_")
            rest = [word for word in words if word not in (*COUNTING, "of")]
            if len(rest) < len(words) and "".join(rest).rstrip("s") in {
                one.rstrip("s") for one in whose if one
            }:
                return name
    return ""
