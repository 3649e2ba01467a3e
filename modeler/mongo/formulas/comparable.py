"""Values that are equal in MongoDB exactly where they are equal in PostgreSQL."""

from __future__ import annotations

from modeler.mongo.filters import NotCarried
from modeler.mongo.formulas.types import Typed
from modeler.mongo.types import field_spec
from modeler.schema.column import Column
from modeler.schema.expression import Cast, Expression, Function

# Elements that are the same where their texts are.
SAME_AS_TEXT = frozenset({
    "smallint", "integer", "bigint", "boolean", "uuid", "text", "character varying",
})  # fmt: skip


def comparable(expression: Expression, value: Typed) -> Expression:
    """Return an expression whose values MongoDB finds equal where PostgreSQL does.

    Raises:
        NotCarried: there is none.
    """
    kind = value.type
    base = kind.partition("(")[0]
    if base == "numeric" and field_spec(Column("", kind)).types == ("string",):
        # Kept as text: 1.0 and 1.00 are one number, and two texts.
        return Function("trim_scale", (expression,))
    if base.rpartition(".")[2] == "citext":
        return Function("lower", (Cast(expression, "text"),))
    if kind.endswith("[]"):
        if base.removesuffix("[]") in SAME_AS_TEXT:
            return Cast(expression, "text")
        raise NotCarried("MongoDB compares the elements of arrays, not arrays")
    if base in ("json", "jsonb", "xml", "tsvector"):
        raise NotCarried(f"values of {base} are the same by other rules in MongoDB")
    return expression
