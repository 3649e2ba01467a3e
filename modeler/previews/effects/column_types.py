"""Whether a change of a column's type rewrites the table.

The server strips what only relabels a value from the conversion, and rewrites if anything is
left. Source: ``ATColumnChangeRequiresRewrite`` (commands/tablecmds.c) and the support functions
of length coercions (varchar, varbit, numeric, timestamps, times, intervals).
"""

from __future__ import annotations

import re

from modeler.previews.effects.catalog import Catalog, Column, Type
from modeler.previews.sql.actions import AlterType

# Of a type without modifiers the server makes no length coercion at all.
MOST_DIGITS = 6
TEMPORAL = frozenset({"timestamp", "timestamptz", "time", "timetz"})
LENGTH_WORDS = frozenset({"varchar", "varbit"})
# Each field of an interval's type keeps what the ones before it keep, and more.
INTERVAL_ORDER = ("year", "month", "day", "hour", "minute", "second")
CASTS = re.compile(
    r"""^(?:cast\s*\(\s*(?P<one>"?[^"\s()]+"?)\s+as\s+(?P<type>[^()]+(?:\([^()]*\))?[^()]*)\)
         |(?P<two>"?[^"\s():]+"?)(?P<casts>(?:\s*::\s*[^:()]+(?:\([^()]*\))?[^:()]*)*))$""",
    re.VERBOSE | re.IGNORECASE,
)


def rewrite_reason(catalog: Catalog, column: Column, action: AlterType, target: Type) -> str:
    """Return why the table is rewritten, ``""`` where it is not."""
    if column.generated == "virtual":
        return ""
    steps = _casts(catalog, column, action.using) if action.using else []
    if steps is None:
        return "USING computes each value anew"
    current = column.type
    for step in (*steps, target):
        reason = _step_reason(catalog, current, step)
        if reason:
            return reason
        current = step
    return ""


def _casts(catalog: Catalog, column: Column, using: str) -> list[Type] | None:
    """The types that USING casts the bare column to in turn; None: it does something else."""
    text = using.strip()
    while text.startswith("(") and text.endswith(")") and _matched(text):
        text = text[1:-1].strip()
    text = re.sub(r'^\(\s*("?[^"()\s]+"?)\s*\)', r"\1", text)
    match = CASTS.match(text)
    if match is None or _folded(match["one"] or match["two"]) != column.name:
        return None
    written = [match["type"]] if match["one"] else re.split(r"\s*::\s*", match["casts"])[1:]
    found = [catalog.type(part) for part in written]
    return None if None in found else [part for part in found if part is not None]


def _matched(text: str) -> bool:
    """The first bracket is closed by the last."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _folded(name: str) -> str:
    return name[1:-1] if name.startswith('"') else name.lower()


def _step_reason(catalog: Catalog, source: Type, target: Type) -> str:
    if target.domain and source.domain == target.domain:
        return ""
    if target.domain and target.constrained:
        return f"values are checked by the domain {target.domain}"
    if source.array or target.array:
        if (source.array, source.name) != (target.array, target.name):
            return "every element is converted"
        same = target.modifiers in {(), source.modifiers}
        return "" if same else "the length of every element is checked"
    if source.name != target.name:
        reason = _conversion_reason(catalog, source, target)
        if reason:
            return reason
        # After a conversion nothing is known of the length, but for strings that keep theirs.
        kept = source.modifiers if _keeps_length(source, target) else ()
        return _length_reason(Type(target.name, kept), target)
    # A domain's column has no length of its own, whatever its base type says.
    return _length_reason(Type(source.name) if source.domain else source, target)


def _keeps_length(source: Type, target: Type) -> bool:
    return not source.domain and {source.name, target.name} == {"timestamp", "timestamptz"}


def _conversion_reason(catalog: Catalog, source: Type, target: Type) -> str:
    if {source.name, target.name} == {"timestamp", "timestamptz"}:
        if catalog.session.is_utc:
            return ""
        return f"the session's time zone {catalog.session.time_zone} is not UTC"
    if catalog.cast(source, target) == "binary":
        return ""
    return f"{source.name} is stored otherwise than {target.name}"


def _length_reason(source: Type, target: Type) -> str:
    """Why a coercion to the target's length, digits or fields is left."""
    old, new = source.modifiers, target.modifiers
    if not new or old == new:
        return ""
    words = f"{target.name}{_bracketed(new)} may not hold every {source.name}{_bracketed(old)}"
    if target.name in LENGTH_WORDS:
        return "" if old and _number(old[0]) <= _number(new[0]) else words
    if target.name == "numeric":
        fits = len(old) == 2 and old[1] == new[1] and _number(old[0]) <= _number(new[0])
        return "" if fits else words
    if target.name in TEMPORAL:
        digits = _number(old[0]) if old else MOST_DIGITS
        return "" if digits <= _number(new[0]) or _number(new[0]) >= MOST_DIGITS else words
    if target.name == "interval":
        return "" if _interval_fits(old, new) else words
    return words


def _interval_fits(old: tuple[int | str, ...], new: tuple[int | str, ...]) -> bool:
    def read(part: tuple[int | str, ...]) -> tuple[int, int]:
        fields = next((word for word in part if isinstance(word, str)), "second")
        digits = next((word for word in part if isinstance(word, int)), MOST_DIGITS)
        return INTERVAL_ORDER.index(fields.split()[-1]), digits

    (old_field, old_digits), (new_field, new_digits) = read(old), read(new)
    return old_field <= new_field and (
        new_field < INTERVAL_ORDER.index("second")
        or old_digits <= new_digits
        or new_digits >= MOST_DIGITS
    )


def _number(part: int | str) -> int:
    return part if isinstance(part, int) else 0


def _bracketed(modifiers: tuple[int | str, ...]) -> str:
    return f"({','.join(map(str, modifiers))})" if modifiers else ""
