"""What homes are found on, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modeler.mongo.design.inputs import Inputs
from modeler.mongo.design.judgement import Judgement
from modeler.mongo.design.measures import RelationMeasures, TableMeasures
from modeler.mongo.design.row_bytes import RowBytes
from modeler.mongo.design.stored import Stored
from modeler.mongo.design.verdict import Verdict
from modeler.mongo.design.weights import Weights
from modeler.schema.relation import Relation


@dataclass(slots=True)
class Homes:
    """Of one pass.

    Attributes:
        of: for each table that is embedded, the relation by which it is.
        inputs, judgements: by relation, as they were decided.
        bytes: of a table's document with all that lies in it.
    """

    of: dict[str, Relation] = field(default_factory=dict)
    inputs: dict[str, Inputs] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    bytes: dict[str, RowBytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What homes are found on.

    Attributes:
        stored: the schema.
        declared: inputs by relation, without what was measured.
        tables, relations: measures by key.
        weights: the numbers.
        forced: what a person or the code says, by relation; it goes before points.
        fixed: relations that cannot embed beside what is declared in code, with why.
        in_code: relations of ``forced`` that the code declares.
        together: tables whose columns one compound index needs.
    """

    stored: Stored
    declared: Mapping[str, Inputs]
    tables: Mapping[str, TableMeasures]
    relations: Mapping[str, RelationMeasures]
    weights: Weights
    forced: Mapping[str, Verdict] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    in_code: frozenset[str] = frozenset()
    together: tuple[frozenset[str], ...] = ()


def possible(verdict: Verdict, inputs: Inputs, *, in_code: bool = False) -> bool:
    """Tell whether a document can hold what was decided, wise or not."""
    if in_code:
        return True
    match verdict:
        case Verdict.EMBED_ONE:
            return inputs.one_to_one and not inputs.impossible and not inputs.self_reference
        case Verdict.EMBED_ARRAY:
            return not inputs.impossible and not inputs.self_reference
        case Verdict.IDS:
            return inputs.junction and not inputs.impossible
        case Verdict.PATH:
            return inputs.self_reference and not inputs.one_to_one
        case Verdict.SUBSET | Verdict.OUTLIER | Verdict.BUCKET | Verdict.COMPUTED:
            return not inputs.self_reference and not inputs.impossible and not inputs.one_to_one
        case Verdict.COPY:
            return inputs.copyable
        case _:
            return True


def above(stored: Stored, of: Mapping[str, Relation], key: str) -> list[str]:
    """Return the tables in whose documents a table lies, the nearest first."""
    found: list[str] = []
    while key in of:
        key = stored.parent(of[key]).key
        if key in found:
            break  # of two passes together
        found.append(key)
    return found


def root_of(stored: Stored, of: Mapping[str, Relation], key: str) -> str:
    return [key, *above(stored, of, key)][-1]
