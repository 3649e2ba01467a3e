"""Counts mutants, explains differences by the specification's own notes, and says what was hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.spec import CollectionSpec
from tests.modeler.mongo.parity.verdict import Mutant

# What a note must say to explain that a row is taken and its document is not.
NOTES = {
    "no form in BSON": ("have no form", "end at 2^63"),
    "duplicate": ("microseconds are cut off", "collation"),
}


@dataclass(slots=True)
class Tally:
    """What a run of mutants came to.

    Attributes:
        mutants: judged.
        refused: of them, by PostgreSQL.
        formless: rows of values that no document can hold, by the note that told it before; no
            mutants.
        application: taken by both, and refused by rules of the application alone.
        explained: differences, by the note that told them before.
        unexplained: the others.
        otherwise: refused by both, with the check that one of them alone finds broken.
        misjudged: the evaluator and MongoDB do not agree.
        hit: rules of PostgreSQL that refused a row whose document MongoDB refused too.
        wanted: rules that are to be hit, ``path|name``.
    """

    mutants: int = 0
    refused: int = 0
    application: int = 0
    otherwise: list[tuple[Mutant, str]] = field(default_factory=list)
    formless: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[Mutant] = field(default_factory=list)
    misjudged: list[Mutant] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)
    wanted: set[str] = field(default_factory=set)

    def add(
        self, spec: CollectionSpec, mutant: Mutant,
        checks: frozenset[str],
    ) -> None:  # fmt: skip
        """Count a mutant.

        Args:
            spec: of its collection.
            mutant: judged.
            checks: names of the table's checks.
        """
        told = "" if mutant.equal else explanation(spec, mutant)
        if told and mutant.postgres.accepted and mutant.mongo.rules == ("no form in BSON",):
            self.formless[told] += 1  # without a document there is no verdict
            return
        self.mutants += 1
        self.refused += not mutant.postgres.accepted
        self.application += bool(mutant.application)
        if not mutant.postgres.accepted and not mutant.mongo.accepted:
            (rule,) = mutant.postgres.rules
            self.hit[f"{mutant.path}|{rule_name(mutant, rule)}"] += 1
            # A key that another holds is refused under the name of the first unique rule.
            uniques = {one.partition("|")[2] for one in carried(spec)} - checks
            also = uniques if "duplicate key" in mutant.postgres.detail else mutant.broken
            for name in (also - {rule}) & {*mutant.evaluated.rules, *mutant.mongo.rules}:
                self.hit[f"{mutant.path}|{name}"] += 1
            self.otherwise += [(mutant, name) for name in _otherwise(spec, mutant, checks)]
        if not _agree(mutant, spec):
            self.misjudged.append(mutant)
        if mutant.equal:
            return
        if told:
            self.explained[told] += 1
        else:
            self.unexplained.append(mutant)

    @property
    def missed(self) -> list[str]:
        """The rules that nothing has hit, in order."""
        return sorted(self.wanted - set(self.hit))

    @property
    def parity(self) -> float:
        """The share of mutants on which both say the same."""
        return 1 - (sum(self.explained.values()) + len(self.unexplained)) / max(1, self.mutants)


def _otherwise(spec: CollectionSpec, mutant: Mutant, checks: frozenset[str]) -> list[str]:
    """Return the carried checks that one server alone finds broken, where both could tell."""
    if any(rule.endswith("bsonType") or "no form" in rule for rule in mutant.evaluated.rules):
        return []  # an expression passes by what has a wrong type
    if any(value == "NaN" for _, value in mutant.changes) and any(
        rule.endswith("minimum") for rule in mutant.evaluated.rules
    ):
        return []  # refused by its field; how it compares no longer matters
    differ = {finding.subject.rpartition(".")[2] for finding in spec.findings}
    here = {rule.partition("|")[2] for rule in carried(spec) if rule.startswith(f"{mutant.path}|")}
    compared = (here & checks) - differ
    return sorted((set(mutant.evaluated.rules) ^ mutant.broken) & compared)


def rule_name(mutant: Mutant, rule: str) -> str:
    """Return what a rule that refused a mutant is called among those that are carried."""
    # What the type itself refuses names no constraint: the changed column does.
    return rule if not rule[:2].isdigit() else f"{mutant.changes[0][0]} type"


def _agree(mutant: Mutant, spec: CollectionSpec) -> bool:
    if mutant.mongo.accepted or not mutant.evaluated.accepted:
        return mutant.mongo.accepted == mutant.evaluated.accepted
    # No evaluator sees other documents: a unique index alone may refuse what it takes.
    return mutant.mongo.rules == ("no form in BSON",) or bool(
        {index.source for index in spec.indexes if index.unique} & set(mutant.mongo.rules)
    )


def explanation(spec: CollectionSpec, mutant: Mutant) -> str:
    """Return the sentence of the specification that told a difference before; ``""`` if none."""
    if not mutant.postgres.accepted:
        (rule,) = mutant.postgres.rules
        for finding in spec.findings:
            if finding.subject == f"{mutant.table}.{rule}":
                return f"{finding.code} {finding.message}"
            changed = {f"{mutant.table}.{name}" for name, _ in mutant.changes}
            if finding.code == "MS101" and finding.subject in changed:
                return f"{finding.code} {finding.message}"
        for finding in spec.findings:
            table, _, names = finding.subject.rpartition(".")
            keys = set(names.split(", "))
            changed = {name for name, _ in mutant.changes}
            if "duplicate key" in mutant.postgres.detail and _nameless(mutant, finding.subject):
                return f"{finding.code} {finding.message}"
            duplicate = "duplicate key" in mutant.postgres.detail
            if finding.code == "MS204" and duplicate and table == mutant.table and keys & changed:
                return f"{finding.code} {finding.message}"
        if rule[:2].isdigit() and (told := _cannot_compute(spec, mutant)):
            return told
        column, _, _ = rule.partition(" not null")
        field = _field(spec, mutant, column) if rule.endswith(" not null") else None
        if field and "SQL NULL become one null" in field.note:
            return f"note: {field.note}"
        return ""
    for one in spec.findings:
        if one.code == "MS203" and set(mutant.mongo.rules) == {one.subject.rpartition(".")[2]}:
            return f"{one.code} {one.message}"
    notes = [found.note for name, _ in mutant.changes if (found := _field(spec, mutant, name))]
    kinds = ["duplicate" if "E11000" in mutant.mongo.detail else mutant.mongo.rules[0]]
    if "decimal" in str(mutant.mongo.rules) or any(v == "NaN" for _, v in mutant.changes):
        kinds.append("NaN")
    for kind in kinds:
        for words in NOTES.get(kind, (kind,)):
            for note in notes:
                if words in note:
                    return f"note: {note}"
    for index in spec.indexes:
        if index.source in mutant.mongo.rules and index.note:
            return f"note of {index.source}: {index.note}"
    return ""


def _cannot_compute(spec: CollectionSpec, mutant: Mutant) -> str:
    """Return what is told of expressions over a changed column, which fail without a name."""
    for finding in spec.findings:
        if finding.code == "MS207" and finding.subject.startswith(f"{mutant.table}."):
            columns = finding.message.partition(" of whose ")[2].partition(" it cannot ")[0]
            if set(columns.split(", ")) & {name for name, _ in mutant.changes}:
                return f"{finding.code} {finding.message}"
    return ""


def _nameless(mutant: Mutant, subject: str) -> bool:
    """Tell whether a finding is of a unique key whose name only the server knows."""
    start = f"{mutant.table}.unique on "
    columns = set(subject.removeprefix(start).split(", "))
    return subject.startswith(start) and bool(columns & {name for name, _ in mutant.changes})


def _field(spec: CollectionSpec, mutant: Mutant, column: str) -> FieldSpec | None:
    fields: Iterable[FieldSpec] = spec.fields
    parts: Iterable[PartSpec] = spec.parts
    for step in filter(None, mutant.path.split(".")):
        (part,) = (one for one in parts if one.field == step)
        fields, parts = part.fields, part.parts
    return next((one for one in fields if one.column == column), None)


def carried(spec: CollectionSpec) -> Iterator[str]:
    """Yield every rule that PostgreSQL names and the collection carries: ``path|name``."""
    for check in spec.checks:
        yield f"|{check.name}"
    yield from (f"|{field.column} not null" for field in spec.fields if _required(field))
    for index in spec.indexes:
        if index.unique:
            yield f"{_path(spec.parts, index.keys[0][0])}|{index.source}"
    for part in _walk(spec.parts):
        path = part.place.path
        yield from (f"{path}|{check.name}" for check in part.checks)
        if part.kind.value in ("array", "one"):
            yield from (
                f"{path}|{field.column} not null" for field in part.fields if _required(field)
            )


def _required(field: FieldSpec) -> bool:
    # Where any value passes, null does too: JSON's, as its note tells.
    stored = field.stored and field.formula is None
    return stored and not field.null and bool(field.types)


def _walk(parts: Iterable[PartSpec]) -> Iterator[PartSpec]:
    for part in parts:
        yield part
        yield from _walk(part.parts)


def _path(parts: Iterable[PartSpec], field: str) -> str:
    paths = [part.place.path for part in _walk(parts) if field.startswith(f"{part.place.path}.")]
    return max(paths, key=len, default="")


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return the sum."""
    total = Tally()
    for one in tallies:
        total = replace(
            total,
            mutants=total.mutants + one.mutants,
            refused=total.refused + one.refused,
            otherwise=[*total.otherwise, *one.otherwise],
            application=total.application + one.application,
            formless=total.formless + one.formless,
            explained=total.explained + one.explained,
            unexplained=[*total.unexplained, *one.unexplained],
            misjudged=[*total.misjudged, *one.misjudged],
            hit=total.hit + one.hit,
        )
    return total
