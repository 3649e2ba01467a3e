"""A cursor over the tokens of one statement, and its names.

Source: PostgreSQL manual, section 4.1.1 (identifiers and key words), appendix C.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from modeler.errors import FormatError
from modeler.previews.sql.definitions import Name
from modeler.schema.sql_tokens import Token
from modeler.schema.sql_types import TokenReader

# Words that are no name of a column or table without quotes (appendix C, "reserved").
RESERVED = frozenset(
    "all analyse analyze and any array as asc asymmetric both case cast check collate column "
    "constraint create current_catalog current_date current_role current_time current_timestamp "
    "current_user default deferrable desc distinct do else end except false fetch for foreign "
    "from grant group having in initially intersect into lateral leading limit localtime "
    "localtimestamp not null offset on only or order placing primary references returning select "
    "session_user some symmetric system_user table then to trailing true union unique user using "
    "variadic when where window with".split()
)
LONGEST_NAME = 63  # bytes; the server cuts off the rest

Item = TypeVar("Item")


class Cursor(TokenReader):
    """A cursor over the tokens of one statement.

    Args:
        source: the whole text that the tokens point into.
        found: the statement's tokens, an ``end`` token last.
    """

    def __init__(self, source: str, found: list[Token]) -> None:
        super().__init__(found)
        self.source = source

    # Words

    def at(self, *words: str) -> bool:
        """Tell whether these words come next."""
        for place, word in enumerate(words, start=self.position):
            # The last token is ``end``, which equals no word.
            token = self.tokens[min(place, len(self.tokens) - 1)]
            if token.text != word or token.kind != "name":
                return False
        return True

    def take(self, *words: str) -> bool:
        """Step over these words, if all of them come next."""
        if self.at(*words):
            self.position += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        for word in words:
            self.word_expected(word)

    def take_one_of(self, *words: str) -> str:
        """Step over one of these words and return it; ``""`` where none comes next."""
        return self.step().text if self.is_name(*words) else ""

    @property
    def ended(self) -> bool:
        return self.token.kind == "end"

    def finish(self) -> None:
        """Make sure that nothing is left.

        Raises:
            FormatError: something is.
        """
        if not self.ended:
            raise self.unexpected()

    def unexpected(self, expected: str = "") -> FormatError:
        """Return an error that shows what stands at the cursor."""
        token = self.token
        here = (
            "the end"
            if token.kind == "end"
            else self.source[token.start : min(token.end, token.start + 40)]
        )
        before = self.tokens[self.position - 1] if self.position else None
        after = f" after {self.source[before.start : before.end][:40]!r}" if before else ""
        if expected:
            return FormatError(f"{expected} is expected{after}, not {here!r}")
        return FormatError(f"{here!r} is not expected{after}")

    def word_expected(self, word: str) -> None:
        if not self.take_name(word):
            raise self.unexpected(word.upper())

    def expect(self, mark: str) -> None:
        if not self.take_mark(mark):
            raise self.unexpected(repr(mark))

    # Names

    def at_identifier(self) -> bool:
        token = self.token
        return token.kind == "quoted" or (token.kind == "name" and token.text not in RESERVED)

    def identifier(self) -> str:
        """Read a name of one part, folded and cut as the server does."""
        if not self.at_identifier():
            raise self.unexpected("a name")
        return shortened(self.step().text)

    def label(self) -> str:
        """Read a name where reserved words are names too: after a dot, or a role."""
        if self.token.kind not in {"name", "quoted"}:
            raise self.unexpected("a name")
        return shortened(self.step().text)

    def name(self) -> Name:
        """Read ``name``, ``schema.name`` or ``database.schema.name``."""
        parts = [self.identifier()]
        while self.take_mark("."):
            parts.append(self.label())
        return Name(parts[-1], parts[-2] if len(parts) > 1 else "")

    def relation(self) -> Name:
        """Read a relation's name; its descendants' star is stepped over."""
        name = self.name()
        self.take_operator("*")
        return name

    def take_operator(self, text: str) -> bool:
        if self.token.kind == "operator" and self.token.text == text:
            self.step()
            return True
        return False

    def several(self, read: Callable[[], Item]) -> tuple[Item, ...]:
        """Read one or more of something, with commas between."""
        found = [read()]
        while self.take_mark(","):
            found.append(read())
        return tuple(found)

    def listed(self, read: Callable[[], Item]) -> tuple[Item, ...]:
        """Read one or more of something in brackets, with commas between."""
        self.expect("(")
        found = self.several(read)
        self.expect(")")
        return found

    def columns(self) -> tuple[str, ...]:
        """Read names of columns in brackets."""
        return self.listed(self.identifier)

    # Texts

    def text(self, start: int, end: int | None = None) -> str:
        """Return the source from the token numbered ``start`` up to that before ``end``.

        ``end`` is the cursor's own place where it is not given.
        """
        end = self.position if end is None else end
        if end <= start:
            return ""
        return self.source[self.tokens[start].start : self.tokens[end - 1].end]

    def rest(self) -> str:
        """Step to the end and return what stands there."""
        start, self.position = self.position, len(self.tokens) - 1
        return self.text(start)

    def skip_group(self) -> None:
        """Step over one token, or over everything from a bracket to its partner."""
        depth = 0
        while not self.ended:
            token = self.step()
            if token.kind == "mark":
                depth += (token.text in "([") - (token.text in ")]")
            if depth <= 0:
                return
        if depth:
            raise FormatError("a bracket is not closed")

    def bracketed(self) -> str:
        """Step over brackets and return the text within, without further outer ones."""
        start = self.position
        if not self.is_mark("("):
            raise self.unexpected("'('")
        self.skip_group()
        return self._unwrapped(start, self.position)

    def expression(self, *stops: str) -> str:
        """Step over an expression and return its text, without outer brackets.

        It ends at a comma or a closing bracket of its own level, at the end, or where one of the
        words ``stops`` stands after an operand, outside of CASE … END.
        """
        start, cases, operand = self.position, 0, False
        while not self.ended:
            token = self.token
            if token.kind == "mark" and token.text in {",", ")", "]", ";"}:
                break
            word = token.text if token.kind == "name" else ""
            if word and not cases and operand and word in stops:
                break
            cases += (word == "case") - (word == "end" and cases > 0)
            # After an operator, a cast or IS [NOT] DISTINCT FROM an operand must follow.
            operand = token.kind != "operator" and word != "from" and token.text not in {"::", "."}
            self.skip_group()
        if start == self.position:
            raise self.unexpected("an expression")
        return self._unwrapped(start, self.position)

    def _unwrapped(self, start: int, end: int) -> str:
        while end - start > 2 and self.tokens[start].text == "(" and self._partner(start) == end:
            start, end = start + 1, end - 1
        return self.text(start, end)

    def _partner(self, start: int) -> int:
        """Return the number of the token behind the partner of the bracket at ``start``."""
        depth = 0
        for place in range(start, len(self.tokens)):
            token = self.tokens[place]
            if token.kind == "mark":
                depth += (token.text in "([") - (token.text in ")]")
            if depth == 0:
                return place + 1
        return -1


def shortened(name: str) -> str:
    """Return a name as the server keeps it: its first 63 bytes."""
    if len(name) * 4 <= LONGEST_NAME:
        return name
    encoded = name.encode(errors="surrogatepass")
    if len(encoded) <= LONGEST_NAME:
        return name
    return encoded[:LONGEST_NAME].decode(errors="ignore")
