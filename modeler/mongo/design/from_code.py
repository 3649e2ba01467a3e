"""What collections declared in code say of each relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.design.stored import Stored
from modeler.mongo.design.verdict import Verdict

VERDICTS = {
    PartKind.ARRAY: Verdict.EMBED_ARRAY,
    PartKind.ONE: Verdict.EMBED_ONE,
    PartKind.VALUES: Verdict.IDS,
    PartKind.COPY: Verdict.COPY,
    PartKind.PATH: Verdict.PATH,
}


@dataclass(frozen=True, slots=True)
class FromCode:
    """Declared collections, read.

    Attributes:
        aggregates: as they were declared.
        roots: keys of their tables.
        verdicts: by relation: what is declared.
        fixed: by relation that they do not name: why it cannot embed.
    """

    aggregates: tuple[Aggregate, ...] = ()
    roots: frozenset[str] = frozenset()
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)

    def covers(self, key: str, stored: Stored) -> bool:
        """Tell whether a table is a root here, or lies in one."""
        return key in self.roots or any(
            verdict.embeds and relation.rpartition(".")[0] == key
            for relation, verdict in self.verdicts.items()
        )


def from_code(stored: Stored, aggregates: Iterable[Aggregate]) -> FromCode:
    """Read what is declared.

    Args:
        stored: the schema.
        aggregates: they are taken as they are; a table may lie in several.
    """
    aggregates = tuple(aggregates)
    roots = frozenset(aggregate.table for aggregate in aggregates)
    verdicts: dict[str, Verdict] = {}
    inside: dict[str, str] = {aggregate.table: aggregate.table for aggregate in aggregates}
    owners = {relation.key: relation.owner for relation in stored.relations}
    for aggregate in aggregates:
        for _, part in aggregate.walk():
            verdict = _verdict(part)
            if verdict.embeds and part.relation in owners:
                inside.setdefault(owners[part.relation], aggregate.table)
            # Where one shape embeds and another copies, the place of the rows is what counts.
            if part.relation not in verdicts or verdict.embeds:
                verdicts[part.relation] = verdict
    for aggregate in aggregates:
        for computed in aggregate.computed:
            verdicts.setdefault(computed.relation, Verdict.COMPUTED)
    fixed = {}
    for relation in stored.relations:
        if relation.key in verdicts and verdicts[relation.key].embeds:
            continue
        parent = stored.parent(relation).key
        if relation.owner in roots:
            fixed[relation.key] = f"{relation.owner} is declared as a collection in code"
        elif parent in inside:
            text = f"the collection of {inside[parent]} is declared in code, without it"
            fixed[relation.key] = text
    return FromCode(aggregates, roots, verdicts, fixed)


def _verdict(part: Part) -> Verdict:
    if part.kind is PartKind.ARRAY and part.first is not None:
        return Verdict.SUBSET
    return VERDICTS[part.kind]
