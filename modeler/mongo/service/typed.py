"""The typed documents of a collection: a TypedDict for the document and for each part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import PartSpec
from modeler.mongo.service.annotations import annotation
from modeler.mongo.service.layout import (
    WIDTH,
    Call,
    Raw,
    Subscript,
    columns,
    comment,
    docstring,
    laid_out,
    sentence,
    text_literal,
)
from modeler.mongo.service.names import RESERVED, Names, class_name, is_plain
from modeler.mongo.spec import CollectionSpec
from modeler.schema.column import Column
from modeler.schema.schema import Schema
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class Member:
    """A key of a document, its type and what is said of it."""

    name: str
    type: Raw | Subscript
    said: str = ""


@dataclass(frozen=True, slots=True)
class TypedDocument:
    """The classes of one collection's documents.

    Attributes:
        name: of the document's class.
        key: type of ``_id``.
        source: of all its classes, those of parts before what holds them.
    """

    name: str
    key: str
    source: str


@dataclass(slots=True)
class DocumentTypes:
    """Writes the classes of one collection.

    Args:
        schema: that the specification was made from.
        names: of the module, in which the classes take theirs.
    """

    schema: Schema
    names: Names
    _made: list[str] = field(default_factory=list)

    def write(self, spec: CollectionSpec, name: str) -> TypedDocument:
        """Return the classes of a collection; ``name`` is the document's, taken before."""
        self._made = []
        table = self.schema.table(spec.table)
        key = self._key(spec, table, name)
        members = [Member("_id", key, self._said(table, spec.key[0]) if self._one(spec) else "")]
        members += self._members(table, spec.fields)
        members += self._parts(name, spec.parts)
        members += [
            Member(one.field.name, annotation(one.field), sentence(one.field.note))
            for one in spec.computed
        ]
        said = table.comment or table.documentation.partition("\n\n")[0] or table.label
        self._class(name, said or f"A document of {spec.name}", members)
        plain_key = "ObjectId" if not spec.key else key.text if isinstance(key, Raw) else "Any"
        return TypedDocument(name, plain_key, "\n\n\n".join(self._made))

    @staticmethod
    def _one(spec: CollectionSpec) -> bool:
        return len(spec.key) == 1

    def _key(self, spec: CollectionSpec, table: Table, name: str) -> Raw | Subscript:
        if not spec.key:
            return Raw("NotRequired[ObjectId]")
        if self._one(spec):
            return annotation(spec.key[0])
        key = self.names.take(f"{name}Key")
        members = [
            Member(one.name.removeprefix("_id."), annotation(one), self._said(table, one))
            for one in spec.key
        ]
        self._class(key, f"The key of {name}, in this order", members)
        return Raw(key)

    def _members(self, table: Table, fields: Iterable[FieldSpec]) -> list[Member]:
        return [
            Member(one.name, annotation(one), self._said(table, one))
            for one in fields
            if one.stored
        ]

    def _parts(self, above: str, parts: Iterable[PartSpec]) -> list[Member]:
        return [self._part(above, part) for part in parts]

    def _part(self, above: str, part: PartSpec) -> Member:
        table = self.schema.table(part.table)
        if part.kind is PartKind.VALUES:
            (value,) = part.fields
            inner = annotation(value)
            if isinstance(inner, Subscript):
                inner = self._alias(f"{above}{class_name(part.field)}", inner)
            return Member(part.field, Subscript("list", (inner,)), sentence(f"from {table.key}"))
        within = f"{above}{class_name(part.field)}"
        own = class_name(table.name)
        rows = part.kind in (PartKind.ARRAY, PartKind.ONE)
        name = self.names.take(*([own] if rows else []), within)
        members = [*self._members(table, part.fields), *self._parts(name, part.parts)]
        described = PART_SAID[part.kind].format(table=table.key, above=above)
        self._class(name, described, members)
        if part.many:
            return Member(part.field, Raw(f"list[{name}]"))
        return Member(part.field, Raw(f"{name} | None" if part.null else name))

    def _class(self, name: str, said: str, members: list[Member]) -> None:
        """Write a class, or a call where a key is no name that a class can have."""
        members = [self._short(name, one) for one in members]
        hiding = {*ANNOTATED, *(self.names.taken - RESERVED)}
        if all(is_plain(one.name) and one.name not in hiding for one in members):
            lines = [f"class {name}(TypedDict):", docstring(said, 4), ""]
            for one in members:
                if one.said:
                    lines.append(comment(one.said, 4))
                lead = f"    {one.name}: "
                lines.append(lead + laid_out(one.type, 4, len(lead) - 4))
            self._made.append("\n".join(lines))
            return
        told = [
            comment(f"{one.name}: {one.said}" if one.said else one.name, 0)
            for one in members
            if one.said
        ]
        # Names of the module inside a call are looked up when it runs: parts come first.
        keys = {one.name: one.type for one in members}
        call = Call("TypedDict", (("", name), ("", keys)))
        head = "\n".join(line for line in [comment(said, 0), *told] if line) or "# A document."
        self._made.append(f"{head}\n{name} = {laid_out(call, 0, len(name) + 3)}")

    def _short(self, name: str, one: Member) -> Member:
        """Give a type a name where it would not fit behind a long key."""
        # Within a call: eight columns in front, a colon, a comma.
        if 8 + columns(text_literal(one.name)) + 2 + columns(laid_out(one.type)) + 1 <= WIDTH:
            return one
        if isinstance(one.type, Subscript) and len(one.type.items) > 1:
            return one  # its items stand below each other
        return replace(one, type=self._alias(f"{name}Field", one.type))

    def _alias(self, wanted: str, value: Raw | Subscript) -> Raw:
        alias = self.names.take(wanted)
        lead = f"{alias} = "
        self._made.append(lead + laid_out(value, 0, len(lead)))
        return Raw(alias)

    def _said(self, table: Table, one: FieldSpec) -> str:
        column = next((c for c in table.columns if c.name == one.column), None)
        words = [described(column)] if column is not None else []
        note = "" if one.note.startswith(OBVIOUS) else one.note
        return " ".join(map(sentence, [*words, note])).strip()


PART_SAID = {
    PartKind.ARRAY: "A row of {table} within {above}",
    PartKind.ONE: "The row of {table} within {above}",
    PartKind.COPY: "What {above} keeps of the row of {table} that it refers to",
    PartKind.PATH: "A step of the path in {above}: a row of {table}",
}
# Types that annotations name, which a key of that name would hide.
ANNOTATED = frozenset(
    "Any Decimal128 Int64 Literal NotRequired ObjectId UUID bool bytes datetime dict float int "
    "list str".split()
)
# Notes on how values are written, where the Python type says it.
OBVIOUS = (
    "write as binary subtype",
    "milliseconds in UTC",
    "write as 64 bits",
    "write as Decimal128",
    "write as a double",
)


def described(column: Column) -> str:
    """Return what people say of a column: its comment, its help text, else its label."""
    if said := column.comment or column.help_text:
        return said
    same = column.label.replace(" ", "_").lower() in (column.name, column.field)
    return "" if same else column.label[:1].upper() + column.label[1:]
