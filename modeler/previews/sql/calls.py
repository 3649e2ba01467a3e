"""Names of the functions that a data statement calls.

Source: PostgreSQL manual, sections 4.1 and 4.2 (a call is a name before a bracket).
"""

from __future__ import annotations

from collections.abc import Sequence

from modeler.schema.sql_tokens import Token

# Words before a bracket that call nothing.
NO_CALLS = frozenset(
    "all and any array as asc between by case cast conflict cube desc distinct else end except "
    "exists filter from full group grouping having ilike in inner insert intersect into is isnull "
    "join key lateral left like limit materialized natural not notnull offset on only or order "
    "over partition recursive returning right rollup row rows select set sets similar some "
    "symmetric table then to union unique update using values when where window with "
    "within".split()
)
# Words behind which an operand stands: a name there, before a bracket, is called.
BEFORE_OPERANDS = frozenset(
    "all and any between by case distinct do else except for from having ilike in intersect is "
    "join lateral like limit not offset on or over range returning rows select similar some "
    "symmetric then to union using values when where escape collate preceding first next only "
    "array filter zone".split()
)


def called_functions(found: Sequence[Token]) -> tuple[str, ...]:
    """Return the names in order, each once, in lower case and with their schema if written.

    Args:
        found: tokens of a data statement. Lists of columns, aliases with columns, names of types
            and of common table expressions are no calls.
    """
    names: dict[str, None] = {}
    for place in range(1, len(found)):
        token = found[place]
        if token.text != "(" or token.kind != "mark":
            continue
        end = place
        start = _start_of_name(found, end)
        if start == end:
            continue
        name = found[end - 1]
        if start == end - 1 and name.kind == "name" and name.text in NO_CALLS:
            continue
        if start == 0 or _operand_may_follow(found[start - 1]):
            names[".".join(part.text for part in found[start:end:2]).lower()] = None
    return tuple(names)


def _start_of_name(found: Sequence[Token], end: int) -> int:
    """Return where the name that ends before ``end`` starts; ``end`` where there is none."""
    start = end
    while start and found[start - 1].kind in {"name", "quoted"}:
        start -= 1
        if start < 1 or found[start - 1].kind != "mark" or found[start - 1].text != ".":
            return start
        start -= 1
    return end


def _operand_may_follow(token: Token) -> bool:
    match token.kind:
        case "operator":
            return True
        case "mark":
            return token.text in {"(", ",", "[", ":"}
        case "name":
            return token.text in BEFORE_OPERANDS
    return False
