"""Indexes over what no field of a document holds, rewritten to fields that hold it.

MongoDB's indexes are over fields, and a partial filter compares fields with constants. Where an
index of PostgreSQL says more, the document gets a field for it, whose value PostgreSQL itself
computes in the query that reads the row: of an expression its value, of a condition true, false
or null. Sources: PostgreSQL manual, 11.7 and 11.8; MongoDB manual, "Partial Indexes".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from modeler.mongo.field import FieldSpec
from modeler.mongo.filters import NotCarried, partial_filter
from modeler.mongo.formulas.comparable import comparable
from modeler.mongo.formulas.failing import may_fail
from modeler.mongo.formulas.formula import Formula
from modeler.mongo.formulas.names import formula_name
from modeler.mongo.formulas.types import Typed, typed
from modeler.mongo.types import field_spec
from modeler.schema.column import Column
from modeler.schema.expression import (
    Case,
    Cast,
    ColumnRef,
    Expression,
    Function,
    Opaque,
    Operation,
    When,
    columns_of,
    walk,
)
from modeler.schema.index import Index, IndexPart
from modeler.schema.sql_text import sql_text
from modeler.schema.table import Table

# Collations by which texts have the order of their bytes, as in MongoDB.
BYTEWISE = frozenset({"C", "POSIX", "ucs_basic", "C.UTF-8"})
KEYED = frozenset({"btree", "brin", "hash"})
PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
ORDERED = frozenset({"<", "<=", ">", ">="})
BY_SERVICE = "it needs a field that PostgreSQL computes, and a service writes these documents"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An index as MongoDB can have it.

    Attributes:
        index: over columns, and over fields that are called like columns.
        fields: those that documents get for it.
        known: what its parts and its condition may name beside the columns, by that name.
    """

    index: Index
    fields: tuple[FieldSpec, ...] = ()
    known: tuple[tuple[str, FieldSpec], ...] = ()

    @property
    def note(self) -> str:
        """What a reader of the index should know, ``""`` where nothing was rewritten."""
        return "; ".join(
            f"{one.name} is {one.formula.sql}, computed by PostgreSQL"
            for one in self.fields
            if one.formula is not None
        )


class Rewriting:
    """Rewrites the indexes of one table.

    Args:
        table: that has them.
        fields: of a row in the document, by column.
        taken: names that no further field may have.
        refused: why documents can have no such fields, ``""`` where they can.
    """

    def __init__(
        self,
        table: Table,
        fields: Mapping[str, FieldSpec],
        taken: Iterable[str] = (),
        *,
        refused: str = "",
    ) -> None:
        self.fields = fields
        self.columns = {column.name: column for column in table.columns}
        self.taken = {*self.columns, *taken, *(field.name for field in fields.values())}
        self.refused = refused
        self._made: dict[Expression, FieldSpec] = {}
        self._types: dict[str, Column] = {}

    def rewrite(self, index: Index) -> Rewritten:
        """Return an index over fields alone; those of GIN and its kin stay as they are.

        Raises:
            NotCarried: it needs a field that documents cannot have.
        """
        known: dict[str, FieldSpec] = {}
        parts = index.parts
        if index.method in KEYED and not self._is_folded(index):
            parts = tuple(self._part(part, index, known) for part in parts)
        # A hash serves lookups alone, which an index over all documents does as well.
        hashed = index.method == "hash"
        condition = index.condition if hashed else self._condition(index.condition, known)
        made = tuple(one for one in known.values() if one.formula is not None)
        changed = replace(index, parts=parts, condition=condition)
        return Rewritten(changed, made, tuple(known.items()))

    def columns_with(self, rewritten: Rewritten) -> dict[str, Column]:
        """Return the table's columns, and the rewritten index's fields as if they were such."""
        own = {one.name: self._types[one.name] for one in rewritten.fields}
        return {**self.columns, **own}

    def _part(self, part: IndexPart, index: Index, known: dict[str, FieldSpec]) -> IndexPart:
        expression, unique = part.expression, index.unique
        if expression is None:
            same = self._told_apart(part.column) if unique else None
            return part if same is None else self._over(part, same, known)
        if isinstance(expression, ColumnRef):
            if not expression.path:
                return replace(part, column=expression.column, expression=None)
            if unique:
                raise NotCarried("values of JSON are the same by other rules in MongoDB")
            if (path := self._path(expression)) is not None:
                known[path.name] = path
                return replace(part, column=path.name, expression=None)
        if unique:
            expression = comparable(expression, self._typed(expression, part.type))
        if index.condition is not None and may_fail(expression):
            # PostgreSQL computes it for the rows of the index alone.
            expression = Case((When(index.condition, expression),))
        return self._over(part, expression, known)

    def _over(
        self, part: IndexPart, expression: Expression, known: dict[str, FieldSpec]
    ) -> IndexPart:
        field = self._field(expression, part.type)
        known[field.name] = field
        return replace(part, column=field.name, expression=None, collation="")

    def _told_apart(self, column: str) -> Expression | None:
        """Return what unique values of a column are compared by where its field is not enough."""
        field = self.fields.get(column)
        if field is None or not field.stored:
            return None  # which is said of the column itself
        held = ColumnRef(column)
        compared = comparable(held, Typed(self.columns[column].database_type))
        if compared is held or (self.refused and field.types != ("array",)):
            return None
        return compared

    def _path(self, reference: ColumnRef) -> FieldSpec | None:
        """Return the field below a JSON column, None where a path could mean something else."""
        field = self.fields.get(reference.column)
        if field is None or not field.stored or field.types:
            return None
        if not all(PLAIN_KEY.match(key) for key in reference.path):
            return None
        return FieldSpec(".".join((field.name, *reference.path)), "", (), null=True)

    def _is_folded(self, index: Index) -> bool:
        """Tell whether a collation says all that the index does: it serves queries alone."""
        if index.unique and not self.refused:
            return False
        plain = [part for part in index.parts if part.expression is None]
        others = [part.expression for part in index.parts if part.expression is not None]
        return (
            bool(others)
            and all(
                isinstance(one, Function)
                and one.name in ("lower", "upper")
                and isinstance(one.arguments[0], ColumnRef)
                and not one.arguments[0].path
                for one in others
            )
            and not any(
                part.column in self.fields and self.fields[part.column].types == ("string",)
                for part in plain
            )
        )

    def _condition(
        self, condition: Expression | None, known: dict[str, FieldSpec]
    ) -> Expression | None:
        """Return a condition that a partial filter can say.

        Of several that all must hold, those that MongoDB can say stay: queries name them too.
        """
        if condition is None:
            return None
        parts = (
            condition.operands
            if isinstance(condition, Operation) and condition.operator == "and"
            else (condition,)
        )
        said = [part for part in parts if self._is_said(part)]
        if len(said) == len(parts):
            return condition
        if any(map(may_fail, parts)):
            said = []  # those before may keep the others from failing
        rest = [part for part in parts if part not in said]
        field = self._field(rest[0] if len(rest) == 1 else Operation("and", tuple(rest)))
        known[field.name] = field
        held = ColumnRef(field.name)
        return Operation("and", (*said, held)) if said else held

    def _is_said(self, condition: Expression) -> bool:
        """Tell whether a partial filter says the same of every row."""
        try:
            partial_filter(condition, self.fields)
        except NotCarried:
            return False
        return not any(self._is_ordered_otherwise(part) for part in walk(condition))

    def _is_ordered_otherwise(self, part: Expression) -> bool:
        """Texts have the order of the database's collation; NaN is above all numbers."""
        if not isinstance(part, Operation) or part.operator not in ORDERED:
            return False
        for name in columns_of(part):
            field = self.fields[name]
            if field.types[:1] == ("double",):
                return True
            if field.types == ("string",) and self.columns[name].collation not in BYTEWISE:
                return True
        return False

    def _typed(self, expression: Expression, declared: str = "") -> Typed:
        """Return its type; the one that an index declares where it does not follow from within."""
        for part in walk(expression):
            if isinstance(part, Opaque):
                raise NotCarried(part.reason or "a part of it was not read")
        for name in columns_of(expression):
            field = self.fields.get(name)
            if field is None or not field.stored:
                raise NotCarried(f"the document does not hold the column {name}")
        try:
            return typed(expression, self.columns)
        except NotCarried:
            match expression:
                case Cast(type=kind):
                    return Typed(kind, null=True)
                case Function(name="lower"):
                    return Typed("text", null=True)
            if not declared:
                raise
            return Typed(declared, null=True)

    def _field(self, expression: Expression, declared: str = "") -> FieldSpec:
        if self.refused:
            raise NotCarried(self.refused)
        if (made := self._made.get(expression)) is not None:
            return made
        value = self._typed(expression, declared)
        name = formula_name(expression, self.taken)
        self.taken.add(name)
        element = Column("", value.type.removesuffix("[]")) if value.type.endswith("[]") else None
        column = Column(name, value.type, null=value.null, element=element)
        formula = Formula(sql_text(expression), value.type, columns_of(expression))
        made = field_spec(column)
        note = f"{formula.sql}, computed by PostgreSQL"
        made = replace(made, column="", formula=formula, note="").noted(
            [note, *([made.note] if made.note else [])]
        )
        self._made[expression] = made
        self._types[name] = column
        return made
