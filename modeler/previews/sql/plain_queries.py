"""Plain data statements, as Django's ORM writes them, read by tokens alone.

It is a fast path: what it reads equals what the parser of ``parsed_queries`` says, many times
faster. What is not surely plain (WITH, joins in brackets, VALUES as a query, …) it leaves
alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from modeler.errors import FormatError
from modeler.previews.sql.calls import called_functions
from modeler.previews.sql.commands import Query
from modeler.previews.sql.cursor import RESERVED, Cursor, shortened
from modeler.previews.sql.definitions import Name
from modeler.schema.sql_tokens import Token

# Words behind a table that are no alias of it.
AFTER_TABLE = RESERVED | frozenset(
    "cross full inner join left natural right tablesample set overriding values".split()
)
# With these the list of tables of a FROM ends.
AFTER_FROM = frozenset(
    "where group order having limit offset fetch for union intersect except window select "
    "returning set".split()
)
NOT_PLAIN = frozenset(
    "with values table insert update delete merge lateral tablesample into rows".split()
)
# These change nothing of a condition that is always true.
AFTER_CONDITION = AFTER_FROM | {"on"}


class NotPlain(Exception):
    """The statement is left to the parser."""


def plain_query(source: str, found: Sequence[Token]) -> Query | None:
    """Read a statement; None where it is not surely a plain one.

    Args:
        source: the text that the tokens point into.
        found: the tokens of the statement, an ``end`` token last.
    """
    walk = _Walk(source, list(found))
    try:
        return walk.statement()
    except (NotPlain, FormatError, RecursionError):
        return None


class _Walk(Cursor):
    """A cursor that notes the tables of a statement."""

    def __init__(self, source: str, found: list[Token]) -> None:
        super().__init__(source, found)
        self.reads: set[Name] = set()
        self.locked: set[Name] = set()
        self.filtered = False

    def statement(self) -> Query:
        verb = self.token.text if self.token.kind == "name" else ""
        writes: tuple[Name, ...] = ()
        from_rows = False
        match verb:
            case "select":
                self.block(top=True)
            case "insert":
                self.step()
                self.need("into")
                writes = (self.target(),)
                from_rows = self._inserted()
            case "update":
                self.step()
                self.take("only")
                writes = (self.target(),)
                self.need("set")
                self.block(top=True, selects=True)
            case "delete":
                self.step()
                self.need("from")
                self.take("only")
                writes = (self.target(),)
                if self.take("using"):
                    self.filtered = True
                    self.block(top=True, selects=True, in_from=True)
                else:
                    self.block(top=True, selects=True)
            case _:
                raise NotPlain
        self.finish()
        # An INSERT may read its own target; of the others the target is read anyway.
        others = self.reads if verb == "insert" else self.reads - set(writes)
        return Query(
            verb, writes, tuple(sorted(others)), tuple(sorted(self.locked)),
            self.filtered, from_rows, called_functions(self.tokens),
        )  # fmt: skip

    def target(self) -> Name:
        name = self.relation()
        self.alias()
        return name

    def alias(self) -> str:
        if self.take("as"):
            return self.identifier()
        token = self.token
        if token.kind == "quoted" or (token.kind == "name" and token.text not in AFTER_TABLE):
            return shortened(self.step().text)
        return ""

    def _inserted(self) -> bool:
        """Read behind the target of INSERT; tell whether its rows are written out."""
        if self.is_mark("("):
            self.columns_of_insert()
        if self.take("overriding"):
            self.step()
            self.word_expected("value")
        if self.take("default", "values") or self.take("values"):
            self.block(top=True)
            self.filtered = False
            return True
        if not self.at("select"):
            raise NotPlain
        self.block(top=True)
        return False

    def columns_of_insert(self) -> None:
        following = self.tokens[self.position + 1]
        if following.kind == "name" and following.text in {"select", "with", "values", "table"}:
            raise NotPlain
        self.skip_group()

    def block(self, *, top: bool = False, selects: bool = False, in_from: bool = False) -> None:
        """Read up to the bracket that closes, or to the end.

        Args:
            top: the statement's own level, whose WHERE limits its rows.
            selects: a FROM here begins a list of tables.
            in_from: the cursor is behind that FROM already.
        """
        named: dict[str, Name | None] = {}
        changes = selects
        if in_from:
            self.table(named)
        while not self.ended:
            token = self.token
            if token.kind == "mark":
                if token.text in {")", "]"}:
                    return
                self._mark(token, named, in_from)
                continue
            if token.kind != "name" or self._is_label():
                self.step()
                continue
            word = token.text
            if word in AFTER_FROM:
                in_from = False
            match word:
                case "select":
                    selects, named = True, {}
                    self.step()
                case "from" if selects and not self._of_comparison():
                    self.step()
                    in_from = True
                    self.filtered |= top and changes
                    self.table(named)
                case "join" if in_from:
                    self.step()
                    self.table(named)
                case "where":
                    self.step()
                    self.filtered |= top and selects and not self._always_true()
                case "limit" if top and not changes and selects:
                    self.step()
                    self.filtered = True
                case "for" if selects:
                    self.step()
                    self._row_lock(named)
                case "do" if self.next_is("update"):
                    self.position += 2
                case "on" if self.next_is("conflict"):
                    # Its own WHERE limits no rows of the statement.
                    self.position += 2
                    top = selects = False
                case "with" if self.next_is("time"):
                    self.step()
                case _ if word in NOT_PLAIN:
                    raise NotPlain
                case _:
                    self.step()

    def table(self, named: dict[str, Name | None]) -> None:
        """Read one table of FROM, or a query in brackets, with its alias."""
        self.take("only")
        if self.is_mark("("):
            if not self.next_is("select"):
                raise NotPlain
            self._nested()
            named[self.alias()] = None
            return
        name = self.relation()
        own: Name | None = name
        if self.is_mark("("):
            self._nested()  # a function
            own = None
        else:
            self.reads.add(name)
        alias = self.alias()
        named[alias or name.name] = own
        if alias and self.is_mark("("):
            self.skip_group()  # names of columns

    def _mark(self, token: Token, named: dict[str, Name | None], in_from: bool) -> None:
        if token.text in {"(", "["}:
            self._nested()
            return
        self.step()
        if token.text == "," and in_from:
            self.table(named)

    def _nested(self) -> None:
        opening = self.step()
        self.block()
        self.expect(")" if opening.text == "(" else "]")

    def _is_label(self) -> bool:
        """Tell whether the word at the cursor is a name that stands behind a dot or AS."""
        before = [("", ""), ("", ""), *((token.kind, token.text) for token in self._last_two())]
        return before[-1] == ("mark", ".") or (
            before[-1] == ("name", "as") and before[-2] != ("mark", ".")
        )

    def _last_two(self) -> list[Token]:
        return self.tokens[max(self.position - 2, 0) : self.position]

    def _of_comparison(self) -> bool:
        """Tell whether FROM belongs to IS [NOT] DISTINCT FROM."""
        words = [token.text for token in self._last_two()]
        return words[-1:] == ["distinct"] and words[0] in {"is", "not"}

    def _always_true(self) -> bool:
        if not self.at("true"):
            return False
        following = self.tokens[self.position + 1]
        return following.kind == "end" or (
            following.kind == "name" and following.text in AFTER_CONDITION
        )

    def _row_lock(self, named: dict[str, Name | None]) -> None:
        self.take("no")
        self.take("key")
        if not self.take_one_of("update", "share"):
            raise NotPlain
        chosen = list(named)
        if self.take("of"):
            chosen = list(self.several(self.identifier))
            if self.is_mark("."):
                raise NotPlain
        for alias in chosen:
            name = named.get(alias)
            if name is None:
                raise NotPlain
            self.locked.add(name)
        self.take("nowait")
        self.take("skip", "locked")
