"""What a rule leaves of a column's values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modeler.schema.expression import Expression, Literal


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of an interval.

    Attributes:
        value: a constant, or an expression without columns (``now()``).
        inclusive: the value itself is allowed.
    """

    value: Expression
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Restriction:
    """What is left of a column's values; all that is given must hold.

    Attributes:
        null: True for NULL alone, False for no NULL, None for either.
        among: the only values, None for any.
        excluded: values that are refused.
        lows, highs: ends of the interval; the tightest counts.
        shortest, longest: characters of a text, members of an array.
        patterns: regular expressions that a text must match, with whether case is ignored.
        likes: patterns of LIKE that it must match.
        letters: ``lower`` or ``upper`` where the text must not change under it.
        kind: what ``jsonb_typeof`` must return.
        entries: keys that a JSON object must have.
        equals: an expression over other columns that it must equal.
    """

    null: bool | None = None
    among: tuple[Literal, ...] | None = None
    excluded: tuple[Literal, ...] = ()
    lows: tuple[Bound, ...] = ()
    highs: tuple[Bound, ...] = ()
    shortest: int = 0
    longest: int | None = None
    patterns: tuple[tuple[str, bool], ...] = ()
    likes: tuple[str, ...] = ()
    letters: str = ""
    kind: str = ""
    entries: tuple[str, ...] = ()
    equals: Expression | None = None

    def __and__(self, other: Restriction) -> Restriction | None:
        """Return what both leave, None where that is plainly nothing."""
        if self == FREE:
            return other
        if None not in (self.null, other.null) and self.null != other.null:
            return None
        null = other.null if self.null is None else self.null
        among = self.among
        if other.among is not None:
            among = (
                other.among
                if among is None
                else tuple(value for value in among if value in other.among)
            )
        excluded = tuple(dict.fromkeys((*self.excluded, *other.excluded)))
        if among is not None:
            among = tuple(value for value in among if value not in excluded)
            if not among:
                return None
        if self.letters and other.letters and self.letters != other.letters:
            return None
        if self.kind and other.kind and self.kind != other.kind:
            return None
        longest = min((n for n in (self.longest, other.longest) if n is not None), default=None)
        shortest = max(self.shortest, other.shortest)
        if longest is not None and longest < shortest:
            return None
        return replace(
            self,
            null=null,
            among=among,
            excluded=excluded,
            lows=(*self.lows, *other.lows),
            highs=(*self.highs, *other.highs),
            shortest=shortest,
            longest=longest,
            patterns=(*self.patterns, *other.patterns),
            likes=(*self.likes, *other.likes),
            letters=self.letters or other.letters,
            kind=self.kind or other.kind,
            entries=tuple(dict.fromkeys((*self.entries, *other.entries))),
            equals=self.equals or other.equals,
        )


FREE = Restriction()
NULL = Restriction(null=True)
NOT_NULL = Restriction(null=False)
