"""The repository of a collection: a class with what fits its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modeler.mongo.service.conventions import soft_deleted, version_field
from modeler.mongo.service.layout import Raw, comment, docstring, laid_out
from modeler.mongo.service.list_view import list_view
from modeler.mongo.service.names import Names, function_name
from modeler.mongo.service.natural_order import natural_order
from modeler.mongo.service.references import ReferenceSpec, references
from modeler.mongo.service.typed import TypedDocument
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema

FORWARDED = """\
    def {method}(
        self,
        key: {key},
        *,
        full_document: str = "updateLookup",
        resume_token: Mapping[str, Any] | None = None,
    ) -> Watch[{document}]:
{said}
        return {repository}(self.database).watch(
            full_document=full_document,
            resume_token=resume_token,
            where={where},
        )"""


@dataclass(frozen=True, slots=True)
class Written:
    """Names of one collection in the module.

    Attributes:
        spec: of the collection.
        types: of its documents.
        definition: name of the constant.
        repository: name of the class.
    """

    spec: CollectionSpec
    types: TypedDocument
    definition: str
    repository: str


def repository(schema: Schema, one: Written, others: Mapping[str, Written]) -> str:
    """Return the class of a collection.

    Args:
        schema: that the specifications were made from.
        one: the collection.
        others: all of the module, by name of the collection.
    """
    spec, specs = one.spec, [other.spec for other in others.values()]
    table = schema.table(spec.table)
    order = natural_order(spec, table)
    deleted = soft_deleted(spec)
    arguments = f"[{one.types.name}, {one.types.key}]"
    bases = ["SoftDeleting"] if deleted else []
    bases += ["Searching"] if any("text" in dict(i.keys).values() for i in spec.indexes) else []
    based = ", ".join(base + arguments for base in bases or ["Repository"])
    head = f"class {one.repository}({based}):"
    if len(head) > 88:
        listed = "\n".join(f"    {base}{arguments}," for base in bases or ["Repository"])
        head = f"class {one.repository}(\n{listed}\n):"
    label = table.label_plural or spec.name
    lines = [head, docstring(f"{label[:1].upper()}{label[1:]}: the collection {spec.name}", 4), ""]
    lines.append(f"    definition = {one.definition}")
    lines.append(_assigned("order", order))
    if version := version_field(spec):
        lines.append(_assigned("version_field", version))
    if deleted:
        lines.append(_assigned("deleted_field", deleted[0]))
        if not deleted[1]:
            lines.append("    deleted_is_moment = False")
    shown = list_view(schema, spec, specs, order)
    if shown is not None:
        if shown.left_out:
            names = ", ".join(shown.left_out)
            lines.append(comment(f"Of the list in admin, left out: {names}.", 4))
        lines.append(_assigned("list_view", shown.written()))
    referring = references(schema, spec, specs)
    if referring:
        lines.append(_assigned("references", tuple(ref.written() for ref in referring)))
    methods = _watches(schema, one, others)
    return "\n\n".join(["\n".join(lines), *methods])


def _watches(schema: Schema, one: Written, others: Mapping[str, Written]) -> list[str]:
    """Return methods that watch what refers to a document of this collection."""
    specs = [other.spec for other in others.values()]
    referring: list[tuple[Written, list[ReferenceSpec]]] = []
    for other in others.values():
        here = [
            ref
            for ref in references(schema, other.spec, specs)
            if ref.collection == one.spec.name and ref.target == "_id"
        ]
        if here:
            referring.append((other, here))
    names = Names(("watch",))
    return [
        _watch(one, other, ref, names, alone=len(here) == 1)
        for other, here in referring
        for ref in here
    ]


def _watch(one: Written, other: Written, ref: ReferenceSpec, names: Names, *, alone: bool) -> str:
    plain = f"watch_{function_name(other.spec.name)}"
    by = f"watch_{function_name(f'{other.spec.name} by {ref.name}')}"
    return FORWARDED.format(
        method=names.take(*([plain] if alone else []), by),
        key=one.types.key,
        document=other.types.name,
        said=docstring(f"Return changes in {other.spec.name} whose {ref.path} is this key", 8),
        repository=other.repository,
        where=laid_out({ref.path: Raw("key")}, 12, len("where="), 1),
    )


def _assigned(name: str, value: object) -> str:
    lead = f"    {name} = "
    return lead + laid_out(value, 4, len(lead) - 4)


def repositories(schema: Schema, written: Sequence[Written]) -> list[str]:
    """Return the classes of all collections."""
    others = {one.spec.name: one for one in written}
    return [repository(schema, one, others) for one in written]
