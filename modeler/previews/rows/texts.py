"""Texts of all lengths, that match patterns where they must."""

from __future__ import annotations

import math
import re

from modeler.errors import FormatError
from modeler.previews.rows.patterns import Slot, slots
from modeler.previews.rows.restriction import Restriction
from modeler.previews.rows.values import COUNTER, Values
from modeler.schema.sql_text import quoted_text

# Follows the counter in a text; its first letter is no hexadecimal digit, so that the counter
# keeps texts apart. Letters of several scripts, and of one to three bytes.
FILLER = "·größe señal žluť 漢字 данные — "
EVEN = "-value.of.a.row-"
# Longer texts would only fill pages, and be compressed from 2,000 bytes on.
LONG = 1000
SHORT = 24
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# So many times the rows asked for are numbered before all clashes are given up.
SPARE = 256


def texts(
    limit: int | None, restriction: Restriction, *, distinct: int, seed: int, plain: bool = False
) -> Values:
    """Return texts.

    Args:
        limit: characters at most, None for any number.
        distinct: how many must differ, if they can.
        seed: which of the texts that match a pattern are taken.
        plain: short, and of digits alone.

    Raises:
        FormatError: a pattern is not read, or no text fits.
    """
    shortest = restriction.shortest
    usual = max(shortest, SHORT) if plain else LONG
    longest = min(x for x in (limit, restriction.longest, usual) if x is not None)
    if shortest > longest:
        raise FormatError(f"a text of {shortest} characters does not fit into {longest}")
    if restriction.patterns or restriction.likes:
        return _matching(restriction, shortest, longest, distinct, seed)
    if longest == 0:
        return Values("''", 1)
    values = _counted(
        shortest, longest, distinct, plain=plain, even=plain or bool(restriction.letters)
    )
    if restriction.letters == "upper":
        return Values(f"upper({values.sql})", values.count)
    return values


def _counted(shortest: int, longest: int, distinct: int, *, plain: bool, even: bool) -> Values:
    digits = len(f"{distinct * SPARE:x}")
    if plain and longest >= digits:
        # A number is also JSON, a slug, and whatever else the column may be turned into.
        width = min(max(shortest, digits), 18)
        least = 10 ** (width - 1)
        number = f"({least} + ({COUNTER}) % {9 * least})::text"
        text = number if shortest <= width else f"rpad({number}, {shortest}, '0')"
        return Values(text, 9 * least)
    if longest <= digits:
        # Few characters: a number of them, in base 36, is all that fits.
        width = longest
        if distinct <= 36 ** (longest - 1) // 4 and shortest < longest:
            width = longest - 1
        parts = [
            f"substr('{DIGITS}', 1 + ((({COUNTER}) / {36**place}) % 36)::integer, 1)"
            for place in range(width)
        ]
        return Values(" || ".join(parts), 36**width)
    filler = EVEN if even else FILLER
    # Mostly the lengths that people write; one text in ten, or of long ones in five hundred, is
    # as long as may be.
    room = longest - digits
    usual = min(room, 40)
    counter = f"to_hex({COUNTER})"
    long_filler = (filler * (usual // len(filler) + 1))[:usual]
    text = counter
    if usual:
        size = f"((({COUNTER}) * 7) % {usual + 1})::integer"
        text = f"{counter} || left({quoted_text(long_filler)}, {size})"
    least = max(shortest, 1)
    pad = quoted_text(filler)
    if least > 1:
        text = f"rpad({text}, greatest(length({text}), {least}), {pad})"
    if room:
        every = 10 if longest <= 100 else 500
        text = (
            f"CASE WHEN ({COUNTER}) % {every} = 7 THEN rpad({counter}, {longest}, {pad}) "
            f"ELSE {text} END"
        )
    return Values(text)


def _matching(
    restriction: Restriction, shortest: int, longest: int, distinct: int, seed: int
) -> Values:
    """Texts made slot by slot from the first pattern that is read."""
    found: tuple[Slot, ...] | None = None
    reasons = []
    candidates = [(pattern, case) for pattern, case in restriction.patterns]
    candidates += [(_of_like(like), False) for like in restriction.likes]
    # Anchored patterns say more of the text than others.
    candidates.sort(key=lambda pair: -(pair[0].startswith("^") + pair[0].endswith("$")))
    checks = [
        re.compile(pattern, re.IGNORECASE if case else 0)
        for pattern, case in candidates
        if _is_python(pattern)
    ]
    for pattern, _ in candidates:
        best = -1
        for turn in range(24):
            try:
                made = slots(pattern, shortest=shortest, longest=longest, seed=seed + turn)
            except FormatError as error:
                reasons.append(str(error))
                break
            sample = "".join(slot.characters[0] for slot in made)
            if not all(check.search(sample) for check in checks):
                continue
            count = math.prod(len(set(slot.characters)) for slot in made)
            if count > best:
                best, found = count, made
            if count >= distinct:
                break
        if found is not None:
            break
    if found is None:
        raise FormatError(reasons[0] if reasons else "no text matches all patterns")
    return of_slots(found)


def of_slots(found: tuple[Slot, ...]) -> Values:
    """Return the texts of slots, the last slots changing fastest."""
    parts: list[str] = []
    place = 1
    for slot in reversed(found):
        size = len(slot.characters)
        if size == 1 or place > 2**40:
            parts.append(quoted_text(slot.characters[0]))
            continue
        chosen = f"1 + ((({COUNTER}) / {place}) % {size})::integer"
        parts.append(f"substr({quoted_text(slot.characters)}, {chosen}, 1)")
        place *= size
    return Values(" || ".join(reversed(parts)) or "''", place)


def _of_like(pattern: str) -> str:
    """Return LIKE's pattern as a regular expression."""
    text, escaped = "", False
    for character in pattern:
        if escaped or character not in "%_\\":
            text += re.escape(character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            text += ".*" if character == "%" else "."
    return f"^{text}$"


def _is_python(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return "[:" not in pattern and "\\m" not in pattern
