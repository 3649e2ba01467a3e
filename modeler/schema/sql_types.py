"""Reading a cursor over tokens, and the names of types in it."""

from __future__ import annotations

from modeler.errors import FormatError
from modeler.schema.database_types import server_spelling
from modeler.schema.sql_tokens import Token

# Names of types that are several words (manual, table 8.1).
SECOND_WORDS = {
    "double": ("precision",),
    "character": ("varying",),
    "char": ("varying",),
    "bit": ("varying",),
    "national": ("character", "char"),
}
INTERVAL_FIELDS = ("year", "month", "day", "hour", "minute", "second", "to")


class TokenReader:
    """A cursor over tokens."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.position = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def step(self) -> Token:
        token = self.token
        if token.kind != "end":
            self.position += 1
        return token

    def back(self) -> None:
        self.position -= 1

    def is_name(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.text in words

    def next_is(self, *words: str) -> bool:
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        return after.kind == "name" and after.text in words

    def take_name(self, *words: str) -> bool:
        if self.is_name(*words):
            self.step()
            return True
        return False

    def word_expected(self, word: str) -> None:
        if not self.take_name(word):
            raise FormatError(f"{word.upper()} is expected, not {self.token.text!r}")

    def is_mark(self, mark: str) -> bool:
        return self.token.kind == "mark" and self.token.text == mark

    def take_mark(self, mark: str) -> bool:
        if self.is_mark(mark):
            self.step()
            return True
        return False

    def expect(self, mark: str) -> None:
        if not self.take_mark(mark):
            raise FormatError(f"{mark!r} is expected, not {self.token.text!r}")

    def qualified_name(self) -> str:
        """Read ``name`` or ``schema.name``; PostgreSQL's own schema is left out."""
        parts = [self.step()]
        while self.take_mark("."):
            parts.append(self.step())
        for part in parts:
            if part.kind not in {"name", "quoted"}:
                raise FormatError(f"a name is expected, not {part.text!r}")
        names = [part.text for part in parts]
        if len(names) > 1 and names[0] == "pg_catalog":
            names = names[1:]
        return ".".join(names)


class TypeReader(TokenReader):
    """A cursor that reads the names of types."""

    def type_name(self) -> str:
        """Read a type as ``format_type`` spells it."""
        name = self.qualified_name()
        for word in SECOND_WORDS.get(name, ()):
            if self.take_name(word):
                name += f" {word}"
        if name == "interval":
            while self.is_name(*INTERVAL_FIELDS):
                name += f" {self.step().text}"
        if self.is_mark("("):
            self.step()
            sizes = []
            while not self.take_mark(")"):
                sizes.append("".join(self._size()))
                self.take_mark(",")
            name += f"({','.join(sizes)})"
        if self.is_name("with", "without"):
            word = self.step().text
            self.word_expected("time")
            self.word_expected("zone")
            name += f" {word} time zone"
        dimensions = ""
        while self.is_mark("["):
            self.step()
            if self.token.kind == "number":
                self.step()
            self.expect("]")
            dimensions = "[]"
        if self.take_name("array"):
            dimensions = "[]"
        return server_spelling(name + dimensions)

    def _size(self) -> list[str]:
        found = []
        while self.token.kind in {"number", "name", "operator"}:
            found.append(self.step().text)
        if not found:
            raise FormatError(f"a size is expected, not {self.token.text!r}")
        return found
